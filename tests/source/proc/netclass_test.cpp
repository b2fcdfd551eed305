#include "hostmeter/flow/facts/netclass.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "hostmeter/flow/facts/driver.hpp"
#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/fake_clock.hpp"
#include "support/hanging_driver.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec netclass;
}

namespace {

constexpr std::string_view kHostTree =
    "-- sys/class/net/eth0 -> ../../devices/eth0 --\n"
    "-- sys/devices/eth0/mtu --\n1500\n"
    "-- sys/devices/eth0/flags --\n0x1003\n"
    "-- sys/devices/eth0/speed --\n1000\n"
    "-- sys/devices/eth0/carrier_changes --\n3\n"
    "-- sys/devices/eth0/operstate --\nup\n"
    "-- sys/devices/eth0/address --\n02:00:00:00:00:01\n"
    "-- sys/devices/eth0/duplex --\nfull\n"
    "-- sys/class/net/br0/mtu --\n9000\n"
    "-- sys/class/net/br0/speed --\n-1\n"
    "-- sys/class/net/br0/flags --\n0x1002\n"
    "-- sys/class/net/br0/operstate --\ndown\n"
    "-- sys/class/net/bonding_masters --\nbond0\n";

Instance device(const test::Captured& out, std::string_view name) {
  Instance last = 0;
  for (const NewsItem& item : out.news) {
    const auto* named = std::get_if<NamedInstance>(&item);
    const auto* gone = std::get_if<GoneInstance>(&item);
    if (named && named->values.size() == 1 && named->values[0] == name) last = named->instance;
    if (gone && gone->instance == last) last = 0;
  }
  return last;
}

bool has_info(const test::Captured& out, const std::vector<std::string>& labels) {
  bool there = false;
  Instance instance = 0;
  for (const NewsItem& item : out.news) {
    const auto* named = std::get_if<NamedInstance>(&item);
    const auto* gone = std::get_if<GoneInstance>(&item);
    if (named && named->values == labels) there = true, instance = named->instance;
    if (gone && gone->instance == instance) there = false;
  }
  return there;
}

struct Hidden final : source::proc::HiddenInterfaces {
  std::set<std::string, std::less<>> names;
  bool hides(std::string_view name) const override { return names.contains(name); }
};

}  // namespace

TEST_CASE("interfaces, up and down") {
  test::MadeUpHost made_up(kHostTree);
  const auto reader = source::proc::netclass.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  const Instance eth0 = device(out, "eth0"), br0 = device(out, "br0");
  REQUIRE(eth0 != 0);
  REQUIRE(br0 != 0);
  CHECK(device(out, "bonding_masters") == 0);
  CHECK(out.value(Netclass::mtu_bytes, kHost, eth0) == 1500);
  CHECK(out.value(Netclass::flags, kHost, eth0) == 0x1003);
  CHECK(out.value(Netclass::speed_bytes, kHost, eth0) == 125'000'000);
  CHECK(out.value(Netclass::up, kHost, eth0) == 1);
  CHECK(out.value(Netclass::carrier_changes, kHost, eth0) == 3);
  CHECK_FALSE(out.value(Netclass::carrier, kHost, eth0));
  CHECK_FALSE(out.value(Netclass::speed_bytes, kHost, br0));
  CHECK(out.value(Netclass::up, kHost, br0) == 0);
  CHECK(has_info(out, {"02:00:00:00:00:01", "up", "", "eth0", "full", "", "up"}));
  CHECK(has_info(out, {"", "down", "", "br0", "", "", "down"}));
  CHECK(reader->parse_errors() == 0);
  CHECK(reader->read_errors() == 0);
}

TEST_CASE("flags are known from the first tick, whoever is slow to tell the rest") {
  test::MadeUpHost made_up(kHostTree);
  test::ErrandProgram program;
  source::proc::Options options;
  options.drivers = program.errands;  // with no thread to ask them
  const auto reader = source::proc::netclass.make(made_up.host, options);
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Netclass::flags, kHost, device(out, "eth0")) == 0x1003);
  CHECK(out.value(Netclass::flags, kHost, device(out, "br0")) == 0x1002);
  CHECK_FALSE(out.value(Netclass::mtu_bytes, kHost, device(out, "eth0")));
}

TEST_CASE("each interface is read once in 15 ticks, not all in one tick") {
  test::MadeUpHost made_up(kHostTree);
  const auto reader = source::proc::netclass.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  const Instance eth0 = device(out, "eth0"), br0 = device(out, "br0");
  made_up.tree.write("sys/devices/eth0/operstate", "down\n");
  made_up.tree.write("sys/devices/eth0/mtu", "garbage\n");
  out.records.clear();
  std::size_t busiest = 0;
  for (std::uint64_t number = 2; number <= 16; ++number) {
    const std::size_t before = out.records.size();
    reader->read({.number = number}, out);
    std::set<Instance> read;
    for (std::size_t i = before; i < out.records.size(); ++i)
      if (out.records[i].group == Group::netclass) read.insert(out.records[i].instance);
    busiest = std::max(busiest, read.size());
  }
  CHECK(busiest == 1);
  CHECK(out.value(Netclass::mtu_bytes, kHost, br0) == 9000);
  CHECK(out.value(Netclass::up, kHost, eth0) == 0);
  CHECK_FALSE(out.value(Netclass::mtu_bytes, kHost, eth0));
  CHECK(reader->parse_errors() == 1);
  CHECK(has_info(out, {"02:00:00:00:00:01", "up", "", "eth0", "full", "", "down"}));
  CHECK_FALSE(has_info(out, {"02:00:00:00:00:01", "up", "", "eth0", "full", "", "up"}));
}

TEST_CASE("a container's interface disappears as soon as it is known to be one") {
  test::MadeUpHost made_up(kHostTree);
  Hidden hidden;
  source::proc::Options options;
  options.hidden_interfaces = &hidden;
  const auto reader = source::proc::netclass.make(made_up.host, options);
  test::Captured out;
  reader->read({}, out);
  REQUIRE(device(out, "br0") != 0);
  hidden.names.insert("br0");
  reader->read({.number = 2}, out);
  CHECK(device(out, "br0") == 0);
  CHECK_FALSE(has_info(out, {"", "down", "", "br0", "", "", "down"}));
  CHECK(device(out, "eth0") != 0);
  hidden.names.clear();
  reader->read({.number = 3, .resend = true}, out);
  CHECK(out.value(Netclass::mtu_bytes, kHost, device(out, "br0")) == 9000);
}

TEST_CASE("interfaces come, go and are filtered") {
  test::MadeUpHost made_up(kHostTree);
  source::proc::Options options;
  options.interfaces.exclude = {"br*"};
  const auto reader = source::proc::netclass.make(made_up.host, options);
  test::Captured out;
  reader->read({}, out);
  CHECK(device(out, "br0") == 0);
  std::filesystem::remove(made_up.tree.root() / "sys/class/net/eth0");
  made_up.tree.write("sys/class/net/wlan0/mtu", "1400\n");
  for (std::uint64_t number = 2; number <= 16; ++number) reader->read({.number = number}, out);
  CHECK(device(out, "eth0") == 0);
  CHECK(out.value(Netclass::mtu_bytes, kHost, device(out, "wlan0")) == 1400);
}

TEST_CASE(
    "where our network is not the host's, sysfs is asked only if it shows the host's devices") {
  test::MadeUpHost made_up(
      "-- sys/class/net/eth0 -> ../../devices/eth0 --\n-- sys/devices/eth0/mtu --\n1500\n"
      "-- sys/class/net/bonding_masters --\nbond0\n"
      "-- proc/1/net/dev --\nInter-|\n face |\n"
      "eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
      "wan0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
  made_up.host.net = "1/net";
  const auto reader = source::proc::netclass.make(made_up.host, {});
  test::Captured out;
  reader->read({.number = 1}, out);
  CHECK(device(out, "eth0") == 0);
  CHECK(out.records.empty());

  std::filesystem::create_directory_symlink("../../devices/eth0",
                                            made_up.tree.root() / "sys/class/net/wan0");
  for (std::uint64_t number = 2; number <= 16; ++number) reader->read({.number = number}, out);
  REQUIRE(device(out, "eth0") != 0);
  CHECK(out.value(Netclass::mtu_bytes, kHost, device(out, "eth0")) == 1500);
  CHECK(device(out, "wan0") != 0);
}

TEST_CASE("an interface whose driver sleeps is left alone for a hundred times as long") {
  test::MadeUpHost made_up(
      "-- sys/class/net/eth0 -> ../../devices/eth0 --\n-- sys/devices/eth0/mtu --\n1500\n");
  test::SlowClock clock;
  made_up.host.clock = &clock;
  const auto reader = source::proc::netclass.make(made_up.host, {});
  test::Captured out;
  std::uint64_t number = 0;
  reader->read({.number = ++number}, out);
  const Instance eth0 = device(out, "eth0");
  REQUIRE(out.value(Netclass::mtu_bytes, kHost, eth0) == 1500);
  clock.step = 0;
  clock.now += 1'900'000'000;
  out.records.clear();
  for (int i = 0; i < 30; ++i) reader->read({.number = ++number}, out);
  CHECK_FALSE(out.value(Netclass::mtu_bytes, kHost, eth0));
  clock.now += 200'000'000;
  for (int i = 0; i < 15; ++i) reader->read({.number = ++number}, out);
  CHECK(out.value(Netclass::mtu_bytes, kHost, eth0) == 1500);
}

TEST_CASE("an interface whose driver hangs delays nothing, shows itself, and comes back") {
  test::MadeUpHost made_up(
      "-- sys/class/net/eth0 -> ../../devices/eth0 --\n-- sys/devices/eth0/mtu --\n1500\n"
      "-- sys/devices/eth0/operstate --\nup\n");
  test::ErrandProgram program;
  source::proc::Options options;
  options.drivers = program.errands;
  const auto reader = source::proc::netclass.make(made_up.host, options);
  test::Captured out;
  const auto until = [&](auto&& condition) { return program.until(*reader, out, condition); };
  const std::vector<std::string> info{"", "", "", "eth0", "", "", "up"};
  const auto mtu = [&] { return out.value(Netclass::mtu_bytes, kHost, device(out, "eth0")); };
  CHECK(until([&] { return mtu() == 1500; }));
  CHECK(has_info(out, info));

  program.clock->hang();
  const auto overdue = [&] { return has_info(out, {"netclass", "eth0"}); };
  CHECK(until(overdue));
  CHECK_FALSE(mtu());
  CHECK_FALSE(has_info(out, info));
  program.clock->release();
  CHECK(until([&] { return mtu() == 1500; }));
  CHECK_FALSE(overdue());
  CHECK(has_info(out, info));
}
