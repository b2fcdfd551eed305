#include "source/walk/hierarchy_walk.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace hostmeter::source::walk {
namespace {

constexpr std::uint64_t kMovesAtRest = bit(WIRE_WALK_FROZEN) | bit(WIRE_WALK_PSI_IO_SOME) |
                                       bit(WIRE_WALK_PSI_IO_FULL) | bit(WIRE_WALK_PSI_MEMORY_SOME) |
                                       bit(WIRE_WALK_PSI_MEMORY_FULL) |
                                       bit(WIRE_WALK_PSI_CPU_SOME) | bit(WIRE_WALK_PSI_CPU_FULL);

static_assert(bpf::kTurns % bpf::kShortTurns == 0, "whose turn it is has its short turn, too");

// Of a hierarchy that is not watched, in which nobody tells busy from still.
constexpr unsigned kPressureTurns = 5;
static_assert(bpf::kTurns % kPressureTurns == 0);

}  // namespace

HierarchyWalk::HierarchyWalk(const cgroup::Inventory& inventory, std::size_t hierarchy,
                             std::unique_ptr<bpf::WalkTable> table)
    : inventory_(inventory), hierarchy_(hierarchy), table_(std::move(table)) {}

// Runs with one or two unwanted fields between them are one: a comparison costs more than those.
void HierarchyWalk::want(std::uint64_t fields, bool is_own) {
  constexpr std::uint32_t kGap = 2;
  wanted_ |= fields;
  if (is_own) own_ |= fields;
  runs_.clear();
  for (std::uint32_t field = 0; field < WIRE_WALK_FIELDS; ++field) {
    if (!(wanted_ & bit(field))) continue;
    if (!runs_.empty() && field <= runs_.back().first + runs_.back().count + kGap)
      runs_.back().count = field + 1 - runs_.back().first;
    else
      runs_.push_back({field, 1});
  }
  stride_ = 0;
  for (const Run& run : runs_) stride_ += run.count;
}

void HierarchyWalk::replace(std::unique_ptr<bpf::WalkTable> table) {
  table_ = std::move(table);
  rows_ = {};
  fresh_ = settled_ = false;
  changed_.clear();
}

// Somebody is new, or was elsewhere: its runtime may not have written its limits yet.
bool HierarchyWalk::has_news() const {
  return !inventory_.born().empty() || inventory_.is_rearranged() || is_anyone_known();
}

Error HierarchyWalk::update(Demand demand) {
  changed_.clear();
  to_list_.clear();
  is_of_this_tick_ = false;
  for (const Subject& subject : inventory_.gone()) forget(subject);
  settled_ = settled_ && inventory_.gone().empty();
  if (has_news()) restless_ = kYoungTicks;
  const bool was_watched = std::exchange(is_watched_, demand.is_watched);
  demand.is_whole |= restless_ > 0 || !fresh_ || was_watched != is_watched_;
  if (restless_ > 0) --restless_;
  const auto ran = demand.runs ? demand.runs->changed_now() : std::nullopt;
  if (ran) note_running(*ran);
  const auto look = choose(demand, std::exchange(turn_, (turn_ + 1) % bpf::kTurns));
  if (!look) return {};
  const auto walked = table_->walk(*look);
  fresh_ = is_of_this_tick_ = bool(walked);
  if (!walked) return failed(walked.error());
  failures_ = busy_ = 0;
  rows_ = *walked;
  if (settled_ && !rows_.is_rearranged && !is_anyone_known())
    take_changed();
  else
    match_all();
  return {};
}

// Nothing: no walk in this tick.
std::optional<bpf::Look> HierarchyWalk::choose(const Demand& demand, unsigned turn) {
  const std::uint64_t wanted = demand.is_watched ? wanted_ : own_;
  if (demand.is_whole && wanted != 0) return bpf::Look{wanted};
  if (demand.is_watched) return bpf::Look{wanted, turn, to_look_at(demand.runs, turn)};
  const unsigned its_turn = unsigned(hierarchy_) % kPressureTurns;
  if (turn == its_turn || !fresh_ || !settled_) return bpf::Look{wanted};
  if (turn % kPressureTurns == its_turn && (wanted & kMovesAtRest) != 0)
    return bpf::Look{wanted, bpf::kShortTurnOfAll};
  return {};
}

// Null: all.
const std::vector<std::uint32_t>* HierarchyWalk::to_look_at(const HierarchyWalk* runs,
                                                            unsigned turn) {
  if (!runs || !runs->changed_now() || !settled_) return nullptr;
  look_who_runs_unseen(*runs);
  places_ = unseen_runs_;
  std::erase_if(running_, [&](std::uint32_t slot) {
    State& state = states_[slot];
    if (state.running == 0 || state.round != round_) return true;
    places_.push_back(state.index | bpf::kRan);
    return --state.running == 0;
  });
  for (auto place = turn % bpf::kShortTurns; place < seats_.size(); place += bpf::kShortTurns)
    places_.push_back(place);
  return places_.size() < seats_.size() ? &places_ : nullptr;
}

// What ran is looked at for some ticks more: the kernel may sum up only then what it has done.
void HierarchyWalk::note_running(std::span<const std::uint32_t> ran) {
  constexpr std::uint8_t kTicks = 4;
  for (const std::uint32_t slot : ran) {
    if (slot >= states_.size() || states_[slot].round != round_) continue;
    if (states_[slot].running == 0) running_.push_back(slot);
    states_[slot].running = kTicks;
  }
}

void HierarchyWalk::look_who_runs_unseen(const HierarchyWalk& runs) {
  const bool is_known = unseen_runs_round_ == round_ && runs_round_ == runs.round_;
  if (is_known) return;
  unseen_runs_round_ = round_;
  runs_round_ = runs.round_;
  unseen_runs_.clear();
  for (std::uint32_t place = 0; place < seats_.size(); ++place) {
    const std::uint32_t slot = seats_[place].slot;
    if (slot == kNobody || !states_[slot].served) continue;
    const wire_walk_cgroup* const row = runs.row(states_[slot].subject);
    if (!row || !(row->present & bit(WIRE_WALK_CPU_USAGE)))
      unseen_runs_.push_back(place | bpf::kRan);
  }
}

// One of those that the inventory did not have has come into it.
bool HierarchyWalk::is_anyone_known() const {
  return std::ranges::any_of(nobodys_, [this](std::uint32_t index) {
    return inventory_.by_kernfs_id(hierarchy_, seats_[index].id) != nullptr;
  });
}

void HierarchyWalk::take_changed() {
  for (const std::uint64_t index : rows_.changed) {
    const std::uint32_t slot = seats_[index].slot;
    if (slot != kNobody && states_[slot].served && take(states_[slot], slot, rows_.cgroups[index]))
      changed_.push_back(slot);
  }
}

void HierarchyWalk::match_all() {
  ++round_;
  seats_.resize(rows_.cgroups.size());
  places_.reserve(2 * seats_.size());
  running_.reserve(seats_.size());
  unseen_runs_.reserve(seats_.size());
  settled_ = true;
  nobodys_.clear();
  std::size_t seen = 0;
  for (std::uint32_t index = 0; index < rows_.cgroups.size(); ++index) {
    const wire_walk_cgroup& row = rows_.cgroups[index];
    Seat& seat = seats_[index];
    if (seat.id != row.id || seat.slot == kNobody || states_[seat.slot].id != row.id ||
        states_[seat.slot].serial != row.serial) {
      const bool is_new = seat.id != row.id;
      seat = {row.id, join(row)};
      if (seat.slot == kNobody) {
        nobodys_.push_back(index);
        if (is_new) list(row.parent);
        continue;
      }
    }
    State& state = states_[seat.slot];
    state.index = index;
    state.round = round_;
    ++seen;
    if (state.served && take(state, seat.slot, row)) changed_.push_back(seat.slot);
  }
  if (seen != tracked_) drop_unseen();
}

// Under churn or without memory for a moment another walk may do; not so when that goes on, for the
// last values would stand and grow old.
Error HierarchyWalk::failed(const Error& error) {
  rows_ = {};
  settled_ = false;
  error_ = error;
  const bool is_busy = error.code == EAGAIN || error.code == ENOMEM;
  if (is_busy ? ++busy_ >= kMostBusy : ++failures_ >= kMostFailures) table_.reset();
  return error;
}

void HierarchyWalk::list(std::uint64_t directory) {
  if (to_list_.empty() || to_list_.back() != directory) to_list_.push_back(directory);
}

void HierarchyWalk::forget(Subject subject) {
  if (subject.slot >= states_.size() || states_[subject.slot].subject != subject) return;
  states_[subject.slot] = {};
  --tracked_;
}

// A cgroup under the id of one that we know, with another serial number, was made after that one
// was removed, which the inventory has not seen yet: it is nobody's until then.
std::uint32_t HierarchyWalk::join(const wire_walk_cgroup& row) {
  const cgroup::Cgroup* const cgroup = inventory_.by_kernfs_id(hierarchy_, row.id);
  if (!cgroup) return kNobody;
  const std::uint32_t slot = cgroup->subject.slot;
  if (slot >= states_.size()) {
    states_.resize(slot + std::size_t{1});
    values_.resize(states_.size() * stride_);
  }
  State& state = states_[slot];
  if (state.subject == cgroup->subject)
    return state.id == row.id && state.serial == row.serial ? slot : kNobody;
  if (state.subject == kNoSubject) ++tracked_;
  state = {.subject = cgroup->subject,
           .id = row.id,
           .serial = row.serial,
           .parent = row.parent,
           .served = inventory_.is_served(*cgroup)};
  return slot;
}

// True when its wanted values are not those of the last walk.
bool HierarchyWalk::take(State& state, std::uint32_t slot, const wire_walk_cgroup& row) {
  const std::uint64_t present = row.present & wanted_;
  bool same = !state.fresh && present == state.present;
  std::uint64_t* known = values_.data() + slot * stride_;
  for (const Run& run : runs_) {
    const std::size_t size = run.count * sizeof *known;
    if (!same || std::memcmp(known, &row.value[run.first], size) != 0) {
      same = false;
      std::memcpy(known, &row.value[run.first], size);
    }
    known += run.count;
  }
  state.present = present;
  state.fresh = false;
  return !same;
}

void HierarchyWalk::drop_unseen() {
  for (std::uint32_t slot = 0; slot < states_.size(); ++slot) {
    State& state = states_[slot];
    if (state.subject == kNoSubject || state.round == round_) continue;
    if (state.served) changed_.push_back(slot);
    if (rows_.unseen == 0) list(state.parent);
    forget(state.subject);
  }
}

}  // namespace hostmeter::source::walk
