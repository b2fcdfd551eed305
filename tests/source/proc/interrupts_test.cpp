#include "source/proc/interrupts.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::proc::InterruptLines;
using source::proc::parse_processors;

namespace hostmeter::source::proc {
extern const ReaderSpec interrupts;
}

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

constexpr std::string_view kHostTree =
    "-- proc/interrupts --\n"
    "           CPU0       CPU2       \n"
    " 24:          1          7  IO-APIC   5-edge      ACPI:Ged\n"
    " 36:          0    3760358 PCI-MSIX-0000:00:02.0   1-edge      virtio1-req.0, x\n"
    "NMI:          2          3   Non-maskable interrupts\n"
    "ERR:          4\n"
    "-- proc/softirqs --\n"
    "                    CPU0       CPU2       \n"
    "          HI:          0          5\n"
    "      NET_RX:     560929     538731\n";

Instance named(const test::Captured& out, const std::vector<std::string>& labels) {
  Instance last = 0;
  for (const NewsItem& item : out.news) {
    const auto* named = std::get_if<NamedInstance>(&item);
    const auto* gone = std::get_if<GoneInstance>(&item);
    if (named && named->values == labels) last = named->instance;
    if (gone && gone->instance == last) last = 0;
  }
  return last;
}

}  // namespace

TEST_CASE("processors go by their numbers, with gaps where some are offline") {
  const auto numbers = parse_processors("           CPU0       CPU2  CPU10 ");
  REQUIRE(numbers);
  CHECK(*numbers == std::vector<std::string_view>{"0", "2", "10"});
  for (const char* damaged : {"", "   ", "CPU", "CPUx", "0 1", "CPU0 CPU1 total"}) {
    CAPTURE(damaged);
    CHECK_FALSE(parse_processors(damaged));
  }
}

TEST_CASE("a line has a count for each processor, or one for all") {
  InterruptLines lines(2);
  auto line = lines.parse(" 24:  1  7  IO-APIC   5-edge      ACPI:Ged");
  REQUIRE(line);
  CHECK(line->type == "24");
  CHECK(line->info == "IO-APIC");
  CHECK(line->devices == "5-edge ACPI:Ged");
  CHECK_FALSE(line->is_sum);
  CHECK(lines.counts() == std::vector<std::uint64_t>{1, 7});

  line = lines.parse("NMI:  2  3   Non-maskable   interrupts");
  REQUIRE(line);
  CHECK(line->info == "Non-maskable interrupts");
  CHECK(line->devices.empty());

  line = lines.parse("ERR:          4");
  REQUIRE(line);
  CHECK(line->is_sum);
  CHECK(lines.counts() == std::vector<std::uint64_t>{4});

  for (const char* damaged : {"", "24", ":", "24 1 7", "24: x 7", "24: 1 x", "24:", "24: 1 IO-APIC",
                              "24: -1 7", "24: 99999999999999999999 7"}) {
    CAPTURE(damaged);
    CHECK_FALSE(lines.parse(damaged));
  }
}

TEST_CASE("a series for each line and processor; a damaged line costs only itself") {
  test::MadeUpHost made_up(kHostTree);
  const auto reader = source::proc::interrupts.make(made_up.host, {});
  test::Captured out;
  reader->read({.realtime_ns = 100 * kSecond}, out);
  const auto hard = [&](const std::vector<std::string>& labels) {
    const Instance instance = named(out, labels);
    return instance == 0 ? std::nullopt : out.value(Interrupts::handled, kHost, instance);
  };
  CHECK(hard({"0", "24", "IO-APIC", "5-edge ACPI:Ged"}) == 1);
  CHECK(hard({"2", "24", "IO-APIC", "5-edge ACPI:Ged"}) == 7);
  CHECK(hard({"2", "36", "PCI-MSIX-0000:00:02.0", "1-edge virtio1-req.0, x"}) == 3'760'358);
  CHECK(hard({"2", "NMI", "Non-maskable interrupts", ""}) == 3);
  CHECK(hard({"", "ERR", "", ""}) == 4);
  CHECK(out.value(Softirq::handled, kHost, named(out, {"2", "NET_RX"})) == 538'731);
  CHECK(reader->parse_errors() == 0);

  made_up.tree.write("proc/interrupts",
                     "  CPU0 CPU2\n 24: 9 8 IO-APIC 5-edge ACPI:Ged\nNMI: nonsense\n");
  reader->read({.realtime_ns = 101 * kSecond}, out);
  CHECK(hard({"0", "24", "IO-APIC", "5-edge ACPI:Ged"}) == 1);  // not due
  reader->read({.realtime_ns = 105 * kSecond}, out);
  CHECK(hard({"0", "24", "IO-APIC", "5-edge ACPI:Ged"}) == 9);
  CHECK(named(out, {"2", "NMI", "Non-maskable interrupts", ""}) == 0);
  CHECK(named(out, {"2", "36", "PCI-MSIX-0000:00:02.0", "1-edge virtio1-req.0, x"}) == 0);
  CHECK(reader->parse_errors() == 1);
}

TEST_CASE("after a processor came, its columns are not another's") {
  test::MadeUpHost made_up(kHostTree);
  const auto reader = source::proc::interrupts.make(made_up.host, {});
  test::Captured out;
  reader->read({.realtime_ns = 100 * kSecond}, out);
  made_up.tree.write("proc/interrupts", "  CPU0 CPU1 CPU2\nNMI: 2 6 3 Non-maskable interrupts\n");
  reader->read({.realtime_ns = 105 * kSecond}, out);
  const auto value = [&](const char* processor) {
    return out.value(Interrupts::handled, kHost,
                     named(out, {processor, "NMI", "Non-maskable interrupts", ""}));
  };
  CHECK(value("0") == 2);
  CHECK(value("1") == 6);
  CHECK(value("2") == 3);
}

TEST_CASE("very many lines are told bit by bit, and bounded") {
  std::string file = " CPU0\n";
  for (int i = 0; i < 5'000; ++i) file += std::to_string(i) + ": 1 chip device\n";
  test::MadeUpHost made_up("-- proc/interrupts --\n" + file);
  const auto reader = source::proc::interrupts.make(made_up.host, {});
  test::Captured out;
  for (std::uint64_t second = 100; second < 103; ++second) {
    const std::size_t before = out.news.size();
    reader->read({.realtime_ns = second * kSecond}, out);
    CHECK(out.news.size() - before <= 2'048);
  }
  CHECK(named(out, {"0", "4999", "chip", "device"}) != 0);
  CHECK(reader->parse_errors() == 0);

  for (int i = 5'000; i < 66'000; ++i) file += std::to_string(i) + ": 1 chip device\n";
  made_up.tree.write("proc/interrupts", file);
  reader->read({.realtime_ns = 105 * kSecond}, out);
  CHECK(reader->parse_errors() == 1);
}

TEST_CASE("a host without these files has no such series") {
  test::MadeUpHost made_up("");
  const auto reader = source::proc::interrupts.make(made_up.host, {});
  test::Captured out;
  reader->read({.realtime_ns = 100 * kSecond}, out);
  CHECK(out.news.empty());
  CHECK(reader->parse_errors() + reader->read_errors() == 0);
}
