#include "source/net/host_links.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "support/made_up_host.hpp"
#include "support/network_lab.hpp"

using namespace hostmeter;
using namespace hostmeter::source::net;

namespace {

const HostLink* named(HostLinks& links, std::string_view name) {
  for (const HostLink& link : links.links())
    if (link.name == name) return &link;
  return nullptr;
}

// All sockets of this process fail from now on, as after an answer that was late or damaged.
void break_sockets() {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(entry.path(), gone).string();
    if (target.starts_with("socket:")) ::dup2(null, std::stoi(entry.path().filename()));
  }
  ::close(null);
}

// Whoever listens hears nothing from now on, and is not told.
void deafen_listeners() {
  sock_filter nothing{.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 0};
  const sock_fprog program{.len = 1, .filter = &nothing};
  for (int fd = 0; fd < 1024; ++fd) {
    std::array<std::uint32_t, 8> groups{};
    socklen_t size = sizeof groups;
    if (::getsockopt(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, groups.data(), &size) == 0 &&
        groups != decltype(groups){})
      REQUIRE(::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0);
  }
}

}  // namespace

TEST_CASE("the host's devices count what its own file says") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  REQUIRE(lab.ip("link add dum0 type veth peer name dum1"));
  HostLinks links(lab.host, {});
  const int here = lab.live_in_host();
  lab.send_udp(here, "127.0.0.1", 10, 100);
  std::uint64_t number = 0;
  CHECK(links.update({.number = ++number}).code == 0);
  CHECK(links.mode() == source::Mode::walk);
  const HostLink* lo = named(links, "lo");
  REQUIRE(lo);
  CHECK(links.is_fresh(*lo));
  CHECK(lo->counters.rx_packets >= 10);
  CHECK(lo->counters.rx_nohandler);
  Counters columns = lo->counters;
  columns.rx_nohandler.reset();
  CHECK(columns == lab.inside(here)["lo"]);
  CHECK(named(links, "dum0"));
}

TEST_CASE("devices that come, change their name and go are followed") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  HostLinks links(lab.host, {});
  std::uint64_t number = 0;
  const auto update = [&] { REQUIRE(links.update({.number = ++number}).code == 0); };
  update();
  const std::uint64_t quiet = links.generation();
  update();
  CHECK(links.generation() == quiet);
  REQUIRE(lab.ip("link add dum0 type veth peer name peer0"));
  update();
  CHECK(links.generation() != quiet);
  REQUIRE(named(links, "dum0"));
  CHECK(links.is_fresh(*named(links, "dum0")));
  REQUIRE(lab.ip("link set dum0 name dum1"));
  update();
  CHECK_FALSE(named(links, "dum0"));
  CHECK(named(links, "dum1"));
  REQUIRE(lab.ip("link del dum1"));
  update();
  CHECK_FALSE(named(links, "dum1"));
}

TEST_CASE("a device that leaves a bridge is still there") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  if (!lab.ip("link add br0 type bridge")) {
    std::puts("SKIPPED: no bridges here");
    return;
  }
  REQUIRE(lab.ip("link add dum0 type veth peer name dum1"));
  REQUIRE(lab.ip("link set dum0 master br0"));
  HostLinks links(lab.host, {});
  CHECK(links.update({.number = 1}).code == 0);
  REQUIRE(lab.ip("link set dum0 nomaster"));
  CHECK(links.update({.number = 2}).code == 0);
  REQUIRE(named(links, "dum0"));
  CHECK(links.is_fresh(*named(links, "dum0")));
}

TEST_CASE("more news than is kept means to look again") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  HostLinks links(lab.host, {});
  CHECK(links.update({.number = 1}).code == 0);
  // Some 600 notifications of 1.5 KiB and their overhead: more than a socket holds.
  for (int i = 0; i < 75; ++i) {
    const std::string name = std::to_string(i);
    REQUIRE(lab.ip("link add d" + name + " type veth peer name e" + name));
    for (const char* state : {" up", " down", " up"}) {
      REQUIRE(lab.ip("link set d" + name + state));
      REQUIRE(lab.ip("link set e" + name + state));
    }
  }
  CHECK(links.update({.number = 2}).code == 0);
  CHECK(links.lost_news());
  CHECK(links.links().size() == 151);
  for (const HostLink& link : links.links()) CHECK(links.is_fresh(link));
}

TEST_CASE("a veth is nobody's until its container had time to claim it") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  HostLinks links(lab.host, {});
  std::uint64_t number = 0;
  links.update({.number = ++number});
  REQUIRE(lab.ip("link add vethlab0 type veth peer name vethlab1"));
  links.update({.number = ++number});
  CHECK(links.hides("vethlab0"));
  for (int i = 0; i < 6; ++i) links.update({.number = ++number});
  CHECK_FALSE(links.hides("vethlab0"));
  CHECK_FALSE(links.hides("no such device"));
}

TEST_CASE("a failure of netlink lasts one tick") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  HostLinks links(lab.host, {});
  std::uint64_t number = 0;
  CHECK(links.update({.number = ++number}).code == 0);
  CHECK(links.mode() == source::Mode::walk);
  break_sockets();
  CHECK(links.update({.number = ++number}).code == 0);
  CHECK(links.mode() == source::Mode::file);
  CHECK(links.update({.number = ++number}).code == 0);
  CHECK(links.mode() == source::Mode::walk);
}

TEST_CASE("a container's veth does not become the host's while netlink is away") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  REQUIRE(lab.ip("link add vethlab0 type veth peer name vethlab1"));
  HostLinks links(lab.host, {});
  std::uint64_t number = 0;
  links.update({.number = ++number});
  for (HostLink& link : links.links())
    if (link.name == "vethlab0") links.claim(link);
  lab.host.live = false;
  for (int i = 0; i < 10; ++i) {
    links.update({.number = ++number});
    REQUIRE(links.mode() == source::Mode::file);
    CHECK(links.hides("vethlab0"));
    CHECK_FALSE(links.hides("vethlab1"));
  }
  lab.host.live = true;
  links.update({.number = ++number});
  CHECK(links.mode() == source::Mode::walk);
  CHECK(links.hides("vethlab0"));  // its container's reader comes next
  links.update({.number = ++number});
  links.update({.number = ++number});
  CHECK_FALSE(links.hides("vethlab0"));
}

TEST_CASE("a device that rests is asked again when its time has come, or when it is woken") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  constexpr int kPairs = 8;
  for (int i = 0; i < kPairs; ++i) {
    const std::string name = std::to_string(i);
    REQUIRE(lab.ip("link add a" + name + " type veth peer name b" + name));
    REQUIRE(lab.ip("link set a" + name + " up"));
    REQUIRE(lab.ip("link set b" + name + " up"));
  }
  HostLinks links(lab.host, {});
  std::uint64_t number = 0;
  const auto update = [&] { REQUIRE(links.update({.number = ++number}).code == 0); };
  const auto sent = [&](std::string_view name) { return named(links, name)->counters.tx_packets; };
  const auto of = [&](std::string_view name) -> HostLink& {
    return *links.find(named(links, name)->index);
  };
  update();
  // All but lo, a0 and b0: few enough to be asked one by one.
  for (int i = 1; i < kPairs; ++i)
    for (const char* side : {"a", "b"}) links.rest(of(side + std::to_string(i)), 10);
  std::uint64_t a0 = sent("a0");
  const std::uint64_t a1 = sent("a1"), a2 = sent("a2");
  for (int i = 0; i < 9; ++i) {
    for (const char* name : {"a0", "a1", "a2"}) lab.send_unknown(name, 5);
    update();
    CHECK(sent("a0") >= a0 + 5);
    a0 = sent("a0");
    if (i < 4) CHECK(sent("a1") == a1);
    CHECK(sent("a2") == a2);
    CHECK_FALSE(links.is_fresh(*named(links, "a2")));
    CHECK(links.hides("a2"));
    if (i != 4) continue;
    links.wake(of("a1"));
    CHECK(links.read_woken().code == 0);
    CHECK(sent("a1") >= a1 + 25);
    CHECK(links.hides("a1"));
  }
  update();
  CHECK(sent("a2") >= a2 + 45);

  // One that rests is gone, or has another name, as soon as any other.
  links.rest(of("a3"), 10);
  links.rest(of("a4"), 10);
  REQUIRE(lab.ip("link del a3"));
  REQUIRE(lab.ip("link set a4 name c4"));
  update();
  CHECK_FALSE(named(links, "a3"));
  CHECK_FALSE(named(links, "a4"));
  CHECK(named(links, "c4"));
  // Nor does it take one that does not rest along.
  for (const char* name : {"a1", "b1", "a2", "b2", "c4", "b4", "a5", "b5", "a6", "b6"})
    links.rest(of(name), 10);
  update();
  REQUIRE(lab.ip("link del a1"));
  const std::uint64_t a7 = sent("a7");
  lab.send_unknown("a7", 5);
  update();
  CHECK(sent("a7") >= a7 + 5);
}

TEST_CASE("what nobody tells of is found by asking") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  for (const char* name : {"0", "1", "2", "3"})
    REQUIRE(lab.ip("link add a" + std::string(name) + " type veth peer name b" + name));
  HostLinks links(lab.host, {});
  std::uint64_t number = 0;
  const auto update = [&] { REQUIRE(links.update({.number = ++number}).code == 0); };
  update();
  for (HostLink& link : links.links())
    if (link.veth && link.name != "a0" && link.name != "b0") links.rest(link, 1000);
  deafen_listeners();
  REQUIRE(lab.ip("link del a0"));
  update();
  REQUIRE(named(links, "a0"));
  CHECK_FALSE(links.is_fresh(*named(links, "a0")));
  update();
  CHECK_FALSE(named(links, "a0"));

  REQUIRE(lab.ip("link add c0 type veth peer name d0"));
  REQUIRE(lab.ip("link del a1"));
  for (int i = 0; i < 302; ++i) update();
  CHECK(named(links, "c0"));
  CHECK_FALSE(named(links, "a1"));
}

TEST_CASE("nothing rests where all are shown") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  for (const char* name : {"0", "1", "2"}) {
    REQUIRE(lab.ip("link add a" + std::string(name) + " type veth peer name b" + name));
    REQUIRE(lab.ip("link set a" + std::string(name) + " up"));
    REQUIRE(lab.ip("link set b" + std::string(name) + " up"));
  }
  HostLinks links(lab.host, {.show_container_veths = true});
  REQUIRE(links.update({.number = 1}).code == 0);
  for (HostLink& link : links.links())
    if (link.veth) links.rest(link, 10);
  const std::uint64_t before = named(links, "a0")->counters.tx_packets;
  lab.send_unknown("a0", 5);
  REQUIRE(links.update({.number = 2}).code == 0);
  CHECK(named(links, "a0")->counters.tx_packets >= before + 5);
  CHECK_FALSE(links.hides("a0"));
}

TEST_CASE("all readers of a tick see the same") {
  test::MadeUpHost made_up(
      "-- proc/net/dev --\nInter-|\n face |\nlo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16");
  HostLinks links(made_up.host, {});
  CHECK(links.update({.number = 1}).code == 0);
  made_up.tree.write("proc/net/dev", "damaged");
  CHECK(links.update({.number = 1}).code == 0);
  CHECK(links.links().size() == 1);
  CHECK(links.update({.number = 2}).code == EBADMSG);
  CHECK(links.update({.number = 2}).code == EBADMSG);
  CHECK(links.links().empty());
  CHECK(links.netlink() == nullptr);
}
