#include "expose/tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

namespace hostmeter::expose {
namespace {

// What OpenSSL says of what failed first, and forgets what it has said so far.
std::string first_reason() {
  const unsigned long failure = ::ERR_peek_error();
  ::ERR_clear_error();
  if (ERR_SYSTEM_ERROR(failure)) return std::string("it cannot be read");
  const char* reason = ::ERR_reason_error_string(failure);
  return reason ? reason : "unknown reason";
}

int no_passphrase(char*, int, int, void*) {
  return 0;
}

}  // namespace

Tls::Tls(Files files, Complain complain)
    : files_(std::move(files)), complain_(std::move(complain)) {}

std::optional<std::string> Tls::load() {
  const std::scoped_lock lock(mutex_);
  return load_locked();
}

SslSession Tls::session() {
  const std::scoped_lock lock(mutex_);
  if (stamps() != seen_)
    if (const auto wrong = load_locked())
      complain_(*wrong + (context_ ? "; the one from before stays in force" : ""));
  return SslSession(context_ ? ::SSL_new(context_.get()) : nullptr);
}

Tls::Stamps Tls::stamps() const {
  Stamps stamps{base::stamp_of(files_.certificate), base::stamp_of(files_.key)};
  for (const std::string& file : files_.client_cas) stamps.push_back(base::stamp_of(file));
  return stamps;
}

// The stamps are taken first: what is written meanwhile is read at the next connection.
std::optional<std::string> Tls::load_locked() {
  seen_ = stamps();
  Context fresh(::SSL_CTX_new(::TLS_server_method()));
  if (!fresh) return "TLS cannot be had: " + first_reason();
  if (auto wrong = read_into(fresh.get())) return wrong;
  context_ = std::move(fresh);
  return {};
}

std::optional<std::string> Tls::read_into(SSL_CTX* context) const {
  ::ERR_clear_error();
  ::SSL_CTX_set_min_proto_version(context, files_.only_13 ? TLS1_3_VERSION : TLS1_2_VERSION);
  ::SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  ::SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  // A scrape is a connection of its own: nothing is gained by remembering it.
  ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_num_tickets(context, 0);
  if (::SSL_CTX_use_certificate_chain_file(context, files_.certificate.c_str()) != 1)
    return files_.certificate + ": no certificate (" + first_reason() +
           "); give a readable file of certificates in PEM, the listener's own first";
  if (::SSL_CTX_use_PrivateKey_file(context, files_.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return files_.key + ": no key to the certificate (" + first_reason() +
           "); give a readable file with its private key in PEM, without a passphrase";
  return files_.client_cas.empty() ? std::nullopt : read_client_cas(context);
}

std::optional<std::string> Tls::read_client_cas(SSL_CTX* context) const {
  // What clients are told of whose certificates are taken; it may be empty.
  STACK_OF(X509_NAME)* const names = sk_X509_NAME_new_null();
  ::SSL_CTX_set_client_CA_list(context, names);
  for (const std::string& file : files_.client_cas) {
    if (::SSL_CTX_load_verify_locations(context, file.c_str(), nullptr) != 1)
      return file + ": no certificates (" + first_reason() +
             "); give a readable file in PEM with those that sign the scrapers' certificates";
    if (names) ::SSL_add_file_cert_subjects_to_stack(names, file.c_str());
  }
  ::SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

}  // namespace hostmeter::expose
