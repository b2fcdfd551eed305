#include "source/cgroup/pressure.hpp"

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::cgroup {

Result<Stalls> parse_pressure(std::string_view text) {
  constexpr std::string_view kTotal = "total=";
  if (text.empty() || text.back() != '\n') return Error{EBADMSG, "pressure: cut short"};
  Stalls stalls;
  Text lines(text);
  while (!lines.empty()) {
    Text line = lines.line();
    const std::string_view kind = line.word();
    if (kind != "some" && kind != "full") continue;
    std::string_view word = line.word();
    while (!word.empty() && !word.starts_with(kTotal)) word = line.word();
    if (word.empty()) return Error{EBADMSG, "pressure: total"};
    const auto us = Text::to_number(word.substr(kTotal.size()));
    if (!us) return Error{EBADMSG, "pressure: total"};
    const auto ns = scaled(*us, 1000);
    if (!ns) return Error{ERANGE, "pressure: total"};
    (kind == "some" ? stalls.some_ns : stalls.full_ns) = ns;
  }
  if (!stalls.some_ns) return Error{EBADMSG, "pressure: some"};
  return stalls;
}

void PressureReader::read(const Tick& tick, Output& out) {
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool first) {
    const auto where = files_.unified(cgroup);
    if (!where)
      state.facts = {};
    else if (first || is_due(tick, cgroup, every_))
      state.facts = look(cgroup, state, where->hierarchy);
    state.sent.send(out, tick, cgroup.subject, state.facts);
  });
}

Facts<CgroupPressure> PressureReader::look(const Cgroup& cgroup, State& state,
                                           std::size_t hierarchy) {
  Facts<CgroupPressure> facts;
  struct Row {
    FileCache::File& file;
    std::string_view name;
    CgroupPressure some, full;
  };
  for (const Row& row : {
           Row{state.cpu, "cpu.pressure", CgroupPressure::cpu_some, CgroupPressure::cpu_full},
           Row{state.memory, "memory.pressure", CgroupPressure::memory_some,
               CgroupPressure::memory_full},
           Row{state.io, "io.pressure", CgroupPressure::io_some, CgroupPressure::io_full},
       }) {
    const auto text = files_.read_slow(row.file, cgroup, hierarchy, row.name);
    const auto stalls = text ? parse_pressure(*text) : text.error();
    if (!stalls) {
      failed(stalls.error());
      continue;
    }
    facts.set(row.some, stalls->some_ns);
    facts.set(row.full, stalls->full_ns);
  }
  return facts;
}

}  // namespace hostmeter::source::cgroup
