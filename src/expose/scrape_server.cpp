#include "expose/scrape_server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

#include "expose/accept_encoding.hpp"
#include "expose/tls_connection.hpp"

namespace hostmeter::expose {
namespace {

constexpr std::chrono::milliseconds kNap{1};

constexpr const char* kAcceptEncoding = "Accept-Encoding";

constexpr std::string_view kForbidden =
    "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
    "this address may not ask here: see allow of [[listener]], or ip_range of "
    "outputs.prometheus_client\n";
constexpr std::string_view kNotTls =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: "
    "close\r\n\r\n"
    "this port speaks https, not http\n";
// Of a TLS record that begins a handshake.
constexpr char kHandshake = 0x16;

// httplib looks for the names of encodings in it and for nothing else. A list may be spread over
// several headers.
void settle_encoding(httplib::Request& request) {
  std::string asked;
  const auto [first, last] = request.headers.equal_range(kAcceptEncoding);
  for (auto header = first; header != last; ++header) asked += header->second + ',';
  request.headers.erase(kAcceptEncoding);
  if (asks_for_gzip(asked)) request.set_header(kAcceptEncoding, "gzip");
}

}  // namespace

// What does not fit is handled by the accepting thread itself, which only closes it.
class ScrapeServer::Queue final : public httplib::TaskQueue {
 public:
  Queue(unsigned threads, std::size_t most_waiting) : pool_(threads), most_waiting_(most_waiting) {}

  void enqueue(std::function<void()> handle) override {
    if (waiting_.load() >= most_waiting_) return handle();
    ++waiting_;
    pool_.enqueue([this, handle = std::move(handle)] {
      --waiting_;
      handle();
    });
  }
  void shutdown() override { pool_.shutdown(); }

 private:
  httplib::ThreadPool pool_;
  const std::size_t most_waiting_;
  std::atomic<std::size_t> waiting_{0};
};

ScrapeServer::ScrapeServer(Options options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {
  new_task_queue = [this] { return new Queue(options_.threads, options_.most_waiting); };
}

void ScrapeServer::serve() {
  acceptor_ = ::pthread_self();
  serving_ = true;
  if (!ending_) {
    listened_ = true;
    listen_after_bind();
  }
  ended_ = true;
}

// httplib forgets a stop that comes before it listens.
void ScrapeServer::end() {
  ending_ = true;
  while (serving_ && !ended_) {
    stop();
    std::this_thread::sleep_for(kNap);
  }
}

bool ScrapeServer::process_and_close_socket(socket_t socket) {
  if (::pthread_equal(::pthread_self(), acceptor_) != 0) {
    options_.on_refused();
  } else if (!ending_) {
    Connection connection(socket, clock_, options_.request_ns, options_.response_ns, ending_);
    answer(connection);
  }
  ::shutdown(socket, SHUT_RDWR);
  ::close(socket);
  return true;
}

bool ScrapeServer::is_allowed(socket_t socket) const {
  if (options_.allow.empty()) return true;
  const auto peer = base::peer_address(socket);
  return peer && std::ranges::any_of(options_.allow, [&](const base::Network& network) {
           return network.has(*peer);
         });
}

// A handshake costs more than the answer: nobody who is not to be answered gets one.
void ScrapeServer::answer(Connection& connection) {
  const bool is_plain = !options_.tls;
  if (!is_allowed(connection.socket())) {
    if (is_plain && connection.peek() != '\0')
      connection.write(kForbidden.data(), kForbidden.size());
    return;
  }
  if (is_plain) return process(connection);
  const char first = connection.peek();
  if (first == '\0') return;
  if (first != kHandshake) {
    connection.write(kNotTls.data(), kNotTls.size());
    return;
  }
  TlsConnection encrypted(connection, options_.tls->session());
  if (encrypted.shake_hands()) process(encrypted);
}

// One request each: a connection kept open would hold a thread between scrapes.
void ScrapeServer::process(httplib::Stream& stream) {
  bool closed = false;
  process_request(stream, true, closed, settle_encoding);
}

}  // namespace hostmeter::expose
