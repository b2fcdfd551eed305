#include "source/script/script_follower.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "source/script/reasons.hpp"

namespace hostmeter::source::script {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::uint64_t kFullNs = kNsPerSecond;       // until a full pool is asked again
constexpr std::uint64_t kTurnNs = kNsPerSecond / 10;  // until one in use is looked at again
constexpr std::uint64_t kLookAgainNs = 60 * kNsPerSecond, kShortOfWatchesNs = 10 * kNsPerSecond;

}  // namespace

ScriptFollower::ScriptFollower(std::vector<Plan> plans, const base::Dir& root,
                               SharedSupervisor& supervisor, const Clock& clock,
                               InstanceIds numbers, Options options)
    : plans_(std::move(plans)),
      clock_(clock),
      options_(options),
      together_ns_(std::min(options.together_ns, longest_rest(plans_))),
      numbers_(std::move(numbers)),
      of_all_(numbers_),
      files_(root, plans_),
      runs_(supervisor, clock, options.most),
      known_(supervisor.known) {}

void ScriptFollower::follow(Output& out, bool resend) {
  told_ = false;
  resend_ |= resend;
  if (!resend) numbers_.settle();
  const std::uint64_t until_ns = clock_.monotonic_ns() + options_.longest_wait_ns;
  bool is_first = !began_;
  do {
    if (!is_first && !resend_) wait();
    if (interrupt_.is_raised()) return;
    look(out);
    is_first = false;
  } while (!told_ && clock_.monotonic_ns() < until_ns);
}

void ScriptFollower::look(Output& out) {
  const std::lock_guard lock(known_.mutex);
  if (!began_) begin(out);
  if (!is_owner_ && runs_.take()) own(out);
  look_at_files(out);
  if (runs_.is_held()) {
    runs_.read_on();
  } else if (is_owner_) {
    pass_time(out);
    run(out);
  }
  look_at_supervisor();
  tell(out);
  looked_ns_ = clock_.monotonic_ns();
}

void ScriptFollower::begin(Output& out) {
  began_ = true;
  const std::uint64_t now_ns = clock_.monotonic_ns();
  for (const ScriptFiles::Change& change : files_.changes()) add(change.name, out);
  for (const auto& [name, script] : scripts_) {
    const auto before = known_.all.find(name);
    if (before == known_.all.end()) continue;
    const KnownScript& known = before->second;
    script->printed_ns = known.account.printed_ns();
    if (script->printed_ns) known.account.show_again(known.plan, out);
  }
  resend_ = true;
  look_again_ns_ = now_ns + kLookAgainNs;
  remarks_.push_back({false, std::to_string(scripts_.size()) +
                                 (scripts_.size() == 1 ? " script is run" : " scripts are run")});
  told_ = true;
}

void ScriptFollower::own(Output& out) {
  is_owner_ = true;
  std::erase_if(known_.all, [&](const auto& one) { return !scripts_.contains(one.first); });
  std::set<std::uint64_t> under_way;
  for (const auto& [name, script] : scripts_)
    if (adopt(*script, out)) under_way.insert(script->known->run);
  runs_.keep_only(under_way);
  scripts_from_ns_ = 0;
  resend_ = true;
}

bool ScriptFollower::adopt(Script& script, Output& out) {
  const Plan& plan = plans_[script.plan];
  const ScriptFiles::File& file = files_.all().at(script.name);
  const auto [at, is_new] = known_.all.try_emplace(script.name, script.name, plan, file);
  KnownScript& known = at->second;
  script.known = &known;
  if (!is_new && known.account.printed_ns() != script.printed_ns)
    known.account.show_again(known.plan, out);
  const bool is_same =
      known.plan == plan && known.file.path == file.path && known.file.version == file.version;
  if (runs_.is_under_way(known.run)) started_.emplace(known.run, &script);
  if (is_new || !is_same) {
    known.plan = plan;
    known.file = file;
    known.state = State::resting;
    known.rhythm = Rhythm(script.name, plan.interval_ns);
    known.rhythm.begin(clock_.monotonic_ns(), options_.spread_ns);
    known.account.set_breaker(false);
    return false;
  }
  if (known.state == State::waiting) waiting_.push_back(&script);
  if (known.state == State::running && !runs_.is_under_way(known.run)) known.state = State::resting;
  return known.state == State::running;
}

// For the next time that something is due, or for whatever happens before. A hundred scripts are
// not to wake us for each: what happens within a moment is dealt with together, unless it holds up
// runs.
void ScriptFollower::wait() {
  if (runs_.is_held()) return void(nap(clock_.monotonic_ns() + kTurnNs));
  const std::uint64_t from_ns = waiting_.empty() && is_owner_ ? looked_ns_ + together_ns_ : 0;
  if (runs_.under_way() > 0 && !rest(from_ns)) return;
  const std::uint64_t now_ns = clock_.monotonic_ns();
  waits_.assign({interrupt_.waiting(), {now_ns >= files_from_ns_ ? files_.fd() : -1, POLLIN, 0}});
  const std::uint64_t due = std::min(runs_.append_to(waits_), due_ns(now_ns));
  poll_until(waits_, std::max(from_ns, due), clock_);
  may_files_differ_ |= waits_[1].fd < 0 || waits_[1].revents != 0;
}

bool ScriptFollower::nap(std::uint64_t until_ns) {
  waits_.assign({interrupt_.waiting()});
  const std::uint64_t read_ns = runs_.append_urgent_to(waits_);
  return poll_until(waits_, std::min(until_ns, read_ns), clock_) == 0;
}

bool ScriptFollower::rest(std::uint64_t until_ns) {
  while (clock_.monotonic_ns() < until_ns)
    if (!nap(until_ns)) return false;
  return true;
}

std::uint64_t ScriptFollower::due_ns(std::uint64_t now_ns) const {
  std::uint64_t due =
      std::min({now_ns + options_.longest_wait_ns, look_again_ns_, scripts_from_ns_});
  if (files_from_ns_ > now_ns) due = std::min(due, files_from_ns_);
  if (!is_owner_) return std::min(due, now_ns + kTurnNs);
  if (full_until_ns_ > now_ns && !waiting_.empty()) due = std::min(due, full_until_ns_);
  return due;
}

std::uint64_t ScriptFollower::due_ns(const KnownScript& script) const {
  const std::uint64_t stale_ns = script.account.stale_ns();
  return runs_.is_gone() ? stale_ns : std::min(stale_ns, script.rhythm.due_ns());
}

void ScriptFollower::touch(Script& script) {
  if (!std::exchange(script.is_touched, true)) touched_.push_back(&script);
  scripts_from_ns_ = std::min(scripts_from_ns_, due_ns(*script.known));
}

// However fast files change, they are looked at a few times a second.
void ScriptFollower::look_at_files(Output& out) {
  const std::uint64_t now_ns = clock_.monotonic_ns();
  std::vector<ScriptFiles::Change> changes;
  if (now_ns >= look_again_ns_) {
    changes = files_.look_again();
    look_again_ns_ = now_ns + (files_.is_short_of_watches() ? kShortOfWatchesNs : kLookAgainNs);
  } else if (now_ns >= files_from_ns_ && std::exchange(may_files_differ_, false)) {
    changes = files_.changes();
  }
  if (!changes.empty()) files_from_ns_ = now_ns + options_.settle_ns;
  for (const ScriptFiles::Change& change : changes) take(change, out);
  add(files_.take_remarks());
}

void ScriptFollower::take(const ScriptFiles::Change& change, Output& out) {
  const auto known = scripts_.find(change.name);
  if (change.kind == ScriptFiles::Change::Kind::gone) {
    if (known != scripts_.end()) drop(known, out);
    return;
  }
  if (known != scripts_.end()) {
    if (known->second->plan == files_.all().at(change.name).plan) return edited(*known->second);
    drop(known, out);
  }
  add(change.name, out);
  remarks_.push_back({false, "the script " + change.name +
                                 " is new, and is run: " + files_.all().at(change.name).path});
}

void ScriptFollower::add(const std::string& name, Output& out) {
  const std::size_t plan = files_.all().at(name).plan;
  const Instance number = numbers_.take();
  out.send(NewsItem(NamedInstance{kHost, number, {name}}));
  auto& script = scripts_[name];
  script = std::make_unique<Script>(Script{name, plan, number});
  if (!is_owner_) return;
  script->known =
      &known_.all.try_emplace(name, name, plans_[plan], files_.all().at(name)).first->second;
  script->known->rhythm.begin_anew(clock_.monotonic_ns() + options_.settle_ns);
  touch(*script);
}

// What it printed is shown until it prints anew.
void ScriptFollower::edited(Script& script) {
  if (!script.known) return;  // told when it is taken over
  KnownScript& known = *script.known;
  if (known.state == State::running) runs_.stop(known.run);
  std::erase(waiting_, &script);
  known.state = State::resting;
  known.file = files_.all().at(script.name);
  known.rhythm.begin_anew(clock_.monotonic_ns() + options_.settle_ns);
  known.account.set_breaker(false);
  known.account.remark(false, "it was changed, and is run anew");
  touch(script);
}

void ScriptFollower::drop(Scripts::iterator at, Output& out) {
  Script& script = *at->second;
  std::erase(waiting_, &script);
  std::erase(touched_, &script);
  std::erase_if(started_, [&](const auto& one) { return one.second == &script; });
  if (script.known) {
    runs_.stop(script.known->run);
    script.known->account.hide(out);
    add(script.known->account.take_remarks(clock_.monotonic_ns()));
    known_.all.erase(script.name);
  } else if (script.printed_ns) {
    out.send(NewsItem(Printed{"script:" + script.name, {}}));
  }
  out.send(NewsItem(GoneInstance{kHost, script.instance}));
  numbers_.give_back(script.instance);
  remarks_.push_back({false, "the script " + script.name + " is gone"});
  told_ = true;
  scripts_.erase(at);
}

void ScriptFollower::pass_time(Output& out) {
  const std::uint64_t now_ns = clock_.monotonic_ns();
  if (now_ns < scripts_from_ns_) return;
  scripts_from_ns_ = ScriptAccount::kNever;
  for (const auto& [name, script] : scripts_) {
    if (now_ns >= due_ns(*script->known)) {
      pass_time(*script, now_ns, out);
      touch(*script);
    }
    scripts_from_ns_ = std::min(scripts_from_ns_, due_ns(*script->known));
  }
}

void ScriptFollower::pass_time(Script& script, std::uint64_t now_ns, Output& out) {
  KnownScript& known = *script.known;
  known.account.hide_if_stale(now_ns, out);
  if (runs_.is_gone() || !known.rhythm.is_due(now_ns)) return;
  const std::uint64_t lost = known.rhythm.go_on(now_ns);
  if (known.state != State::resting) return known.account.skipped(lost + 1);
  known.account.skipped(lost);
  known.state = State::waiting;
  waiting_.push_back(&script);
}

// A run that ends makes a place, whose next one may end, too, before anything else happens.
void ScriptFollower::run(Output& out) {
  std::size_t before = 0;
  do {
    give_places(out);
    before = runs_.under_way();
    for (ScriptRuns::Over& over : runs_.advance()) take_over(std::move(over), out);
    std::erase_if(started_, [&](const auto& one) { return !runs_.is_under_way(one.first); });
  } while (runs_.under_way() < before);
}

void ScriptFollower::give_places(Output& out) {
  if (clock_.monotonic_ns() < full_until_ns_) return;
  // One whose last run, which was stopped, is still dying has to wait and lets the others pass.
  std::vector<Script*> next;
  for (Script* script : waiting_)
    if (!runs_.is_under_way(script->known->run)) next.push_back(script);
  for (Script* script : next) {
    if (!runs_.has_room()) return;
    std::erase(waiting_, script);
    script->known->state = State::resting;
    start(*script, out);
  }
}

void ScriptFollower::start(Script& script, Output& out) {
  const auto change = files_.look_at(script.name);
  add(files_.take_remarks());
  if (change && change->kind == ScriptFiles::Change::Kind::gone)
    return drop(scripts_.find(script.name), out);
  KnownScript& known = *script.known;
  touch(script);
  if (change) {
    known.rhythm.succeeded();  // the failures are of another file
    known.account.set_breaker(false);
    known.file = files_.all().at(script.name);
  }
  known.account.set_refused(known.file.refusal.has_value());
  if (known.file.refusal) return known.account.refused({});
  known.run = runs_.start(run_of(known.plan, known.file.path), known.plan.most_bytes);
  started_.emplace(known.run, &script);
  known.state = State::running;
}

void ScriptFollower::take_over(ScriptRuns::Over over, Output& out) {
  const auto started = started_.find(over.id);
  if (started == started_.end()) return;
  Script& script = *started->second;
  KnownScript& it = *script.known;
  if (!over.refused && !over.output) {
    it.account.stopped(over.ended);
    return touch(script);
  }
  it.state = State::resting;
  if (over.refused && over.refused->why == Refusal::busy) {
    it.state = State::waiting;
    waiting_.push_front(&script);
    full_until_ns_ = clock_.monotonic_ns() + kFullNs;
    return;
  }
  full_until_ns_ = 0;
  if (over.refused) {
    it.account.refused(reason(*over.refused));
    return count_success(script, false);
  }
  Verdict what = verdict(it.plan, over.ended, *over.output);
  const bool is_failure = what.is_failure, is_taken = what.is_taken;
  it.account.ended(std::move(what), over.ended, over.output->remarks(), it.plan,
                   {clock_.monotonic_ns(), clock_.realtime_ns()}, out);
  if (is_taken)
    it.account.keep({over.output->take_text(), over.ended.exit_status, over.output->is_cut()});
  count_success(script, !is_failure);
}

void ScriptFollower::count_success(Script& script, bool is_success) {
  KnownScript& known = *script.known;
  if (is_success)
    known.rhythm.succeeded();
  else
    known.rhythm.failed(clock_.monotonic_ns());
  known.account.set_breaker(known.rhythm.is_open());
  touch(script);
}

void ScriptFollower::look_at_supervisor() {
  if (!has_standing_ && runs_.standing()) {
    has_standing_ = true;
    const FeatureStates& features = runs_.standing()->features;
    if (const std::string all = parts_lacking(features); !all.empty())
      remarks_.push_back({true, "scripts run without parts of their sandbox: " + all});
    resend_ = true;
  }
  if (std::exchange(was_gone_, runs_.is_gone()) || !was_gone_) return;
  remarks_.push_back({true,
                      "the process that runs scripts is gone: none is run until the agent is "
                      "restarted"});
  waiting_.clear();
  started_.clear();
  for (const auto& [name, script] : scripts_)
    if (script->known) script->known->state = State::resting;
}

void ScriptFollower::tell(Output& out) {
  if (resend_)
    for (const auto& [name, script] : scripts_) tell(*script, out);
  else
    for (Script* script : touched_) tell(*script, out);
  for (Script* script : touched_) script->is_touched = false;
  touched_.clear();
  Facts<ScriptsField> all;
  all.set(ScriptsField::supervisor_up, std::uint64_t{!runs_.is_gone()});
  all.set(ScriptsField::waiting, std::uint64_t{waiting_.size()});
  all.set(ScriptsField::left_out, std::uint64_t{files_.left_out()});
  all.set(ScriptsField::ambiguous, std::uint64_t{files_.ambiguous()});
  told_ |= of_all_.tell(all, resend_, out);
  if (resend_ && has_standing_) of_all_.tell(runs_.standing()->features, out);
  resend_ = false;
}

void ScriptFollower::tell(Script& script, Output& out) {
  if (!script.known) {  // another one's still
    const auto before = known_.all.find(script.name);
    if (before != known_.all.end())
      out.send(kHost, before->second.account.facts(), script.instance);
    return;
  }
  ScriptAccount& account = script.known->account;
  add(account.take_remarks(clock_.monotonic_ns()));
  if (!resend_ && !account.has_changed()) return;
  out.send(kHost, account.facts(), script.instance);
  account.told();
  told_ = true;
}

void ScriptFollower::add(std::vector<Remark> remarks) {
  std::ranges::move(remarks, std::back_inserter(remarks_));
}

}  // namespace hostmeter::source::script
