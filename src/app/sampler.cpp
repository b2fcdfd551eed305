#include "app/sampler.hpp"

#include "app/own_process.hpp"
#include "app/version.hpp"
#include "hostmeter/flow/facts/agent.hpp"

namespace hostmeter::app {

Sampler::Sampler(std::vector<NamedReader> readers, RingOutput& out, InstanceIds& ids,
                 const Clock& clock, std::uint64_t interval_ns, std::function<void()> before_tick,
                 unsigned cost_turns)
    : readers_(std::move(readers)),
      busy_ns_(readers_.size(), 0),
      told_(readers_.size()),
      out_(out),
      ids_(ids),
      clock_(clock),
      interval_ns_(interval_ns),
      cost_turns_(interval_ns < source::LongTicks::kLongNs ? cost_turns : 1),
      start_time_ns_(own_start_ns(clock.realtime_ns())),
      before_tick_(std::move(before_tick)) {
  for (const NamedReader& named : readers_) {
    instances_.push_back(ids.take());
    out_.send(NewsItem(NamedInstance{kHost, instances_.back(), {named.name}}));
  }
  build_ = ids.take();
  out_.send(NewsItem(NamedInstance{kHost, build_, {kVersion, __VERSION__}}));
}

void Sampler::run(const Doorbell& bell, const std::atomic<bool>& stop) {
  std::uint64_t next = (clock_.realtime_ns() / interval_ns_) * interval_ns_;
  while (!stop.load(std::memory_order_acquire)) {
    tick(next);
    const std::uint64_t now = clock_.realtime_ns();
    const std::uint64_t due = (now / interval_ns_ + 1) * interval_ns_;
    // A clock that was set back or forward is not a late tick.
    const bool jumped = due < next || due - next > 60 * interval_ns_;
    if (!jumped && due > next + interval_ns_) skipped_ += (due - next) / interval_ns_ - 1;
    next = due;
    bell.wait(due - now);
  }
}

bool Sampler::tick(std::uint64_t realtime_ns) {
  before_tick_();
  ++tick_.number;
  tick_.realtime_ns = realtime_ns;
  tick_.monotonic_ns = clock_.monotonic_ns();
  std::uint64_t before = clock_.thread_cpu_ns();
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    if (!readers_[i].reader) continue;
    readers_[i].reader->read(tick_, out_);
    const std::uint64_t after = clock_.thread_cpu_ns();
    busy_ns_[i] += after - before;
    before = after;
  }
  for (std::size_t i = 0; i < readers_.size(); ++i) send_reader(i);
  send_agent();
  Facts<TickField> mark;
  mark.set(TickField::number, tick_.number);
  mark.set(TickField::realtime_ns, tick_.realtime_ns);
  mark.set(TickField::monotonic_ns, tick_.monotonic_ns);
  const bool whole = out_.end_tick(mark);
  ++(whole ? complete_ : abandoned_);
  if (whole) ids_.settle();
  const bool is_asked = out_.take_wants_resend();
  tick_.resend = !whole || is_asked;
  return whole;
}

std::vector<ReaderState> Sampler::reader_states() const {
  std::vector<ReaderState> states;
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    const NamedReader& named = readers_[i];
    ReaderState& state = states.emplace_back();
    state.name = named.name;
    state.busy_ns = busy_ns_[i];
    if (!named.reader) continue;
    state.mode = named.reader->mode();
    state.parse_errors = named.reader->parse_errors();
    state.read_errors = named.reader->read_errors();
  }
  return states;
}

void Sampler::send_reader(std::size_t index) {
  const source::Reader* const reader = readers_[index].reader.get();
  Told now;
  if (reader) now = {reader->mode(), reader->parse_errors(), reader->read_errors()};
  const bool is_due = tick_.resend || (reader && is_turn(index));
  if (!is_due && told_[index] == now) return;
  told_[index] = now;
  Facts<ReaderField> facts;
  facts.set(ReaderField::mode_walk, std::uint64_t(now.mode == source::Mode::walk));
  facts.set(ReaderField::mode_bpf, std::uint64_t(now.mode == source::Mode::bpf));
  facts.set(ReaderField::mode_file, std::uint64_t(now.mode == source::Mode::file));
  facts.set(ReaderField::mode_off, std::uint64_t(now.mode == source::Mode::off));
  if (reader) {
    facts.set(ReaderField::busy_ns, busy_ns_[index]);
    facts.set(ReaderField::parse_errors, now.parse_errors);
    facts.set(ReaderField::read_errors, now.read_errors);
  }
  out_.send(kHost, facts, instances_[index]);
}

void Sampler::send_agent() {
  Facts<Agent> facts;
  if (is_turn(0) || !resident_bytes_) resident_bytes_ = own_resident_bytes();
  facts.set(Agent::start_time_ns, start_time_ns_);
  facts.set(Agent::cpu_ns, own_cpu_ns());
  facts.set(Agent::resident_bytes, resident_bytes_);
  facts.set(Agent::open_files, open_files_.count());
  facts.set(Agent::ticks_complete, complete_ + 1);  // this one, which is shown only if it is whole
  facts.set(Agent::ticks_skipped, skipped_);
  facts.set(Agent::ticks_abandoned, abandoned_);
  out_.send(kHost, facts);
  Facts<Build> build;
  build.set(Build::one, std::uint64_t{1});
  out_.send(kHost, build, build_);
}

}  // namespace hostmeter::app
