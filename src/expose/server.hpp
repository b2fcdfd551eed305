// The HTTP side: /metrics, /-/healthy, /-/ready and a landing page.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "contract/contract.hpp"
#include "hostmeter/base/clock.hpp"
#include "store/served.hpp"

namespace hostmeter::expose {

// One address. Its threads live in httplib's pool; a scraper that stalls holds one of them for
// Options::timeout_s at most.
class Server {
 public:
  struct Options {
    std::string host{};  // "" or "::": all addresses
    int port = 9273;
    std::string path = "/metrics";
    unsigned threads = 4;
    unsigned timeout_s = 5;
    std::uint64_t stale_after_ns = 0;  // no newer snapshot for so long: not healthy
    std::string landing_page{};        // HTML
  };

  // served, contract and clock outlive the server.
  Server(Options options, const store::Served& served, const contract::Contract& contract,
         const Clock& clock);
  ~Server();
  Server(const Server&) = delete;

  // Binds the address. 0 when it is ours, else the errno: EADDRINUSE, EACCES, EADDRNOTAVAIL …
  int bind();
  int port() const;  // the one bound to, when Options::port was 0

  void serve();  // blocks until stop()
  void stop();   // from any thread

 private:
  class Routes;
  std::unique_ptr<Routes> routes_;
};

}  // namespace hostmeter::expose
