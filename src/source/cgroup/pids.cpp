#include "source/cgroup/pids.hpp"

#include "source/cgroup/flat_file.hpp"

namespace hostmeter::source::cgroup {

void PidsReader::read(const Tick& tick, Output& out) {
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool first) {
    Facts<CgroupPids> facts;
    if (const auto where = files_.where(Controller::pids, cgroup)) {
      if (first || is_limit_due(tick, cgroup, options_)) {
        state.limit = value(files_.read_cold(cgroup, where->hierarchy, "pids.max"));
        if (state.limit == 0)
          state.limit.reset();  // none allowed, while 0 says that there is no limit
        else if (state.limit == kMax)
          state.limit = 0;
      }
      if (state.look.take_turn(is_due(tick, cgroup, options_.warm_every),
                               activity_.usage_ns(cgroup.subject)))
        state.tasks = value(files_.read(state.current, cgroup, where->hierarchy, "pids.current",
                                        state.look.busy()));
      facts.set(CgroupPids::max, state.limit);
      facts.set(CgroupPids::current, state.tasks);
    }
    state.sent.send(out, tick, cgroup.subject, facts);
  });
}

std::optional<std::uint64_t> PidsReader::value(const Result<std::string_view>& text) {
  const auto number = text ? parse_value(*text, "pids") : text.error();
  if (number) return *number;
  failed(number.error());
  return {};
}

}  // namespace hostmeter::source::cgroup
