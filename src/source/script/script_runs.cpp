#include "source/script/script_runs.hpp"

#include <cerrno>
#include <utility>

namespace hostmeter::source::script {

bool ScriptRuns::take() {
  return is_ours_ || (is_ours_ = supervisor_.take());
}

void ScriptRuns::let_go() {
  if (!std::exchange(is_ours_, false)) return;
  // Whatever cannot be said now ends at its limit of time.
  for (const auto& [id, run] : under_way_)
    if (!supervisor_.is_gone) (void)supervisor_.it().ask(Stop{id});
  under_way_.clear();
  unsent_.clear();
  supervisor_.let_go();
}

std::uint64_t ScriptRuns::start(Run run, std::size_t most_bytes) {
  run.id = supervisor_.next_id();
  under_way_.emplace(run.id, UnderWay{.most_bytes = most_bytes});
  const std::uint64_t id = run.id;
  unsent_.emplace_back(std::move(run));
  return id;
}

void ScriptRuns::stop(std::uint64_t id) {
  const auto run = under_way_.find(id);
  if (run == under_way_.end()) return;
  run->second.is_unwanted = true;
  run->second.output.reset();
  ask_to_stop(id, run->second);
}

void ScriptRuns::ask_to_stop(std::uint64_t id, UnderWay& run) {
  if (!std::exchange(run.is_stopped, true)) unsent_.emplace_back(Stop{id});
}

void ScriptRuns::append_to(std::vector<pollfd>& waits) const {
  if (!is_ours_ || supervisor_.is_gone) return;
  waits.push_back({supervisor_.it().fd(), short(unsent_.empty() ? POLLIN : POLLIN | POLLOUT), 0});
  for (const auto& [id, run] : under_way_)
    for (const std::size_t which : {0U, 1U})
      if (run.output && run.output->fd(which) >= 0)
        waits.push_back({run.output->fd(which), POLLIN, 0});
}

std::vector<ScriptRuns::Over> ScriptRuns::advance() {
  std::vector<Over> over;
  if (!is_ours_ || supervisor_.is_gone) return over;
  hear(over);
  read();
  send(over);
  return over;
}

void ScriptRuns::send(std::vector<Over>& over) {
  while (!unsent_.empty()) {
    const Request& next = unsent_.front();
    const auto failure = supervisor_.it().ask(next);
    if (failure && failure->code == EAGAIN) return;
    if (failure && failure->code != EMSGSIZE) return lose();
    if (const Run* run = std::get_if<Run>(&next); failure && run) {
      if (const auto known = under_way_.extract(run->id); !known.mapped().is_unwanted)
        over.push_back({run->id,
                        Refused{run->id, Refusal::malformed, EMSGSIZE, "what it is to be run with"},
                        {},
                        {}});
    }
    unsent_.pop_front();
  }
}

void ScriptRuns::hear(std::vector<Over>& over) {
  while (!supervisor_.is_gone) {
    auto told = supervisor_.it().hear();
    if (told)
      take(std::move(*told), over);
    else if (told.error().code == EAGAIN)
      return;
    else
      lose();
  }
}

void ScriptRuns::take(Supervisor::Told told, std::vector<Over>& over) {
  if (auto* standing = std::get_if<Standing>(&told.answer)) {
    supervisor_.standing = std::move(*standing);
    return;
  }
  if (const auto* started = std::get_if<Started>(&told.answer)) {
    const auto run = under_way_.find(started->id);
    if (run != under_way_.end() && !run->second.is_unwanted)
      run->second.output.emplace(std::move(told.output), run->second.most_bytes);
    return;
  }
  auto* const refused = std::get_if<Refused>(&told.answer);
  auto* const ended = std::get_if<Ended>(&told.answer);
  auto known = under_way_.extract(refused ? refused->id : ended->id);
  if (known.empty() || known.mapped().is_unwanted) return;  // another's, or of no interest
  Over& one = over.emplace_back(Over{known.key(), {}, {}, std::move(known.mapped().output)});
  if (refused) {
    one.refused = std::move(*refused);
    return;
  }
  one.ended = *ended;
  if (!one.output) one.output.emplace(std::array<base::UniqueFd, 2>(), 0);
  one.output->finish(buffer_);
}

void ScriptRuns::read() {
  for (auto& [id, run] : under_way_) {
    if (!run.output) continue;
    for (const std::size_t which : {0U, 1U}) run.output->read(which, buffer_);
    if (run.output->is_cut()) ask_to_stop(id, run);
  }
}

void ScriptRuns::lose() {
  supervisor_.is_gone = true;
  under_way_.clear();
  unsent_.clear();
}

}  // namespace hostmeter::source::script
