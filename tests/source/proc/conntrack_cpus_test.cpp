#include <doctest/doctest.h>

#include "source/proc/kernel_values.hpp"
#include "source/proc/reader_spec.hpp"
#include "support/kernel_values.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec conntrack_cpus;
}

TEST_CASE("what each CPU tracked") {
  const auto said =
      test::kernel_values(source::proc::conntrack_cpus,
                          "-- proc/net/stat/nf_conntrack --\nentries found\n0a 01\n0a 02\n");
  CHECK(said.size() == 6);
  CHECK(said.at("net/stat/nf_conntrack 1 found") == 2);
  CHECK(said.at("net/stat/nf_conntrack all found") == 3);
}

TEST_CASE("sums are of all CPUs, also of more than are shown one by one") {
  constexpr int kCpus = 3'000;
  std::string tree = "-- proc/net/stat/nf_conntrack --\nentries found\n";
  for (int cpu = 0; cpu < kCpus; ++cpu) tree += "0a 02\n";
  const auto said = test::kernel_values(source::proc::conntrack_cpus, tree);
  CHECK(said.size() == source::proc::KernelValueReader::kMostValues);
  CHECK(said.at("net/stat/nf_conntrack all entries") == 10);
  CHECK(said.at("net/stat/nf_conntrack all found") == 2 * kCpus);
}

TEST_CASE("it reads only where it is asked for, and without its files it says nothing") {
  CHECK(source::proc::conntrack_cpus.when == source::proc::When::asked);
  CHECK(test::kernel_values(source::proc::conntrack_cpus, "-- proc/nothing --\n").empty());
}
