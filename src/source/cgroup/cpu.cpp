#include "source/cgroup/cpu.hpp"

#include "source/cgroup/flat_file.hpp"
#include "source/cgroup/spec.hpp"

namespace hostmeter::source::cgroup {
namespace {

// What the kernel shows user space is in 1/100 s on every architecture we run on.
constexpr std::uint64_t kNsPerTick = 10'000'000;

constexpr KeyTable kCpuStat({
    Key<CgroupCpu>{"usage_usec", CgroupCpu::usage_ns, 1000},
    Key<CgroupCpu>{"user_usec", CgroupCpu::user_ns, 1000},
    Key<CgroupCpu>{"system_usec", CgroupCpu::system_ns, 1000},
    Key<CgroupCpu>{"nr_periods", CgroupCpu::periods},
    Key<CgroupCpu>{"nr_throttled", CgroupCpu::throttled_periods},
    Key<CgroupCpu>{"throttled_usec", CgroupCpu::throttled_ns, 1000},
    Key<CgroupCpu>{"nr_bursts", CgroupCpu::burst_periods},
    Key<CgroupCpu>{"burst_usec", CgroupCpu::burst_ns, 1000},
});
constexpr KeyTable kCpuacctStat({
    Key<CgroupCpu>{"user", CgroupCpu::user_ns, kNsPerTick},
    Key<CgroupCpu>{"system", CgroupCpu::system_ns, kNsPerTick},
});
constexpr KeyTable kThrottling({
    Key<CgroupCpu>{"nr_periods", CgroupCpu::periods},
    Key<CgroupCpu>{"nr_throttled", CgroupCpu::throttled_periods},
    Key<CgroupCpu>{"throttled_time", CgroupCpu::throttled_ns},
    Key<CgroupCpu>{"nr_bursts", CgroupCpu::burst_periods},
    Key<CgroupCpu>{"burst_time", CgroupCpu::burst_ns},
});

}  // namespace

Result<Facts<CgroupCpu>> parse_cpu_stat(std::string_view text) {
  return parse_flat(text, kCpuStat, "cpu.stat");
}

Result<Facts<CgroupCpu>> parse_cpuacct_stat(std::string_view text) {
  return parse_flat(text, kCpuacctStat, "cpuacct.stat");
}

Result<Facts<CgroupCpu>> parse_throttling(std::string_view text) {
  return parse_flat(text, kThrottling, "cpu.stat");
}

void CpuReader::read(const Tick& tick, Output& out) {
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool first) {
    const bool had_quota = state.has_quota;
    if (first || is_limit_due(tick, cgroup, options_)) state.has_quota = look_for_quota(cgroup);
    if (state.has_quota != had_quota || is_due(tick, cgroup, options_.warm_every))
      read_throttling(cgroup, state);
    Facts<CgroupCpu> facts;
    if (const auto where = files_.where(Controller::cpuacct, cgroup))
      facts = where->v2 ? read_v2(cgroup, state, where->hierarchy)
                        : read_v1(tick, cgroup, state, where->hierarchy);
    activity_.set(cgroup.subject, facts.get(CgroupCpu::usage_ns));
    state.sent.send(out, tick, cgroup.subject, facts);
  });
}

Facts<CgroupCpu> CpuReader::read_v2(const Cgroup& cgroup, State& state, std::size_t hierarchy) {
  const auto text = files_.read_hot(state.stat, cgroup, hierarchy, "cpu.stat");
  const auto parsed = text ? parse_cpu_stat(*text) : text.error();
  if (!parsed) {
    failed(parsed.error());
    return {};
  }
  if (state.has_quota) return *parsed;
  Facts<CgroupCpu> facts;
  for (const CgroupCpu field : {CgroupCpu::usage_ns, CgroupCpu::user_ns, CgroupCpu::system_ns})
    facts.set(field, parsed->get(field));
  return facts;
}

// Without a quota the kernel's counters of periods stand still, or are of a former quota.
bool CpuReader::look_for_quota(const Cgroup& cgroup) {
  const auto where = files_.where(Controller::cpu, cgroup);
  if (!where) return false;
  const auto text =
      files_.read_cold(cgroup, where->hierarchy, where->v2 ? "cpu.max" : "cpu.cfs_quota_us");
  if (!text) return false;  // the reader of limits counts what is wrong with it
  if (where->v2) {
    const auto limits = parse_cpu_max(*text);
    return limits && limits->get(CgroupSpec::cpu_quota_ns).has_value();
  }
  const auto quota = parse_cfs_quota(*text);
  return quota && quota->has_value();
}

void CpuReader::read_throttling(const Cgroup& cgroup, State& state) {
  state.throttled = {};
  const auto where = files_.where(Controller::cpu, cgroup);
  if (!state.has_quota || !where || where->v2) return;
  const auto text = files_.read_slow(state.throttling, cgroup, where->hierarchy, "cpu.stat");
  const auto parsed = text ? parse_throttling(*text) : text.error();
  if (parsed)
    state.throttled = *parsed;
  else
    failed(parsed.error());
}

Facts<CgroupCpu> CpuReader::read_v1(const Tick& tick, const Cgroup& cgroup, State& state,
                                    std::size_t hierarchy) {
  Facts<CgroupCpu> facts = state.throttled;
  auto text = files_.read_hot(state.usage, cgroup, hierarchy, "cpuacct.usage");
  const auto usage = text ? parse_value(*text, "cpuacct.usage") : text.error();
  if (usage)
    facts.set(CgroupCpu::usage_ns, *usage);
  else
    failed(usage.error());
  if (state.look.take_turn(is_due(tick, cgroup, options_.warm_every),
                           facts.get(CgroupCpu::usage_ns))) {
    state.ticks = {};
    text = files_.read(state.stat, cgroup, hierarchy, "cpuacct.stat", state.look.busy());
    const auto stat = text ? parse_cpuacct_stat(*text) : text.error();
    if (stat)
      state.ticks = *stat;
    else
      failed(stat.error());
  }
  merge(facts, state.ticks);
  return facts;
}

}  // namespace hostmeter::source::cgroup
