#include "support/network_lab.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <stdexcept>

#include "source/net/net_dev.hpp"
#include "support/forked.hpp"

namespace hostmeter::test {
namespace {

bool enter_netns_of(int pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/ns/net";
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  return fd >= 0 && ::setns(fd, CLONE_NEWNET) == 0;
}

// IPv6 sends of its own accord, at moments of its own: in here counters move only by what is sent.
bool enter_new_netns() {
  if (::unshare(CLONE_NEWNET) != 0) return false;
  for (const char* of : {"all", "default"}) {
    const std::string path = std::string("/proc/sys/net/ipv6/conf/") + of + "/disable_ipv6";
    const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT;  // no IPv6 at all
    const bool written = ::write(fd, "1", 1) == 1;
    ::close(fd);
    if (!written) return false;
  }
  return true;
}

}  // namespace

NetworkLab::NetworkLab() {
  host.root = std::move(*base::Dir::open("/"));
  host.proc = std::move(*base::Dir::open("/proc"));
  host.sys = std::move(*base::Dir::open("/sys"));
  host.clock = &clock_;
  usable_ = ::geteuid() == 0 && enter_new_netns() && ip("link set lo up");
}

NetworkLab::~NetworkLab() {
  while (!pids_.empty()) end(pids_.back());
}

bool NetworkLab::usable() const {
  if (!usable_)
    std::puts("SKIPPED: needs root, network namespaces, iproute2 and a writable proc/sys");
  return usable_;
}

template <class Enter>
int NetworkLab::start(Enter&& enter) {
  int ready[2] = {};
  if (::pipe2(ready, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  const int pid = test::forked();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char outcome = enter() ? 'y' : 'n';
    if (::write(ready[1], &outcome, 1) == 1)
      while (true) ::pause();
    ::_exit(1);
  }
  ::close(ready[1]);
  char outcome = 'n';
  const bool read = ::read(ready[0], &outcome, 1) == 1;
  ::close(ready[0]);
  pids_.push_back(pid);
  if (!read || outcome != 'y') throw std::runtime_error("a process did not start");
  return pid;
}

int NetworkLab::live_in_new_netns() {
  return start(enter_new_netns);
}
int NetworkLab::live_in_host() {
  return start([] { return true; });
}
int NetworkLab::live_with(int other) {
  return start([other] { return enter_netns_of(other); });
}

void NetworkLab::end(int pid) {
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  std::erase(pids_, pid);
}

bool NetworkLab::ip(const std::string& arguments) const {
  return std::system(("ip " + arguments + " >/dev/null 2>&1").c_str()) == 0;
}
bool NetworkLab::ip_inside(int pid, const std::string& arguments) const {
  return std::system(
             ("nsenter -t " + std::to_string(pid) + " -n ip " + arguments + " >/dev/null 2>&1")
                 .c_str()) == 0;
}

bool NetworkLab::connect(int pid, const std::string& host_name, const std::string& inside_name,
                         int n) {
  const std::string network = "10." + std::to_string(n) + ".0.";
  return ip("link add " + host_name + " type veth peer name " + inside_name + " netns " +
            std::to_string(pid)) &&
         ip("addr add " + network + "1/24 dev " + host_name) &&
         ip("link set " + host_name + " up") &&
         ip_inside(pid, "addr add " + network + "2/24 dev " + inside_name) &&
         ip_inside(pid, "link set " + inside_name + " up");
}

void NetworkLab::send_udp(int pid, const std::string& address, unsigned count,
                          std::size_t size) const {
  const int sender = ::fork();
  if (sender == 0) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(9);
    ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    const std::string data(size, 'x');
    const bool entered = enter_netns_of(pid);
    const int udp = ::socket(AF_INET, SOCK_DGRAM, 0);
    for (unsigned i = 0; entered && i < count; ++i)
      ::sendto(udp, data.data(), data.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to);
    ::_exit(0);
  }
  ::waitpid(sender, nullptr, 0);
}

void NetworkLab::send_unknown(const std::string& device, unsigned count) const {
  const int raw = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = int(::if_nametoindex(device.c_str()));
  std::array<unsigned char, 60> frame{};
  std::fill_n(frame.begin(), 6, 0xff);  // to all
  frame[6] = 2;                         // from a made-up address
  frame[12] = 0x12, frame[13] = 0x34;   // the protocol
  for (unsigned i = 0; i < count; ++i)
    ::sendto(raw, frame.data(), frame.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to);
  ::close(raw);
}

std::map<std::string, source::net::Counters> NetworkLab::inside(int pid) {
  const std::string path = std::to_string(pid) + "/net/dev";
  const auto text = base::read_once(host.proc.fd(), path.c_str(), host.buffer);
  if (!text) throw std::runtime_error("net/dev");
  std::map<std::string, source::net::Counters> devices;
  for (source::net::NetDev lines(*text);;) {
    const auto line = lines.next();
    if (!line) throw std::runtime_error("net/dev");
    if (!*line) return devices;
    devices[std::string((*line)->name)] = (*line)->counters;
  }
}

std::size_t NetworkLab::open_fds() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::size_t(std::distance(std::filesystem::begin(all), std::filesystem::end(all)));
}

void NetworkLab::sleep_ms(int ms) {
  ::poll(nullptr, 0, ms);
}

}  // namespace hostmeter::test
