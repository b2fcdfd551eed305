#include "source/proc/cpu_info.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/cpu_info.hpp"
#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::proc;

namespace hostmeter::source::proc {
extern const ReaderSpec cpu_info;
}

TEST_CASE("processors of x86") {
  test::MadeUpHost made_up(
      "-- proc/cpuinfo --\n"
      "processor\t: 0\nvendor_id\t: Vendor\ncpu family\t: 25\nmodel\t\t: 17\n"
      "model name\t: Fast CPU: two\nstepping\t: 1\nmicrocode\t: 0x1\ncpu MHz\t\t: 2596.146\n"
      "cache size\t: 1024 KB\nphysical id\t: 3\ncore id\t\t: 4\npower management:\n\n"
      "processor\t: 1\nmodel name\t: Fast CPU: two\n");
  const auto reader = source::proc::cpu_info.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  REQUIRE(out.news.size() == 2);
  const auto& first = std::get<NamedInstance>(out.news[0]);
  CHECK(first.values == std::vector<std::string>{"1024 KB", "4", "0", "25", "0x1", "17",
                                                 "Fast CPU: two", "3", "1", "Vendor"});
  CHECK(out.value(CpuInfo::info, kHost, first.instance) == 1);
  CHECK(std::get<NamedInstance>(out.news[1]).values[2] == "1");
  CHECK(std::get<NamedInstance>(out.news[1]).values[9].empty());
  out.clear();
  reader->read({.number = 2}, out);
  CHECK(out.records.empty());
}

TEST_CASE("sections that are about no processor are skipped") {
  Text arm("processor : 0\nBogoMIPS : 50\n\nHardware : Board\nRevision : 1\n\n\nprocessor: 7");
  CHECK(next_cpu(arm)[std::size_t(CpuLabel::cpu)] == "0");
  CHECK(next_cpu(arm)[std::size_t(CpuLabel::cpu)] == "7");
  CHECK(next_cpu(arm)[std::size_t(CpuLabel::cpu)].empty());
  for (const char* text :
       {"", "\n\n\n", ":", "processor", "processor : ARMv6 (v6l)\n", "\xff\x01:2"}) {
    CAPTURE(text);
    Text none(text);
    CHECK(next_cpu(none)[std::size_t(CpuLabel::cpu)].empty());
    CHECK(none.empty());
  }
}
