#include "expose/server.hpp"

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "expose/text_stream.hpp"

namespace hostmeter::expose {
namespace {

constexpr std::size_t kPiece = 64U << 10;
constexpr std::size_t kLongestRequest = 16U << 10;
constexpr std::chrono::milliseconds kNap{1};
constexpr const char* kPlain = "text/plain; charset=utf-8";

contract::Selection selection_of(const httplib::Request& request) {
  contract::Selection selection;
  for (const auto& [key, value] : request.params) {
    if (key == "collect[]") selection.collect.push_back(value);
    if (key == "exclude[]") selection.exclude.push_back(value);
  }
  return selection;
}

// What lives from the first piece of a response to its last.
struct Scrape {
  Scrape(store::SnapshotPool::Lease from, std::vector<std::size_t> families, std::uint64_t now_ns)
      : lease(std::move(from)), stream(*lease, std::move(families), now_ns), piece(kPiece) {}
  store::SnapshotPool::Lease lease;
  TextStream stream;
  std::vector<char> piece;
};

}  // namespace

class Server::Routes {
 public:
  Routes(Options options, const store::Served& served, const contract::Contract& contract,
         const Clock& clock)
      : options_(std::move(options)), served_(served), contract_(contract), clock_(clock) {
    http_.new_task_queue = [threads = options_.threads] {
      return new httplib::ThreadPool(threads);
    };
    // httplib's own choice is SO_REUSEPORT, which would let two agents share a port in silence.
    http_.set_socket_options([this](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
      socket_ = socket;
    });
    // A kept connection would hold a thread between scrapes: with few threads a few idle
    // scrapers could shut all others out.
    http_.set_keep_alive_max_count(1);
    http_.set_read_timeout(options_.timeout_s);
    http_.set_write_timeout(options_.timeout_s);
    http_.set_payload_max_length(kLongestRequest);
    http_.set_tcp_nodelay(true);
    http_.Get(options_.path,
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
    if (bound_ && !listened_) ::close(socket_);
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
  void serve() {
    serving_ = true;
    if (!stopping_) {
      listened_ = true;
      http_.listen_after_bind();
    }
    ended_ = true;
  }
  // httplib forgets a stop that comes before it listens.
  void stop() {
    stopping_ = true;
    while (serving_ && !ended_) {
      http_.stop();
      std::this_thread::sleep_for(kNap);
    }
  }

 private:
  bool try_bind(const std::string& host) {
    port_ = options_.port == 0                        ? http_.bind_to_any_port(host)
            : http_.bind_to_port(host, options_.port) ? options_.port
                                                      : 0;
    return bound_ = port_ > 0;
  }

  void metrics(const httplib::Request& request, httplib::Response& response) {
    store::SnapshotPool::Lease lease = served_.newest();
    if (!lease)
      return unavailable(response,
                         "the first tick is not complete, or too many scrapes are under way\n");
    const contract::Selection selection = selection_of(request);
    if (const auto name = contract::Contract::unknown_name(*lease->families, selection);
        !name.empty()) {
      response.status = 400;
      response.set_content(
          "no collector is called \"" + std::string(name) + "\": `hostmeter catalog` lists them\n",
          kPlain);
      return;
    }
    auto families = contract_.families(*lease, selection);
    auto scrape =
        std::make_shared<Scrape>(std::move(lease), std::move(families), clock_.monotonic_ns());
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

  void healthy(httplib::Response& response) {
    const auto lease = served_.newest();
    if (lease && options_.stale_after_ns != 0 &&
        clock_.monotonic_ns() > lease->monotonic_ns + options_.stale_after_ns)
      return unavailable(response, "no tick was published for too long\n");
    response.set_content("Hostmeter is healthy.\n", kPlain);
  }

  void ready(httplib::Response& response) {
    if (!served_.newest()) return unavailable(response, "the first tick is not complete\n");
    response.set_content("Hostmeter is ready.\n", kPlain);
  }

  static void unavailable(httplib::Response& response, const char* why) {
    response.status = 503;
    response.set_content(why, kPlain);
  }

  const Options options_;
  const store::Served& served_;
  const contract::Contract& contract_;
  const Clock& clock_;
  httplib::Server http_;
  int port_ = 0;
  socket_t socket_ = INVALID_SOCKET;
  bool bound_ = false;
  std::atomic<bool> listened_{false};
  std::atomic<bool> serving_{false}, stopping_{false}, ended_{false};
};

Server::Server(Options options, const store::Served& served, const contract::Contract& contract,
               const Clock& clock)
    : routes_(std::make_unique<Routes>(std::move(options), served, contract, clock)) {}
Server::~Server() = default;

int Server::bind() {
  return routes_->bind();
}
int Server::port() const {
  return routes_->port();
}
void Server::serve() {
  routes_->serve();
}
void Server::stop() {
  routes_->stop();
}

}  // namespace hostmeter::expose
