// Network namespaces of this very machine, for tests that run as root.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "source/host.hpp"
#include "source/net/counters.hpp"

namespace hostmeter::test {

// The test itself moves to a new netns, which then is "the host": nothing of the machine is
// touched, and nothing else is seen.
class NetworkLab {
 public:
  NetworkLab();
  ~NetworkLab();
  NetworkLab(const NetworkLab&) = delete;

  // False, said aloud, where no netns can be made.
  bool usable() const;

  // Processes that do nothing but live somewhere.
  int live_in_new_netns();
  int live_in_host();
  int live_with(int pid);
  void end(int pid);  // and wait for it

  // ip ARGUMENTS, in the host's netns. False: it failed.
  bool ip(const std::string& arguments) const;
  bool ip_inside(int pid, const std::string& arguments) const;
  // A veth HOST_NAME here, INSIDE_NAME there, both up, 10.N.0.1/24 and 10.N.0.2/24.
  bool connect(int pid, const std::string& host_name, const std::string& inside_name, int n);

  // Datagrams to an address, from the netns of pid.
  void send_udp(int pid, const std::string& address, unsigned count, std::size_t size) const;

  // Frames of a protocol that nobody knows, out of a device of the host: whoever gets them drops
  // them.
  void send_unknown(const std::string& device, unsigned count) const;

  // proc/PID/net/dev.
  std::map<std::string, source::net::Counters> inside(int pid);

  static std::size_t open_fds();
  static void sleep_ms(int ms);

  source::Host host;

 private:
  template <class Enter>
  int start(Enter&& enter);

  base::SystemClock clock_;
  std::vector<int> pids_;
  bool usable_ = false;
};

}  // namespace hostmeter::test
