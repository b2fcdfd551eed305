#include "source/bpf/walk_setup.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <string>

#include "base/kernel_file.hpp"
#include "hostmeter/base/text.hpp"
#include "hostmeter/wire/walk.h"
#include "source/bpf/kernel_memory.hpp"
#include "source/bpf/memory_index.hpp"

namespace hostmeter::source::bpf {
namespace {

std::uint32_t mask(std::optional<std::int32_t> value) {
  return value ? std::uint32_t(*value) : 0;
}

std::uint32_t mask_of_bit(std::optional<std::int32_t> bit) {
  return bit && *bit >= 0 && *bit < 32 ? 1U << *bit : 0;
}

void set_memory(wire_walk_setup& setup, const MemoryIndex& index) {
  std::ranges::copy(index.state, setup.state);
  // memory.stat has these only in v2, and only in v1.
  setup.state[setup.v2 ? WIRE_WALK_SWAP - WIRE_WALK_ANON : WIRE_WALK_KERNEL - WIRE_WALK_ANON] = -1;
  setup.pgfault = index.pgfault;
  setup.pgmajfault = index.pgmajfault;
  if (!setup.v2) return;  // nor has v1's memory.stat these
  std::ranges::copy(index.pgscan, setup.pgscan);
  std::ranges::copy(index.pgsteal, setup.pgsteal);
  setup.reclaim_is_state = index.reclaim_is_state;
}

// Which of a v1 hierarchy's controllers has the figures of every walk.
std::optional<std::int32_t> watched(const KernelTypes& types, std::uint32_t controllers) {
  constexpr struct {
    std::uint32_t bit;
    std::string_view name;
  } kControllers[] = {{WIRE_WALK_ON_CPUACCT, "cpuacct_cgrp_id"},
                      {WIRE_WALK_ON_MEMORY, "memory_cgrp_id"},
                      {WIRE_WALK_ON_PIDS, "pids_cgrp_id"},
                      {WIRE_WALK_ON_CPU, "cpu_cgrp_id"}};
  for (const auto& [bit, name] : kControllers)
    if (controllers & bit) return types.enumerator("cgroup_subsys_id", name);
  return {};
}

}  // namespace

std::uint32_t walked_controllers(const cgroup::Hierarchy& hierarchy) {
  using cgroup::Controller;
  std::uint32_t walked = 0;
  if (!hierarchy.mount.v2) {
    const auto add = [&](Controller controller, std::uint32_t bit) {
      if (hierarchy.mount.has(controller)) walked |= bit;
    };
    add(Controller::cpu, WIRE_WALK_ON_CPU);
    add(Controller::cpuacct, WIRE_WALK_ON_CPUACCT);
    add(Controller::memory, WIRE_WALK_ON_MEMORY);
    add(Controller::pids, WIRE_WALK_ON_PIDS);
    return walked;
  }
  base::Buffer buffer(512);
  const auto text = base::read_once(hierarchy.dir.fd(), "cgroup.controllers", buffer);
  if (!text) return 0;
  for (Text words(*text); !words.empty();) {
    std::string_view word = words.until(' ');
    if (word.ends_with('\n')) word.remove_suffix(1);
    if (word == "cpu") walked |= WIRE_WALK_ON_CPU;
    if (word == "memory") walked |= WIRE_WALK_ON_MEMORY;
    if (word == "pids") walked |= WIRE_WALK_ON_PIDS;
  }
  return walked;
}

wire_walk_setup make_walk_setup(const KernelTypes& types, const Host& host,
                                const cgroup::Hierarchy& hierarchy) {
  wire_walk_setup setup{};
  setup.v2 = hierarchy.mount.v2;
  setup.controllers = walked_controllers(hierarchy);
  setup.subsys = setup.v2 ? -1 : watched(types, setup.controllers).value_or(-1);
  setup.page_shift = unsigned(std::countr_zero(unsigned(::sysconf(_SC_PAGESIZE))));
  setup.has_pressure = ::faccessat(host.proc.fd(), "pressure/cpu", F_OK, 0) == 0;
  setup.css_online = mask(types.enumerator("CSS_ONLINE"));
  setup.css_dying = mask(types.enumerator("CSS_DYING"));
  setup.css_released = mask(types.enumerator("CSS_RELEASED"));
  setup.frozen = mask_of_bit(types.enumerator("CGRP_FROZEN"));
  setup.pids_local_events = mask(types.enumerator("CGRP_ROOT_PIDS_LOCAL_EVENTS"));
  set_memory(setup, MemoryIndex());
  std::ranges::fill(setup.pgscan, std::int16_t{-1});
  std::ranges::fill(setup.pgsteal, std::int16_t{-1});

  const bool has_memory = (setup.controllers & WIRE_WALK_ON_MEMORY) != 0;
  const bool has_cpuacct = (setup.controllers & WIRE_WALK_ON_CPUACCT) != 0;
  if (!has_memory && !has_cpuacct) return setup;
  auto memory = KernelMemory::load(types, host.sys);
  if (!memory) return setup;
  if (has_memory) {
    set_memory(setup, find_memory_index(types, *memory, host.proc));
  }
  // v1, until 6.6 (f82e6bf9bb9b): a cgroup's own events are on each CPU.
  const bool has_own_events =
      has_memory && !setup.v2 && !types.has_member("memcg_vmstats", "events_local");
  if (has_cpuacct || has_own_events) {
    const auto offsets = memory->per_cpu_offsets(host.proc);
    setup.cpus = std::uint32_t(offsets.size());
    std::ranges::copy(offsets, setup.per_cpu_offset);
  }
  return setup;
}

}  // namespace hostmeter::source::bpf
