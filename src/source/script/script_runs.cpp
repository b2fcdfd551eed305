#include "source/script/script_runs.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "source/script/packets.hpp"

namespace hostmeter::source::script {
namespace {

constexpr std::uint64_t kNever = ~std::uint64_t{0};
constexpr std::uint64_t kReadAgainNs = 50'000'000, kLookForEndNs = 1'000'000'000;
constexpr std::size_t kMuch = 16U << 10;  // who prints so much at once is read on without a pause
constexpr std::uint64_t kPauseNs = 10'000'000;  // while the kernel is short of memory

// We may not have more descriptors.
Refused lost_output(std::uint64_t id) {
  return {id, Refusal::sandbox, EMFILE, "its output was lost"};
}

}  // namespace

bool ScriptRuns::take() {
  return is_ours_ || (is_ours_ = supervisor_.take());
}

void ScriptRuns::let_go() {
  if (std::exchange(is_ours_, false)) supervisor_.let_go();
}

void ScriptRuns::keep_only(const std::set<std::uint64_t>& wanted) {
  for (const auto& [id, run] : supervisor_.under_way)
    if (!wanted.contains(id)) stop(id);
}

std::uint64_t ScriptRuns::start(Run run, std::size_t most_bytes) {
  run.id = supervisor_.next_id();
  supervisor_.under_way.emplace(run.id, RunUnderWay{.most_bytes = most_bytes});
  const std::uint64_t id = run.id;
  supervisor_.unsent.emplace_back(std::move(run));
  return id;
}

void ScriptRuns::stop(std::uint64_t id) {
  const auto run = supervisor_.under_way.find(id);
  if (run == supervisor_.under_way.end()) return;
  run->second.is_unwanted = true;
  run->second.output.reset();
  ask_to_stop(id, run->second);
}

void ScriptRuns::ask_to_stop(std::uint64_t id, RunUnderWay& run) {
  if (!std::exchange(run.is_stopped, true)) supervisor_.unsent.emplace_back(Stop{id});
}

std::uint64_t ScriptRuns::append_to(std::vector<pollfd>& waits) const {
  if (!is_ours_) return kNever;
  const std::uint64_t now_ns = clock_.monotonic_ns();
  if (supervisor_.is_gone()) return is_over_ ? kNever : now_ns + kLookForEndNs;
  const bool is_paused = now_ns < resume_ns_;
  if (!is_paused)
    waits.push_back(
        {supervisor_.it().fd(), short(supervisor_.unsent.empty() ? POLLIN : POLLIN | POLLOUT), 0});
  return std::min(is_paused ? resume_ns_ : kNever, append_outputs_to(waits, false));
}

std::uint64_t ScriptRuns::append_urgent_to(std::vector<pollfd>& waits) const {
  return is_ours_ ? append_outputs_to(waits, true) : kNever;
}

std::uint64_t ScriptRuns::append_outputs_to(std::vector<pollfd>& waits, bool only_urgent) const {
  std::uint64_t latest = kNever;
  const std::uint64_t now_ns = clock_.monotonic_ns();
  for (const auto& [id, run] : supervisor_.under_way) {
    if (!run.output || (only_urgent && !run.is_copious)) continue;
    const bool is_later = run.read_from_ns > now_ns;
    for (const std::size_t which : {0U, 1U}) {
      if (run.output->fd(which) < 0) continue;
      if (is_later)
        latest = std::min(latest, run.read_from_ns);
      else
        waits.push_back({run.output->fd(which), POLLIN, 0});
    }
  }
  return latest;
}

std::vector<ScriptRuns::Over> ScriptRuns::advance() {
  std::vector<Over> over;
  if (!is_ours_) return over;
  if (supervisor_.is_gone()) {
    is_over_ = is_over_ || supervisor_.is_over();
    return over;
  }
  hear(over);
  read();
  send(over);
  return over;
}

void ScriptRuns::read_on() {
  if (is_ours_ && !supervisor_.is_gone()) read();
}

void ScriptRuns::send(std::vector<Over>& over) {
  while (!supervisor_.unsent.empty()) {
    const Request& next = supervisor_.unsent.front();
    const auto failure = supervisor_.it().ask(next);
    if (failure && is_passing(*failure)) return pause_after(*failure);
    if (failure && failure->code != EMSGSIZE) return lose();
    if (const Run* run = std::get_if<Run>(&next); failure && run)
      take({Refused{run->id, Refusal::malformed, EMSGSIZE, "what it is to be run with"}, {}}, over);
    supervisor_.unsent.pop_front();
  }
}

void ScriptRuns::hear(std::vector<Over>& over) {
  while (!supervisor_.is_gone()) {
    auto told = supervisor_.it().hear();
    if (told)
      take(std::move(*told), over);
    else if (is_passing(told.error()))
      return pause_after(told.error());
    else
      lose();
  }
}

void ScriptRuns::take(Supervisor::Told told, std::vector<Over>& over) {
  if (auto* standing = std::get_if<Standing>(&told.answer)) {
    supervisor_.stands(std::move(*standing));
    return;
  }
  if (const auto* started = std::get_if<Started>(&told.answer)) {
    const auto run = supervisor_.under_way.find(started->id);
    if (run == supervisor_.under_way.end() || run->second.is_unwanted) return;
    run->second.output = RunOutput::of(told, run->second.most_bytes);
    if (run->second.output) return;
    over.push_back({started->id, lost_output(started->id), {}, {}});
    run->second.is_unwanted = true;
    return ask_to_stop(started->id, run->second);
  }
  auto* const refused = std::get_if<Refused>(&told.answer);
  auto* const ended = std::get_if<Ended>(&told.answer);
  auto known = supervisor_.under_way.extract(refused ? refused->id : ended->id);
  if (known.empty()) return;  // another's
  if (known.mapped().is_unwanted) {
    over.push_back({known.key(), {}, ended ? std::move(*ended) : Ended(), {}});
    return;
  }
  Over& one = over.emplace_back(Over{known.key(), {}, {}, std::move(known.mapped().output)});
  if (!one.output) one.output = RunOutput::of(told, known.mapped().most_bytes);
  if (refused) {
    one.refused = std::move(*refused);
    return;
  }
  // Nothing is known of what it printed: that is not that it printed nothing.
  if (!one.output && !ended->timed_out && ended->signal == 0) {
    one.refused = lost_output(one.id);
    return;
  }
  one.ended = *ended;
  if (!one.output) one.output.emplace(std::array<base::UniqueFd, 2>(), 0);
  one.output->finish(buffer_);
}

void ScriptRuns::read() {
  const std::uint64_t now_ns = clock_.monotonic_ns();
  for (auto& [id, run] : supervisor_.under_way) {
    if (!run.output || run.read_from_ns > now_ns) continue;
    std::size_t most = 0;
    for (const std::size_t which : {0U, 1U})
      most = std::max(most, run.output->read(which, buffer_));
    if (most < kMuch)
      run.read_from_ns = now_ns + kReadAgainNs;
    else
      run.is_copious = true;
    if (run.output->is_cut()) ask_to_stop(id, run);
  }
}

void ScriptRuns::pause_after(const Error& error) {
  if (error.code != EAGAIN) resume_ns_ = clock_.monotonic_ns() + kPauseNs;
}

void ScriptRuns::lose() {
  supervisor_.lose();
  supervisor_.under_way.clear();
  supervisor_.unsent.clear();
}

}  // namespace hostmeter::source::script
