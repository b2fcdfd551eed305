// The readers of the host's and the containers' network, together, over a NetworkLab.
#pragma once
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "source/net/cgroup_network.hpp"
#include "source/net/netdev.hpp"
#include "support/captured.hpp"
#include "support/fake_containers.hpp"
#include "support/network_lab.hpp"

namespace hostmeter::test {

// Both readers of one host, in the order in which the agent runs them.
struct NetworkReaders {
  explicit NetworkReaders(source::Host& host, const source::net::Options& options = {})
      : links(host, options),
        containers(host, links, fake, options),
        devices(host, links, options) {}

  void tick() {
    ++next.number;
    containers.read(next, out);
    devices.read(next, out);
    fake.next_tick();
  }
  void ticks(int count) {
    for (int i = 0; i < count; ++i) tick();
  }
  // Reads again and again until it is so: the kernel ends a netns in its own time.
  template <class Condition>
  bool eventually(Condition&& condition) {
    for (int i = 0; i < 2'000; ++i) {
      tick();
      if (condition()) return true;
      NetworkLab::sleep_ms(20);
    }
    return false;
  }

  std::optional<std::uint64_t> value(CgroupNetwork field, Subject subject, std::string_view name) {
    const Instance instance = out.instance(name, subject);
    return instance == 0 ? std::nullopt : out.value(field, subject, instance);
  }
  bool is(CgroupNetworkMode mode, Subject subject) { return out.value(mode, subject) == 1U; }
  bool has_device(std::string_view name) { return lives(out.instance(name)); }
  bool has_interface(Subject subject) { return lives(out.instance("eth0", subject)); }
  bool lives(Instance instance) {
    if (instance == 0) return false;
    for (const NewsItem& item : out.news)
      if (const auto* gone = std::get_if<GoneInstance>(&item); gone && gone->instance == instance)
        return false;
    return true;
  }

  FakeContainers fake;
  source::net::HostLinks links;
  source::net::CgroupNetworkReader containers;
  source::net::NetdevReader devices;
  Captured out;
  source::Tick next{.number = 0};
};

// All eight figures are what the container itself sees, at a moment when nothing moves.
inline bool equals_inside(NetworkReaders& readers, NetworkLab& lab, Subject subject, int pid,
                          const std::string& name) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    const source::net::Counters before = lab.inside(pid)[name];
    readers.ticks(5);  // all that is read only now and then
    const source::net::Counters after = lab.inside(pid)[name];
    if (!(before == after)) continue;
    const auto wanted = source::net::cgroup_network_facts(after);
    for (std::uint8_t i = 0; i < std::uint8_t(CgroupNetwork::count); ++i) {
      const auto got = readers.value(CgroupNetwork(i), subject, name);
      if (got == wanted.get(CgroupNetwork(i))) continue;
      std::printf("field %d: %lld, inside %lld\n", i, got ? (long long)*got : -1,
                  (long long)*wanted.get(CgroupNetwork(i)));
      return false;
    }
    return true;
  }
  return false;
}

}  // namespace hostmeter::test
