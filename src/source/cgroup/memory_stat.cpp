#include "source/cgroup/memory_stat.hpp"

#include "source/cgroup/flat_file.hpp"

namespace hostmeter::source::cgroup {
namespace {

using Field = CgroupMemoryStat;
using Entry = Key<Field>;

constexpr KeyTable kParts({
    Entry{"active_anon", Field::active_anon},
    Entry{"inactive_anon", Field::inactive_anon},
    Entry{"unevictable", Field::unevictable},
});
constexpr KeyTable kPartsV1({
    Entry{"total_active_anon", Field::active_anon},
    Entry{"total_inactive_anon", Field::inactive_anon},
    Entry{"total_unevictable", Field::unevictable},
    Entry{"total_rss_huge", Field::rss_huge},
    Entry{"total_pgpgin", Field::paged_in},
    Entry{"total_pgpgout", Field::paged_out},
    Entry{"active_anon", Field::own_active_anon},
    Entry{"inactive_anon", Field::own_inactive_anon},
    Entry{"unevictable", Field::own_unevictable},
    Entry{"rss_huge", Field::own_rss_huge},
    Entry{"pgpgin", Field::own_paged_in},
    Entry{"pgpgout", Field::own_paged_out},
    Entry{"active_file", Field::own_active_file},
    Entry{"inactive_file", Field::own_inactive_file},
    Entry{"cache", Field::own_cache},
    Entry{"mapped_file", Field::own_mapped_file},
    Entry{"rss", Field::own_rss},
    Entry{"writeback", Field::own_writeback},
    Entry{"hierarchical_memory_limit", Field::hierarchical_limit},
});

}  // namespace

Result<Facts<CgroupMemoryStat>> parse_memory_stat_parts(std::string_view text) {
  return parse_flat(text, kParts, "memory.stat");
}

Result<Facts<CgroupMemoryStat>> parse_memory_stat_parts_v1(std::string_view text) {
  return parse_flat(text, kPartsV1, "memory.stat");
}

void MemoryStatReader::read(const Tick& tick, Output& out) {
  gathers_.begin(tick);
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool) {
    if (cgroup.identity.kind != CgroupKind::container || !gathers_.take_turn(state.round)) return;
    const Facts<CgroupMemoryStat> facts = look(cgroup);
    if (facts.empty() && !state.has_told) return;
    state.has_told = true;
    out.send(cgroup.subject, facts);
  });
}

Facts<CgroupMemoryStat> MemoryStatReader::look(const Cgroup& cgroup) {
  const auto where = files_.where(Controller::memory, cgroup);
  if (!where) return {};
  const auto text = files_.read_cold(cgroup, where->hierarchy, "memory.stat");
  const auto parse = where->v2 ? parse_memory_stat_parts : parse_memory_stat_parts_v1;
  const auto facts = text ? parse(*text) : text.error();
  if (facts) return *facts;
  failed(facts.error());
  return {};
}

}  // namespace hostmeter::source::cgroup
