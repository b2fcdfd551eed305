// Against this machine's kernel.
#include "source/bpf/kernel_memory.hpp"

#include <bpf/libbpf.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string>
#include <string_view>

#include "source/bpf/kernel_symbols.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;

namespace {

struct Machine {
  base::Dir proc = std::move(*base::Dir::open("/proc"));
  base::Dir sys = std::move(*base::Dir::open("/sys"));
  std::optional<KernelMemory> memory;

  Machine() {
    const auto types = KernelTypes::load();
    if (!types) return;
    auto loaded = KernelMemory::load(*types, sys);
    if (loaded) memory.emplace(std::move(*loaded));
  }
  bool usable() const {
    if (!memory) std::puts("SKIPPED: needs BTF and the right to load BPF programs that trace");
    return memory.has_value();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Machine, "what lies at an address is what the kernel has there") {
  if (!usable()) return;
  // Of data kallsyms tells only with CONFIG_KALLSYMS_ALL.
  constexpr std::array<std::string_view, 2> kNames{"linux_banner", "schedule"};
  const Symbols symbols = find_symbols(proc, kNames);
  if (symbols.empty()) std::puts("SKIPPED: kallsyms shows no addresses here");
  for (const auto& symbol : symbols) {
    const std::string& name = symbol.first;
    CAPTURE(name);
    const auto bytes = memory->at(symbol.second);
    REQUIRE(bytes.size() == WIRE_PEEK_BYTES);
    CHECK(std::ranges::any_of(bytes, [](std::uint8_t byte) { return byte != 0; }));
    if (name == "linux_banner")
      CHECK(std::string(bytes.begin(), bytes.begin() + 14) == "Linux version ");
  }
}

TEST_CASE_FIXTURE(Machine, "where nothing can be read there is nothing, and then something again") {
  if (!usable()) return;
  CHECK(memory->at(0).empty());
  CHECK(memory->at(~0ULL - 4096).empty());
  CHECK(memory->per_cpu_offsets(proc).size() == std::size_t(libbpf_num_possible_cpus()));
}

TEST_CASE_FIXTURE(Machine, "every possible CPU has an offset of its own") {
  if (!usable()) return;
  const auto offsets = memory->per_cpu_offsets(proc);
  REQUIRE(offsets.size() == std::size_t(libbpf_num_possible_cpus()));
  CHECK(std::set<std::uint64_t>(offsets.begin(), offsets.end()).size() == offsets.size());
}
