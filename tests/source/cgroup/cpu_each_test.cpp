#include "source/cgroup/cpu_each.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
const Options kOften{.cpu_each = {{.interval_ns = 15 * kSecond}}};
const std::string kId(64, 'a');
const std::string kFile = "cg/cpuacct/docker/" + kId + "/cpuacct.usage_percpu";

std::optional<std::vector<std::uint64_t>> usage(std::string_view text) {
  std::vector<std::uint64_t> found;
  if (!parse_usage_percpu(text, found)) return {};
  return found;
}

}  // namespace

TEST_CASE("one number for each CPU") {
  CHECK(usage("1 22 0 \n") == std::vector<std::uint64_t>{1, 22, 0});
  CHECK(usage("7\n") == std::vector<std::uint64_t>{7});
  for (const char* text : {"", "1 2", "1 x \n", "-1 \n", "99999999999999999999 \n"})
    CHECK_FALSE(usage(text));
  std::string many;
  for (std::size_t i = 0; i <= kMostCpus; ++i) many += "1 ";
  CHECK_FALSE(usage(many + "\n"));
}

TEST_CASE("which CPUs are online") {
  CHECK(*parse_cpu_list("0-2,8,10-11\n") == std::vector<std::uint32_t>{0, 1, 2, 8, 10, 11});
  CHECK(*parse_cpu_list("0\n") == std::vector<std::uint32_t>{0});
  for (const char* text : {"a\n", "3-1\n", "0-\n", "1,1\n", "0-99999999\n", "2,0\n"})
    CHECK_FALSE(parse_cpu_list(text));
}

TEST_CASE("those that are online, of containers, when they come and once in an interval") {
  test::CgroupHost host(test::kV1Mounts, "-- sys/devices/system/cpu/online --\n0,2\n");
  host.write(kFile, "10 20 30 40 \n");
  host.write("cg/cpuacct/plain/cpuacct.usage_percpu", "1 2 3 4 \n");
  CpuEachReader reader(host.made_up.host, host.tree, host.files, kOften);
  host.tick(reader);
  const Subject one = host.subject("/docker/" + kId);
  const Instance first = host.out.instance("0", one), third = host.out.instance("2", one);
  CHECK(host.out.value(CgroupCpuEach::usage_ns, one, first) == 10);
  CHECK(host.out.value(CgroupCpuEach::usage_ns, one, third) == 30);
  CHECK(host.out.instance("1", one) == 0);
  CHECK(host.out.instance("0", host.subject("/plain")) == 0);
  host.write(kFile, "11 21 31 41 \n");
  host.tick(reader);
  CHECK_FALSE(host.out.value(CgroupCpuEach::usage_ns, one, first));
  host.now.realtime_ns = 15 * kSecond;
  host.tick(reader);
  CHECK(host.out.value(CgroupCpuEach::usage_ns, one, first) == 11);
}

TEST_CASE("where nobody says which are online all are; a damaged file takes all back") {
  test::CgroupHost host(test::kV1Mounts);
  host.write(kFile, "10 20 \n");
  CpuEachReader reader(host.made_up.host, host.tree, host.files, kOften);
  host.tick(reader);
  const Subject one = host.subject("/docker/" + kId);
  const Instance second = host.out.instance("1", one);
  CHECK(host.out.value(CgroupCpuEach::usage_ns, one, second) == 20);
  host.write(kFile, "10 twenty \n");
  host.tick(reader, true);
  CHECK(reader.parse_errors() == 1);
  CHECK(std::ranges::any_of(host.out.news, [&](const NewsItem& item) {
    const auto* gone = std::get_if<GoneInstance>(&item);
    return gone && gone->instance == second;
  }));
}

TEST_CASE("v2 does not tell CPUs apart") {
  test::CgroupHost host(test::kV2Mounts);
  host.write("cg/docker/" + kId + "/cpu.stat", "usage_usec 5\n");
  CpuEachReader reader(host.made_up.host, host.tree, host.files, kOften);
  host.tick(reader);
  CHECK(std::ranges::none_of(host.out.records, [](const Record& record) {
    return record.group == Group::cgroup_cpu_each;
  }));
  CHECK(reader.read_errors() == 0);
}
