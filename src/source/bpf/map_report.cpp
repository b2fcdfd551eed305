#include "source/bpf/map_report.hpp"

#include "hostmeter/flow/facts/bpf_map.hpp"

namespace hostmeter::source::bpf {

void MapReport::send(Output& out, const MapHealth& health, std::size_t cgroups) {
  Facts<BpfMap> rows;
  rows.set(BpfMap::entries, health.entries);
  rows.set(BpfMap::max_entries, health.max_entries);
  rows.set(BpfMap::dropped, health.dropped);
  rows.set(BpfMap::recursion_misses, health.recursion_misses);
  Facts<BpfMap> ancestors;
  ancestors.set(BpfMap::entries, std::uint64_t(cgroups));
  ancestors.set(BpfMap::max_entries, health.max_ancestors);
  out.send(kHost, rows, maps_.get(out, rows_));
  out.send(kHost, ancestors, maps_.get(out, ancestors_));
  if (health.max_direct == 0) return;
  Facts<BpfMap> direct;
  direct.set(BpfMap::entries, health.direct);
  direct.set(BpfMap::max_entries, health.max_direct);
  out.send(kHost, direct, maps_.get(out, direct_));
}

}  // namespace hostmeter::source::bpf
