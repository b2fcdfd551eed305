#include "source/cgroup/memory.hpp"

#include "source/cgroup/flat_file.hpp"

namespace hostmeter::source::cgroup {
namespace {

using Entry = Key<CgroupMemory>;

constexpr KeyTable kStat({
    Entry{"anon", CgroupMemory::rss},
    Entry{"file", CgroupMemory::cache},
    Entry{"kernel", CgroupMemory::kernel},  // 5.18 and later
    Entry{"file_mapped", CgroupMemory::mapped_file},
    Entry{"file_dirty", CgroupMemory::file_dirty},
    Entry{"file_writeback", CgroupMemory::file_writeback},
    Entry{"inactive_file", CgroupMemory::inactive_file},
    Entry{"active_file", CgroupMemory::active_file},
    Entry{"workingset_refault_anon", CgroupMemory::refault_anon},
    Entry{"workingset_refault_file", CgroupMemory::refault_file},
    Entry{"pgscan", CgroupMemory::pgscan},
    Entry{"pgsteal", CgroupMemory::pgsteal},
    Entry{"pgfault", CgroupMemory::pgfault},
    Entry{"pgmajfault", CgroupMemory::pgmajfault},
});
constexpr KeyTable kStatV1({
    Entry{"pgfault", CgroupMemory::own_pgfault},
    Entry{"pgmajfault", CgroupMemory::own_pgmajfault},
    Entry{"total_cache", CgroupMemory::cache},
    Entry{"total_rss", CgroupMemory::rss},
    Entry{"total_mapped_file", CgroupMemory::mapped_file},
    Entry{"total_dirty", CgroupMemory::file_dirty},
    Entry{"total_writeback", CgroupMemory::file_writeback},
    Entry{"total_workingset_refault_anon", CgroupMemory::refault_anon},
    Entry{"total_workingset_refault_file", CgroupMemory::refault_file},
    Entry{"total_swap", CgroupMemory::swap},
    Entry{"total_pgfault", CgroupMemory::pgfault},
    Entry{"total_pgmajfault", CgroupMemory::pgmajfault},
    Entry{"total_inactive_file", CgroupMemory::inactive_file},
    Entry{"total_active_file", CgroupMemory::active_file},
});
constexpr KeyTable kEvents({
    Entry{"low", CgroupMemory::events_low}, Entry{"high", CgroupMemory::events_high},
    Entry{"max", CgroupMemory::events_max}, Entry{"oom", CgroupMemory::events_oom},
    Entry{"oom_kill", CgroupMemory::oom_kills},  // v1: 4.13 and later
});

void set_working_set(Facts<CgroupMemory>& facts) {
  const auto usage = facts.get(CgroupMemory::usage);
  const auto inactive = facts.get(CgroupMemory::inactive_file);
  if (usage && inactive)
    facts.set(CgroupMemory::working_set, *usage > *inactive ? *usage - *inactive : 0);
}

}  // namespace

Result<Facts<CgroupMemory>> parse_memory_stat(std::string_view text) {
  auto facts = parse_flat(text, kStat, "memory.stat");
  if (!facts) return facts;
  // v2 counts with everything below only; cAdvisor shows the same number in both scopes.
  facts->set(CgroupMemory::own_pgfault, facts->get(CgroupMemory::pgfault));
  facts->set(CgroupMemory::own_pgmajfault, facts->get(CgroupMemory::pgmajfault));
  return facts;
}

Result<Facts<CgroupMemory>> parse_memory_stat_v1(std::string_view text) {
  return parse_flat(text, kStatV1, "memory.stat");
}

Result<Facts<CgroupMemory>> parse_memory_events(std::string_view text) {
  return parse_flat(text, kEvents, "memory events");
}

void MemoryReader::read(const Tick& tick, Output& out) {
  const bool is_long = long_ticks_.is_long_after_the_last(tick);
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool) {
    Facts<CgroupMemory> facts;
    if (const auto where = files_.where(Controller::memory, cgroup)) {
      const bool is_root = cgroup.subject == kHost;
      const bool looks = state.hierarchy != where->hierarchy || (is_root && is_long) ||
                         is_turn(tick, cgroup, state);
      if (looks) state.slow = read_slow(cgroup, state, *where);
      facts = state.slow;
      read_usage(cgroup, state, *where, facts);
      if (!is_root) read_stat(cgroup, state, *where, facts);
      if (!is_root || looks) set_working_set(facts);
      if (is_root && looks)
        state.slow.set(CgroupMemory::working_set, facts.get(CgroupMemory::working_set));
      state.usage = facts.get(CgroupMemory::usage);
      state.faults = facts.get(CgroupMemory::pgfault);
    }
    state.sent.send(out, tick, cgroup.subject, facts);
  });
}

bool MemoryReader::is_turn(const Tick& tick, const Cgroup& cgroup, const State& state) const {
  const bool idle = cgroup.subject != kHost && state.usage == state.looked_usage &&
                    state.faults == state.looked_faults;
  return is_due(tick, cgroup, idle ? options_.idle_every : options_.warm_every);
}

void MemoryReader::read_value(CgroupMemory field, FileCache::File& file, const Cgroup& cgroup,
                              std::size_t hierarchy, std::string_view name,
                              Facts<CgroupMemory>& facts) {
  const auto text = files_.read_slow(file, cgroup, hierarchy, name);
  const auto value = text ? parse_value(*text, "memory value") : text.error();
  if (value)
    facts.set(field, *value);
  else
    failed(value.error());
}

Facts<CgroupMemory> MemoryReader::read_slow(const Cgroup& cgroup, State& state, Where where) {
  state.hierarchy = where.hierarchy;
  state.looked_usage = state.usage;
  state.looked_faults = state.faults;
  Facts<CgroupMemory> facts;
  const std::size_t at = where.hierarchy;
  if (where.v2) {
    read_value(CgroupMemory::peak, state.peak, cgroup, at, "memory.peak", facts);
    read_value(CgroupMemory::swap, state.swap, cgroup, at, "memory.swap.current", facts);
  } else {
    read_value(CgroupMemory::peak, state.peak, cgroup, at, "memory.max_usage_in_bytes", facts);
    read_value(CgroupMemory::failcnt, state.failcnt, cgroup, at, "memory.failcnt", facts);
    read_value(CgroupMemory::kernel, state.kernel, cgroup, at, "memory.kmem.usage_in_bytes", facts);
  }
  const auto text =
      files_.read_slow(state.events, cgroup, at, where.v2 ? "memory.events" : "memory.oom_control");
  const auto events = text ? parse_memory_events(*text) : text.error();
  if (events)
    merge(facts, *events);
  else
    failed(events.error());
  if (cgroup.subject == kHost) read_stat(cgroup, state, where, facts);
  return facts;
}

void MemoryReader::read_usage(const Cgroup& cgroup, State& state, Where where,
                              Facts<CgroupMemory>& facts) {
  const auto text = files_.read_hot(state.current, cgroup, where.hierarchy,
                                    where.v2 ? "memory.current" : "memory.usage_in_bytes");
  const auto usage = text ? parse_value(*text, "memory usage") : text.error();
  if (usage)
    facts.set(CgroupMemory::usage, *usage);
  else
    failed(usage.error());
}

void MemoryReader::read_stat(const Cgroup& cgroup, State& state, Where where,
                             Facts<CgroupMemory>& facts) {
  const bool is_hot = cgroup.subject != kHost;
  const auto text = files_.read(state.stat, cgroup, where.hierarchy, "memory.stat", is_hot);
  const auto parse = where.v2 ? parse_memory_stat : parse_memory_stat_v1;
  const auto stat = text ? parse(*text) : text.error();
  if (stat)
    merge(facts, *stat);
  else
    failed(stat.error());
}

}  // namespace hostmeter::source::cgroup
