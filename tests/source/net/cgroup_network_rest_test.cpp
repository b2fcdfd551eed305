// Containers that do nothing, whose networks are read in turns.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

#include "base/capabilities.hpp"
#include "source/cgroup/activity.hpp"
#include "support/network_readers.hpp"

using namespace hostmeter;
using namespace hostmeter::source::net;

namespace {

constexpr int kTurn = 15, kLongTurn = 60;

// Containers with a veth each, and what CPU time they are said to have used. One is looked at; the
// others do nothing, so that most devices rest and the rest is asked one by one.
struct Lab {
  explicit Lab(Options options = {}) {
    options.activity = &activity;
    if (!network.usable()) return;
    readers.emplace(network.host, options);
    for (int i = 1; i < 10; ++i) others.push_back(add(i));
    subject = add(0);
    pid = pids.back();
    // A link that has only just come up may lose what is sent.
    const auto before = received();
    REQUIRE(readers->eventually([&] {
      runs(subject);
      send("vethlab0");
      return received() > before;
    }));
  }

  Subject add(int i) {
    pids.push_back(network.live_in_new_netns());
    REQUIRE(network.connect(pids.back(), "vethlab" + std::to_string(i), "eth0", 100 + i));
    const Subject added = readers->fake.add(pids.back());
    runs(added);
    return added;
  }
  void runs(Subject who) { activity.set(who, ++usage_ns); }
  void send(const std::string& device) const { network.send_unknown(device, 20); }
  std::optional<std::uint64_t> received(std::string_view name = "eth0") {
    return readers->value(CgroupNetwork::receive_packets, subject, name);
  }
  HostLink* link(std::string_view name) {
    for (HostLink& known : readers->links.links())
      if (known.name == name) return &known;
    return nullptr;
  }
  // How many updates from now its counters are read again.
  std::uint64_t rests(std::string_view name) {
    const HostLink* const known = link(name);
    const std::uint64_t now = readers->links.updates();
    return known && known->rests_until > now ? known->rests_until - now : 0;
  }
  bool comes_to_rest(std::string_view name, std::uint64_t least = 3) {
    for (int i = 0; i < 300; ++i) {
      readers->tick();
      if (rests(name) >= least) return true;
    }
    return false;
  }
  bool rests_in_one_of(int ticks, std::string_view name) {
    for (int i = 0; i < ticks; ++i) {
      readers->next.monotonic_ns += tick_ns;
      readers->tick();
      if (rests(name) > 0) return true;
    }
    return false;
  }
  // What the first reader of the next tick asks, and everybody needs: then something happens.
  void begin_tick() {
    source::Tick tick = readers->next;
    ++tick.number;
    REQUIRE(readers->links.update(tick).code == 0);
  }

  test::NetworkLab network;
  source::cgroup::Activity activity;
  std::optional<test::NetworkReaders> readers;
  std::vector<Subject> others;
  std::vector<int> pids;
  int pid = 0;
  Subject subject;
  std::uint64_t usage_ns = 0, tick_ns = 1'000'000'000;
};

// All of the sockets that ask fail from now on, as after an answer that was late or damaged. Those
// that listen do not.
void break_asking() {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd < 1024; ++fd) {
    int domain = 0;
    socklen_t size = sizeof domain;
    if (::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 || domain != AF_NETLINK)
      continue;
    std::array<std::uint32_t, 8> groups{};
    size = sizeof groups;
    ::getsockopt(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, groups.data(), &size);
    if (groups == decltype(groups){}) ::dup2(null, fd);
  }
  ::close(null);
}

}  // namespace

TEST_CASE("what comes in and wakes nobody is found at the next turn, and from then on at once") {
  Lab lab;
  if (!lab.readers) return;
  REQUIRE(lab.comes_to_rest("vethlab0"));
  const auto before = lab.received();
  lab.send("vethlab0");
  lab.readers->tick();
  CHECK(lab.received() == before);
  for (int i = 1; i < kTurn && lab.received() == before; ++i) lab.readers->tick();
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
  const Subject other = lab.readers->fake.add(lab.network.live_with(lab.pid), 5'000);
  lab.runs(other);
  lab.readers->ticks(5);
  REQUIRE(lab.readers->is(CgroupNetworkMode::shared, other));
  for (const Subject who : {lab.subject, other}) {
    REQUIRE(lab.comes_to_rest("vethlab0"));
    const auto before = lab.received();
    lab.send("vethlab0");
    lab.runs(who);
    lab.readers->tick();
    CHECK(*lab.received() >= *before + 20);
  }
  // It is not known whether it runs.
  REQUIRE(lab.comes_to_rest("vethlab0"));
  lab.activity.set(other, {});
  CHECK_FALSE(lab.rests_in_one_of(2 * kLongTurn, "vethlab0"));
}

TEST_CASE("nobody rests where ticks are far apart, and for one that is late all are read once") {
  Lab lab;
  if (!lab.readers) return;
  REQUIRE(lab.comes_to_rest("vethlab9", kTurn + 1));
  REQUIRE(lab.comes_to_rest("vethlab0"));
  const auto before = lab.received();
  lab.send("vethlab0");
  lab.tick_ns = 2'000'000'000;
  CHECK(lab.rests_in_one_of(1, "vethlab9"));
  CHECK(*lab.received() >= *before + 20);
  CHECK_FALSE(lab.rests_in_one_of(2 * kTurn, "vethlab9"));
}

TEST_CASE("who stood still for long rests for longer, and new devices are found nevertheless") {
  Lab lab;
  if (!lab.readers) return;
  REQUIRE(lab.comes_to_rest("vethlab0"));
  CHECK(lab.rests("vethlab0") < kTurn);
  REQUIRE(lab.comes_to_rest("vethlab0", kTurn + 1));
  lab.readers->ticks(3 * kLongTurn);
  REQUIRE(lab.comes_to_rest("vethlab0", kTurn + 1));

  // A veth is told of by the kernel, here, at once.
  REQUIRE(lab.network.connect(lab.pid, "vethnew", "eth1", 120));
  lab.readers->ticks(5);
  CHECK(lab.readers->value(CgroupNetwork::receive_bytes, lab.subject, "eth1"));
  REQUIRE(lab.comes_to_rest("vethnew"));
  REQUIRE(lab.network.ip("link del vethnew"));
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
  REQUIRE(lab.comes_to_rest("vethlab0"));
  // Its process and with it the netns stay.
  lab.readers->fake.remove(lab.subject);
  lab.readers->ticks(3);
  CHECK_FALSE(lab.readers->links.hides("vethlab0"));
  lab.send("vethlab0");
  lab.readers->tick();
  CHECK(lab.readers->has_device("vethlab0"));
}

TEST_CASE("who must be read by files does not rest") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  const int pid = lab.live_in_new_netns();
  REQUIRE(lab.connect(pid, "vethlab0", "eth0", 121));
  std::thread([&] {  // capabilities are a thread's own
    REQUIRE_FALSE(base::lock({CAP_SYS_PTRACE}));
    source::cgroup::Activity activity;
    test::NetworkReaders readers(lab.host, {.activity = &activity});
    activity.set(readers.fake.add(pid), 1);
    for (int i = 0; i < 2 * kTurn; ++i) {
      readers.tick();
      CHECK(readers.links.mode() == source::Mode::walk);
      CHECK(readers.containers.mode() == source::Mode::file);
    }
  })
      .join();
}

TEST_CASE("a veth that moves to another container is that one's at once") {
  Lab lab;
  if (!lab.readers) return;
  const int from = lab.pids[0];
  REQUIRE(lab.network.ip_inside(from, "link set eth0 down"));
  REQUIRE(lab.network.ip_inside(from, "link set eth0 name eth9"));
  lab.readers->ticks(6);
  REQUIRE(lab.comes_to_rest("vethlab1", kTurn + 1));
  REQUIRE(lab.network.ip_inside(from, "link set eth9 netns " + std::to_string(lab.pid)));
  REQUIRE(lab.network.ip_inside(lab.pid, "link set eth9 up"));
  lab.readers->ticks(2);
  CHECK_FALSE(lab.readers->lives(lab.readers->out.instance("eth9", lab.others[0])));
  for (int i = 0; i < 2 * kTurn; ++i) {
    lab.send("vethlab1");
    lab.readers->tick();
    CHECK(lab.received("eth9") == lab.network.inside(lab.pid)["eth9"].rx_packets);
  }
}

TEST_CASE("netlink that is lost in the middle of a tick shows no container's veth as the host's") {
  Lab lab;
  if (!lab.readers) return;
  REQUIRE(lab.comes_to_rest("vethlab0", kTurn + 1));
  lab.runs(lab.subject);
  lab.begin_tick();
  break_asking();
  lab.readers->tick();
  for (int i = 0; i < 3 * kLongTurn; ++i) {
    lab.readers->tick();
    for (int k = 0; k < 10; ++k) CHECK(lab.readers->links.hides("vethlab" + std::to_string(k)));
  }
  CHECK(lab.readers->containers.mode() == source::Mode::walk);
  lab.send("vethlab0");
  lab.runs(lab.subject);
  lab.readers->tick();
  CHECK(lab.received() == lab.network.inside(lab.pid)["eth0"].rx_packets);
}

TEST_CASE("one that goes while many are woken is gone, and the others are found by their names") {
  Lab lab;
  if (!lab.readers) return;
  REQUIRE(lab.comes_to_rest("vethlab0", kTurn + 1));
  REQUIRE(lab.comes_to_rest("vethlab5"));
  for (const Subject other : lab.others) lab.runs(other);
  lab.begin_tick();
  REQUIRE(lab.network.ip("link del vethlab5"));
  lab.readers->tick();
  CHECK_FALSE(lab.link("vethlab5"));
  for (const HostLink& link : lab.readers->links.links())
    CHECK(lab.readers->links.hides(link.name) == (link.name != "lo"));
  CHECK_FALSE(lab.readers->links.hides("vethlab5"));
}
