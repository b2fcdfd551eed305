#include "source/cgroup/pids.hpp"

#include "source/cgroup/flat_file.hpp"

namespace hostmeter::source::cgroup {
namespace {

constexpr KeyTable kRefused({Key<CgroupPids>{"max", CgroupPids::events_max}});
constexpr KeyTable kEvents({Key<CgroupPids>{"populated", CgroupPids::populated},
                            Key<CgroupPids>{"frozen", CgroupPids::frozen}});

}  // namespace

Result<Facts<CgroupPids>> parse_pids_events(std::string_view text) {
  return parse_flat(text, kRefused, "pids.events");
}

Result<Facts<CgroupPids>> parse_cgroup_events(std::string_view text) {
  return parse_flat(text, kEvents, "cgroup.events");
}

void PidsReader::read(const Tick& tick, Output& out) {
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool first) {
    if (first || is_due(tick, cgroup, options_.warm_every))
      state.slow = look_at_events(cgroup, state);
    Facts<CgroupPids> facts = state.slow;
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

Facts<CgroupPids> PidsReader::look_at_events(const Cgroup& cgroup, State& state) {
  Facts<CgroupPids> facts;
  const auto look = [&](const std::optional<Where>& where, FileCache::File& file,
                        std::string_view name, auto parse) {
    if (!where) return;
    const auto text = files_.read_slow(file, cgroup, where->hierarchy, name);
    const auto parsed = text ? parse(*text) : text.error();
    if (parsed)
      merge(facts, *parsed);
    else
      failed(parsed.error());
  };
  look(files_.where(Controller::pids, cgroup), state.refused, "pids.events", parse_pids_events);
  look(files_.unified(cgroup), state.events, "cgroup.events", parse_cgroup_events);
  return facts;
}

std::optional<std::uint64_t> PidsReader::value(const Result<std::string_view>& text) {
  const auto number = text ? parse_value(*text, "pids") : text.error();
  if (number) return *number;
  failed(number.error());
  return {};
}

}  // namespace hostmeter::source::cgroup
