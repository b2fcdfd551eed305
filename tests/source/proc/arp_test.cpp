#include "source/proc/arp.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/arp.hpp"
#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec arp;
}

using namespace hostmeter::source::proc;

namespace {

constexpr std::string_view kHeading =
    "IP address       HW type     Flags       HW address            Mask     Device\n";

std::string neighbour(std::string_view device) {
  return "192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        " +
         std::string(device) + "\n";
}

}  // namespace

TEST_CASE("neighbours are counted by device") {
  std::vector<ArpDevice> devices;
  const std::string text =
      std::string(kHeading) + neighbour("eth0") + neighbour("br-1") + neighbour("eth0");
  REQUIRE(parse_arp(text, devices));
  REQUIRE(devices.size() == 2);
  CHECK(devices[0].device == "eth0");
  CHECK(devices[0].entries == 2);
  CHECK(devices[1].device == "br-1");
  CHECK(devices[1].entries == 1);
}

TEST_CASE("a damaged table is refused") {
  for (const char* line : {"192.0.2.1 0x1 0x2 02:fc:00:00:00:05 *\n", "x"}) {
    CAPTURE(line);
    std::vector<ArpDevice> devices;
    CHECK_FALSE(parse_arp(std::string(kHeading) + line, devices));
  }
}

TEST_CASE("devices without neighbours go, and the table is read now and then only") {
  test::MadeUpHost made_up("-- proc/1/net/arp --\n" + std::string(kHeading) + neighbour("eth0"));
  made_up.host.net = "1/net";
  const auto reader = arp.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Arp::entries, kHost, out.instance("eth0")) == 1);

  made_up.tree.write("proc/1/net/arp", kHeading);
  out.clear();
  reader->read({}, out);
  CHECK(out.news.empty());
  for (int i = 0; i < 15; ++i) reader->read({}, out);
  REQUIRE(out.news.size() == 1);
  CHECK(std::get_if<GoneInstance>(&out.news[0]) != nullptr);
  CHECK(reader->parse_errors() == 0);
}

TEST_CASE("without the file there is nothing, and a damaged one is counted") {
  test::MadeUpHost made_up("");
  test::Captured out;
  const auto reader = arp.make(made_up.host, {});
  reader->read({}, out);
  CHECK(out.records.empty());
  CHECK(reader->read_errors() == 0);
  made_up.tree.write("proc/net/arp", std::string(kHeading) + neighbour("eth0") + "x\n");
  reader->read({.resend = true}, out);
  CHECK(out.records.empty());
  CHECK(reader->parse_errors() == 1);
}
