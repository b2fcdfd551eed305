#include "expose/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <vector>

#include "expose/scrape_server.hpp"
#include "expose/text_stream.hpp"

namespace hostmeter::expose {
namespace {

constexpr std::size_t kPiece = 64U << 10;
constexpr std::size_t kLongestRequest = 16U << 10;
constexpr int kBacklog =
    128;  // httplib's own is 5: a burst of scrapers would wait for a second SYN
constexpr const char* kPlain = "text/plain; charset=utf-8";

contract::Selection selection_of(const httplib::Request& request) {
  contract::Selection selection;
  for (const auto& [key, value] : request.params) {
    if (key == "collect[]") selection.collect.push_back(value);
    if (key == "exclude[]") selection.exclude.push_back(value);
  }
  return selection;
}

// httplib takes a path for a regular expression.
std::string as_pattern(std::string_view path) {
  std::string pattern;
  for (const char c : path) {
    if (std::string_view("^$\\.*+?()[]{}|").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

// What lives from the first piece of a response to its last.
struct Scrape {
  Scrape(store::SnapshotPool::Lease from, contract::Shown shown, std::uint64_t now_ns)
      : lease(std::move(from)), stream(*lease, std::move(shown), now_ns), piece(kPiece) {}
  store::SnapshotPool::Lease lease;
  TextStream stream;
  std::vector<char> piece;
};

}  // namespace

class Server::Routes {
 public:
  Routes(Options options, const Served& served, const Clock& clock)
      : options_(std::move(options)),
        served_(served),
        clock_(clock),
        started_ns_(clock.monotonic_ns()),
        stale_after_ns_(options_.stale_after_ns),
        http_({.threads = options_.threads,
               .request_ns = options_.request_ns,
               .response_ns = options_.response_ns,
               .on_refused = [&served] { served.count_refused(); },
               .allow = options_.allow,
               .tls = options_.tls},
              clock) {
    // httplib's own choice is SO_REUSEPORT, which would let two agents share a port in silence.
    http_.set_socket_options([this](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
      socket_ = socket;
    });
    http_.set_payload_max_length(kLongestRequest);
    http_.set_tcp_nodelay(true);
    if (options_.users)
      http_.set_pre_routing_handler([this](const auto& request, auto& response) {
        return may_ask(request, response) ? httplib::Server::HandlerResponse::Unhandled
                                          : httplib::Server::HandlerResponse::Handled;
      });
    http_.Get(as_pattern(options_.path),
              [this](const auto& request, auto& response) { metrics(request, response); });
    http_.Get("/-/healthy", [this](const auto&, auto& response) { healthy(response); });
    http_.Get("/-/ready", [this](const auto&, auto& response) { ready(response); });
    if (options_.path != "/")
      http_.Get("/", [this](const auto&, auto& response) {
        response.set_content(options_.landing_page, "text/html; charset=utf-8");
      });
  }

  // httplib closes the socket it bound only when it has listened.
  ~Routes() {
    if (bound_ && !http_.has_listened()) ::close(socket_);
  }

  int bind() {
    errno = 0;
    if (try_bind(options_.host.empty() ? "::" : options_.host)) return 0;
    const int failure = errno;
    // "" means all addresses: a kernel without IPv6 has only 0.0.0.0.
    if (options_.host.empty() &&
        (failure == EAFNOSUPPORT || failure == EADDRNOTAVAIL || failure == 0) &&
        try_bind("0.0.0.0"))
      return 0;
    return failure != 0 ? failure : EADDRNOTAVAIL;
  }

  int port() const { return port_; }
  void set_stale_after(std::uint64_t ns) { stale_after_ns_ = ns; }
  void serve() { http_.serve(); }
  void stop() { http_.end(); }

 private:
  bool try_bind(const std::string& host) {
    port_ = options_.port == 0                        ? http_.bind_to_any_port(host)
            : http_.bind_to_port(host, options_.port) ? options_.port
                                                      : 0;
    bound_ = port_ > 0;
    if (bound_) ::listen(socket_, kBacklog);
    return bound_;
  }

  bool may_ask(const httplib::Request& request, httplib::Response& response) {
    const auto verdict = options_.users->check(request.get_header_value("Authorization"));
    if (verdict == Users::Verdict::welcome) return true;
    if (verdict == Users::Verdict::too_many_guesses) {
      response.status = 429;
      response.set_content("too many wrong passwords; wait a moment\n", kPlain);
      return false;
    }
    response.status = 401;
    response.set_header("WWW-Authenticate", "Basic realm=\"hostmeter\", charset=\"UTF-8\"");
    response.set_content("a user and a password are wanted here\n", kPlain);
    return false;
  }

  void metrics(const httplib::Request& request, httplib::Response& response) {
    Served::Newest newest = served_.newest();
    if (!newest.snapshot)
      return unavailable(response,
                         "the first tick is not complete, or too many scrapes are under way\n");
    const contract::Selection selection = selection_of(request);
    const auto unknown = newest.contract->selects() ? contract::Contract::unknown_name(
                                                          *newest.snapshot->families, selection)
                                                    : std::string_view();
    if (!unknown.empty()) {
      response.status = 400;
      response.set_content("no collector is called \"" + std::string(unknown) +
                               "\": `hostmeter catalog` lists them\n",
                           kPlain);
      return;
    }
    auto shown = newest.contract->shown(*newest.snapshot, selection);
    auto scrape = std::make_shared<Scrape>(std::move(newest.snapshot), std::move(shown),
                                           clock_.monotonic_ns());
    // Pieces of unknown total length: httplib sends them chunked, and compressed when asked to.
    response.set_chunked_content_provider(
        TextStream::kContentType, [scrape](std::size_t, httplib::DataSink& sink) {
          const std::size_t length = scrape->stream.fill(scrape->piece);
          if (length == 0) {
            sink.done();
            return true;
          }
          return sink.write(scrape->piece.data(), length);
        });
  }

  // Without any snapshot the time counts from our start.
  void healthy(httplib::Response& response) {
    const Served::Newest newest = served_.newest();
    const std::uint64_t last_ns = newest.snapshot ? newest.snapshot->monotonic_ns : started_ns_;
    if (stale_after_ns_ != 0 && clock_.monotonic_ns() > last_ns + stale_after_ns_)
      return unavailable(response, "no tick was published for too long\n");
    response.set_content("Hostmeter is healthy.\n", kPlain);
  }

  void ready(httplib::Response& response) {
    if (!served_.newest().snapshot)
      return unavailable(response, "the first tick is not complete\n");
    response.set_content("Hostmeter is ready.\n", kPlain);
  }

  static void unavailable(httplib::Response& response, const char* why) {
    response.status = 503;
    response.set_content(why, kPlain);
  }

  const Options options_;
  const Served& served_;
  const Clock& clock_;
  const std::uint64_t started_ns_;
  std::atomic<std::uint64_t> stale_after_ns_;
  ScrapeServer http_;
  int port_ = 0;
  socket_t socket_ = INVALID_SOCKET;
  bool bound_ = false;
};

Server::Server(Options options, const Served& served, const Clock& clock)
    : routes_(std::make_unique<Routes>(std::move(options), served, clock)) {}
Server::~Server() = default;

int Server::bind() {
  return routes_->bind();
}
int Server::port() const {
  return routes_->port();
}
void Server::set_stale_after(std::uint64_t ns) {
  routes_->set_stale_after(ns);
}
void Server::serve() {
  routes_->serve();
}
void Server::stop() {
  routes_->stop();
}

}  // namespace hostmeter::expose
