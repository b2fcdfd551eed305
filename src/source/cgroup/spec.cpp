#include "source/cgroup/spec.hpp"

#include "source/cgroup/flat_file.hpp"

namespace hostmeter::source::cgroup {
namespace {

constexpr std::uint64_t kNsPerUs = 1000;
// v1 shows "no limit" as the largest number of whole pages in a signed 64-bit value.
constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 62U;

}  // namespace

Result<std::optional<std::uint64_t>> parse_cfs_quota(std::string_view text) {
  if (text == "-1\n") return std::optional<std::uint64_t>{};
  const auto quota = parse_value(text, "cpu.cfs_quota_us");
  if (!quota) return quota.error();
  const auto ns = scaled(*quota, kNsPerUs);
  if (!ns) return Error{ERANGE, "cpu.cfs_quota_us"};
  return ns;
}

Result<Facts<CgroupSpec>> parse_cpu_max(std::string_view text) {
  Text words = Text(text).line();
  const std::string_view quota = words.word();
  const auto period = words.number();
  if (!period || !text.ends_with('\n')) return Error{EBADMSG, "cpu.max"};
  Facts<CgroupSpec> facts;
  const auto period_ns = scaled(*period, kNsPerUs);
  if (!period_ns) return Error{ERANGE, "cpu.max"};
  facts.set(CgroupSpec::cpu_period_ns, *period_ns);
  if (quota == "max") return facts;
  const auto number = Text::to_number(quota);
  if (!number) return Error{EBADMSG, "cpu.max"};
  const auto quota_ns = scaled(*number, kNsPerUs);
  if (!quota_ns) return Error{ERANGE, "cpu.max"};
  facts.set(CgroupSpec::cpu_quota_ns, *quota_ns);
  return facts;
}

std::uint64_t shares_of_weight(std::uint64_t weight) {
  if (weight < 1) weight = 1;
  if (weight > 10'000) weight = 10'000;
  return 2 + (weight - 1) * 262'142 / 9'999;
}

Result<std::optional<std::uint64_t>> parse_limit(std::string_view text, std::string_view what) {
  const auto limit = parse_value(text, what);
  if (!limit) return limit.error();
  if (*limit == 0) return std::optional<std::uint64_t>{};
  return std::optional<std::uint64_t>(*limit >= kNoLimit ? 0 : *limit);
}

void SpecReader::read(const Tick& tick, Output& out) {
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool first) {
    if (first || is_limit_due(tick, cgroup, options_)) state.facts = look(cgroup);
    state.sent.send(out, tick, cgroup.subject, state.facts);
  });
}

Facts<CgroupSpec> SpecReader::look(const Cgroup& cgroup) {
  Facts<CgroupSpec> facts;
  if (const auto cpu = files_.where(Controller::cpu, cgroup)) {
    if (cpu->v2)
      look_at_cpu_v2(cgroup, cpu->hierarchy, facts);
    else
      look_at_cpu_v1(cgroup, cpu->hierarchy, facts);
  }
  if (const auto memory = files_.where(Controller::memory, cgroup)) {
    look_at_limit(CgroupSpec::memory_limit, cgroup, memory->hierarchy,
                  memory->v2 ? "memory.max" : "memory.limit_in_bytes", facts);
    look_at_limit(CgroupSpec::swap_limit, cgroup, memory->hierarchy,
                  memory->v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes", facts);
    look_at_reservation(cgroup, *memory, facts);
  }
  return facts;
}

void SpecReader::look_at_cpu_v1(const Cgroup& cgroup, std::size_t hierarchy,
                                Facts<CgroupSpec>& facts) {
  auto text = files_.read_cold(cgroup, hierarchy, "cpu.cfs_quota_us");
  const auto quota = text ? parse_cfs_quota(*text) : text.error();
  if (quota)
    facts.set(CgroupSpec::cpu_quota_ns, *quota);
  else
    failed(quota.error());
  text = files_.read_cold(cgroup, hierarchy, "cpu.cfs_period_us");
  const auto period = text ? parse_value(*text, "cpu.cfs_period_us") : text.error();
  if (period)
    facts.set(CgroupSpec::cpu_period_ns, scaled(*period, kNsPerUs));
  else
    failed(period.error());
  text = files_.read_cold(cgroup, hierarchy, "cpu.shares");
  const auto shares = text ? parse_value(*text, "cpu.shares") : text.error();
  if (shares)
    facts.set(CgroupSpec::cpu_shares, *shares);
  else
    failed(shares.error());
}

void SpecReader::look_at_cpu_v2(const Cgroup& cgroup, std::size_t hierarchy,
                                Facts<CgroupSpec>& facts) {
  auto text = files_.read_cold(cgroup, hierarchy, "cpu.max");
  const auto limits = text ? parse_cpu_max(*text) : text.error();
  if (limits)
    merge(facts, *limits);
  else
    failed(limits.error());
  text = files_.read_cold(cgroup, hierarchy, "cpu.weight");
  const auto weight = text ? parse_value(*text, "cpu.weight") : text.error();
  if (weight)
    facts.set(CgroupSpec::cpu_shares, shares_of_weight(*weight));
  else
    failed(weight.error());
}

void SpecReader::look_at_limit(CgroupSpec field, const Cgroup& cgroup, std::size_t hierarchy,
                               std::string_view name, Facts<CgroupSpec>& facts) {
  const auto text = files_.read_cold(cgroup, hierarchy, name);
  const auto limit = text ? parse_limit(*text, "memory limit") : text.error();
  if (limit)
    facts.set(field, *limit);
  else
    failed(limit.error());
}

// Here 0 is what it says: nothing is reserved. v1 says so with its "no limit"; v2's "max" is
// everything, for which there is no number.
void SpecReader::look_at_reservation(const Cgroup& cgroup, Where where, Facts<CgroupSpec>& facts) {
  const auto text = files_.read_cold(cgroup, where.hierarchy,
                                     where.v2 ? "memory.low" : "memory.soft_limit_in_bytes");
  const auto bytes = text ? parse_value(*text, "memory reservation") : text.error();
  if (!bytes)
    failed(bytes.error());
  else if (*bytes < kNoLimit)
    facts.set(CgroupSpec::memory_reservation, *bytes);
  else if (!where.v2)
    facts.set(CgroupSpec::memory_reservation, 0);
}

}  // namespace hostmeter::source::cgroup
