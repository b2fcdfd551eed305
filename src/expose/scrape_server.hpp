// httplib's server with an end to every connection and to the queue of those that wait, and with
// what a connection has to bring along: an address, TLS.
#pragma once
#include <httplib.h>
#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/network.hpp"
#include "expose/connection.hpp"
#include "expose/tls.hpp"
#include "hostmeter/base/clock.hpp"

namespace hostmeter::expose {

class ScrapeServer final : public httplib::Server {
 public:
  struct Options {
    unsigned threads = 4;
    std::size_t most_waiting = 64;  // accepted connections without a thread; more are closed
    std::uint64_t request_ns = 0, response_ns = 0;
    std::function<void()> on_refused{};  // called for each that is closed so
    std::vector<base::Network> allow{};  // whose clients are answered; none: all
    std::shared_ptr<Tls> tls{};          // null: plain HTTP
  };
  ScrapeServer(Options options, const Clock& clock);

  // Until end(). The calling thread accepts connections.
  void serve();
  // From any thread, at any time; connections under way are cut.
  void end();
  // Whether httplib came to listen, and so closes the socket it bound.
  bool has_listened() const { return listened_; }

 private:
  class Queue;
  bool process_and_close_socket(socket_t socket) override;
  bool is_allowed(socket_t socket) const;
  void answer(Connection& connection);
  void process(httplib::Stream& stream);

  const Options options_;
  const Clock& clock_;
  std::atomic<pthread_t> acceptor_{};
  std::atomic<bool> serving_{false}, listened_{false}, ending_{false}, ended_{false};
};

}  // namespace hostmeter::expose
