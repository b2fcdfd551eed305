// Containers that do nothing, whose networks are read in turns.
#include <doctest/doctest.h>

#include "source/cgroup/activity.hpp"
#include "support/network_readers.hpp"

using namespace hostmeter;
using namespace hostmeter::source::net;

namespace {

constexpr int kTurn = 15, kLongTurn = 60;

// Containers with a veth each, and what CPU time they are said to have used.
struct Lab {
  explicit Lab(Options options = {}) {
    options.activity = &activity;
    if (network.usable()) readers.emplace(network.host, options);
  }

  Subject add_container(const std::string& device, int number) {
    pid = network.live_in_new_netns();
    REQUIRE(network.connect(pid, device, "eth0", number));
    subject = readers->fake.add(pid);
    runs(subject, 1);
    // A link that has only just come up may lose what is sent.
    const auto before = received();
    REQUIRE(readers->eventually([&] {
      runs(subject, ++usage_ns);
      send(device);
      return received() > before;
    }));
    return subject;
  }
  void runs(Subject who, std::uint64_t usage) { activity.set(who, usage); }
  void send(const std::string& device) const { network.send_unknown(device, 20); }
  std::optional<std::uint64_t> received() {
    return readers->value(CgroupNetwork::receive_packets, subject, "eth0");
  }
  const HostLink* link(std::string_view name) {
    for (const HostLink& known : readers->links.links())
      if (known.name == name) return &known;
    return nullptr;
  }
  // How many updates from now its counters are read again.
  std::uint64_t rests(std::string_view name) {
    const std::uint64_t now = readers->links.updates(), until = link(name)->rests_until;
    return until > now ? until - now : 0;
  }
  bool comes_to_rest(std::string_view name, std::uint64_t least = 3) {
    for (int i = 0; i < 300; ++i) {
      readers->tick();
      if (rests(name) >= least) return true;
    }
    return false;
  }

  test::NetworkLab network;
  source::cgroup::Activity activity;
  std::optional<test::NetworkReaders> readers;
  int pid = 0;
  Subject subject;
  std::uint64_t usage_ns = 1;
};

}  // namespace

TEST_CASE("what comes in and wakes nobody is found at the next turn, and from then on at once") {
  Lab lab;
  if (!lab.readers) return;
  lab.add_container("vethlab0", 101);
  REQUIRE(lab.comes_to_rest("vethlab0"));
  const auto before = lab.received();
  lab.send("vethlab0");
  lab.readers->tick();
  CHECK(lab.received() == before);
  lab.readers->ticks(kTurn - 1);
  CHECK(*lab.received() >= *before + 20);
  const auto after = lab.received();
  lab.send("vethlab0");
  lab.readers->tick();
  CHECK(*lab.received() >= *after + 20);
  CHECK(test::equals_inside(*lab.readers, lab.network, lab.subject, lab.pid, "eth0"));
}

TEST_CASE("who runs does not rest, nor who shares a network with one that runs") {
  Lab lab;
  if (!lab.readers) return;
  lab.add_container("vethlab0", 102);
  const Subject other = lab.readers->fake.add(lab.network.live_with(lab.pid), 5'000);
  lab.runs(other, 1);
  lab.readers->ticks(5);
  REQUIRE(lab.readers->is(CgroupNetworkMode::shared, other));
  std::uint64_t usage_ns = 100;
  for (const Subject who : {lab.subject, other}) {
    REQUIRE(lab.comes_to_rest("vethlab0"));
    const auto before = lab.received();
    lab.send("vethlab0");
    lab.runs(who, ++usage_ns);
    lab.readers->tick();
    CHECK(*lab.received() >= *before + 20);
  }
  // It is not known whether it runs.
  REQUIRE(lab.comes_to_rest("vethlab0"));
  lab.activity.set(other, {});
  for (int i = 0; i < 2 * kLongTurn; ++i) {
    lab.readers->tick();
    CHECK(lab.rests("vethlab0") == 0);
  }
}

TEST_CASE("nobody rests where ticks are far apart") {
  Lab lab;
  if (!lab.readers) return;
  lab.add_container("vethlab0", 103);
  REQUIRE(lab.comes_to_rest("vethlab0"));
  for (int i = 0; i < 2 * kTurn; ++i) {
    lab.readers->next.monotonic_ns += 2'000'000'000;
    lab.readers->tick();
    CHECK(lab.rests("vethlab0") == 0);
  }
}

TEST_CASE("who stood still for long rests for longer, and new devices are found nevertheless") {
  Lab lab;
  if (!lab.readers) return;
  lab.add_container("vethlab0", 104);
  REQUIRE(lab.comes_to_rest("vethlab0"));
  CHECK(lab.rests("vethlab0") < kTurn);
  REQUIRE(lab.comes_to_rest("vethlab0", kTurn + 1));
  lab.readers->ticks(3 * kLongTurn);
  REQUIRE(lab.comes_to_rest("vethlab0", kTurn + 1));

  // A veth is told of by the kernel, here, at once.
  REQUIRE(lab.network.connect(lab.pid, "vethlab1", "eth1", 105));
  lab.readers->ticks(5);
  CHECK(lab.readers->value(CgroupNetwork::receive_bytes, lab.subject, "eth1"));
  REQUIRE(lab.comes_to_rest("vethlab1"));
  REQUIRE(lab.network.ip("link del vethlab1"));
  const Instance eth1 = lab.readers->out.instance("eth1", lab.subject);
  lab.readers->tick();
  CHECK_FALSE(lab.readers->lives(eth1));

  // What is made in there is told to nobody.
  if (!lab.network.ip_inside(lab.pid, "link add bri0 type bridge")) return;
  lab.readers->ticks(1920);
  CHECK(lab.readers->value(CgroupNetwork::receive_bytes, lab.subject, "bri0"));
}

TEST_CASE("one that rests is still the container's, with all its figures") {
  Lab lab;
  if (!lab.readers) return;
  lab.add_container("vethlab0", 106);
  REQUIRE(lab.comes_to_rest("vethlab0"));
  for (int i = 0; i < 3 * kLongTurn; ++i) {
    lab.readers->tick();
    CHECK(lab.readers->links.hides("vethlab0"));
  }
  CHECK_FALSE(lab.readers->has_device("vethlab0"));
  REQUIRE(lab.comes_to_rest("vethlab0"));
  const auto before = lab.received();
  REQUIRE(before);
  lab.readers->next.resend = true;
  lab.readers->out.records.clear();
  lab.readers->tick();
  lab.readers->next.resend = false;
  CHECK(lab.received() == before);
  CHECK(lab.rests("vethlab0") > 0);

  // While netlink is away files are read, of all.
  REQUIRE(lab.comes_to_rest("vethlab0"));
  lab.send("vethlab0");
  lab.network.host.live = false;
  lab.readers->tick();
  CHECK(*lab.received() >= *before + 20);
  lab.network.host.live = true;
  CHECK(lab.comes_to_rest("vethlab0"));
}

TEST_CASE("a veth that is shown among the host's devices counts at every tick") {
  Lab lab({.show_container_veths = true});
  if (!lab.readers) return;
  lab.add_container("vethlab0", 107);
  const auto sent = [&] {
    return lab.readers->out.value(Netdev::transmit_packets, kHost,
                                  lab.readers->out.instance("vethlab0"));
  };
  lab.readers->ticks(6 * kTurn);
  for (int i = 0; i < 2 * kTurn; ++i) {
    const auto before = sent();
    REQUIRE(before);
    lab.send("vethlab0");
    lab.readers->tick();
    CHECK(*sent() >= *before + 20);
  }
}

TEST_CASE("a veth whose container is gone is the host's") {
  Lab lab;
  if (!lab.readers) return;
  lab.add_container("vethlab0", 108);
  REQUIRE(lab.comes_to_rest("vethlab0"));
  // Its process and with it the netns stay.
  lab.readers->fake.remove(lab.subject);
  lab.readers->ticks(3);
  CHECK_FALSE(lab.readers->links.hides("vethlab0"));
  lab.send("vethlab0");
  lab.readers->tick();
  CHECK(lab.readers->has_device("vethlab0"));
}
