// The HTTP side: /metrics, /-/healthy, /-/ready and a landing page.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/network.hpp"
#include "expose/served.hpp"
#include "expose/tls.hpp"
#include "expose/users.hpp"
#include "hostmeter/base/clock.hpp"

namespace hostmeter::expose {

// One address. Its threads live in httplib's pool; whatever a client does, it holds one of them no
// longer than for request_ns and response_ns.
class Server {
 public:
  struct Options {
    std::string host{};  // "" or "::": all addresses
    int port = 9273;
    std::string path = "/metrics";
    unsigned threads = 4;
    std::uint64_t request_ns = 5'000'000'000;    // to send the whole request
    std::uint64_t response_ns = 30'000'000'000;  // to take the whole response
    std::uint64_t stale_after_ns = 0;            // no newer snapshot for so long: not healthy
    std::string landing_page{};                  // HTML
    std::vector<base::Network> allow{};          // whose scrapes are answered; none: all
    std::shared_ptr<Tls> tls{};                  // loaded; null: plain HTTP
    std::shared_ptr<Users> users{};              // loaded; null: whoever asks
  };

  // served and clock outlive the server.
  Server(Options options, const Served& served, const Clock& clock);
  ~Server();
  Server(const Server&) = delete;

  // Binds the address. 0 when it is ours, else the errno: EADDRINUSE, EACCES, EADDRNOTAVAIL …
  int bind();
  int port() const;  // the one bound to, when Options::port was 0
  void set_stale_after(std::uint64_t ns);

  void serve();  // blocks until stop()
  void stop();   // from any thread, at any time; scrapes under way are cut

 private:
  class Routes;
  std::unique_ptr<Routes> routes_;
};

}  // namespace hostmeter::expose
