#include "expose/tls_connection.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <limits>

namespace hostmeter::expose {
namespace {

Connection& connection_of(BIO* bio) {
  return *static_cast<Connection*>(::BIO_get_data(bio));
}

// The connection waits until there is something, or for good: OpenSSL is never to try again.
int read_below(BIO* bio, char* data, int size) {
  ::BIO_clear_retry_flags(bio);
  return int(connection_of(bio).read(data, std::size_t(size)));
}
int write_below(BIO* bio, const char* data, int size) {
  ::BIO_clear_retry_flags(bio);
  return int(connection_of(bio).send(data, std::size_t(size)));
}
long control_below(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// Of a type of its own, made once for the process.
BIO_METHOD* method() {
  static BIO_METHOD* const made = [] {
    BIO_METHOD* all =
        ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "scrape connection");
    if (!all) return all;
    ::BIO_meth_set_read(all, read_below);
    ::BIO_meth_set_write(all, write_below);
    ::BIO_meth_set_ctrl(all, control_below);
    return all;
  }();
  return made;
}

int clamped(std::size_t size) {
  return int(std::min(size, std::size_t(std::numeric_limits<int>::max())));
}

}  // namespace

TlsConnection::TlsConnection(Connection& below, SslSession session)
    : below_(below), session_(std::move(session)) {
  BIO* const bio = session_ && method() ? ::BIO_new(method()) : nullptr;
  if (!bio) {
    session_.reset();
    return;
  }
  ::BIO_set_data(bio, &below_);
  ::BIO_set_init(bio, 1);
  ::SSL_set_bio(session_.get(), bio, bio);
}

// Without a farewell the other end cannot tell a whole answer from one that was cut.
TlsConnection::~TlsConnection() {
  if (shaken_) ::SSL_shutdown(session_.get());
  ::ERR_clear_error();
}

bool TlsConnection::shake_hands() {
  ::ERR_clear_error();
  shaken_ = session_ && ::SSL_accept(session_.get()) == 1;
  return shaken_;
}

bool TlsConnection::is_readable() const {
  return ::SSL_pending(session_.get()) > 0 || below_.is_readable();
}
bool TlsConnection::is_writable() const {
  return below_.is_writable();
}

ssize_t TlsConnection::read(char* data, std::size_t size) {
  ::ERR_clear_error();
  const int got = ::SSL_read(session_.get(), data, clamped(size));
  if (got > 0) return got;
  const int why = ::SSL_get_error(session_.get(), got);
  if (why == SSL_ERROR_ZERO_RETURN) return 0;
  shaken_ = false;  // no farewell after a failure
  return -1;
}

ssize_t TlsConnection::write(const char* data, std::size_t size) {
  below_.begin_response();
  ::ERR_clear_error();
  const int sent = ::SSL_write(session_.get(), data, clamped(size));
  if (sent > 0) return sent;
  shaken_ = false;
  return -1;
}

void TlsConnection::get_remote_ip_and_port(std::string& ip, int& port) const {
  below_.get_remote_ip_and_port(ip, port);
}
void TlsConnection::get_local_ip_and_port(std::string& ip, int& port) const {
  below_.get_local_ip_and_port(ip, port);
}

}  // namespace hostmeter::expose
