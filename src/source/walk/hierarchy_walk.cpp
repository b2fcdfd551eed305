#include "source/walk/hierarchy_walk.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace hostmeter::source::walk {

HierarchyWalk::HierarchyWalk(const cgroup::Inventory& inventory, std::size_t hierarchy,
                             std::unique_ptr<bpf::WalkTable> table)
    : inventory_(inventory), hierarchy_(hierarchy), table_(std::move(table)) {}

// Runs with one or two unwanted fields between them are one: a comparison costs more than those.
void HierarchyWalk::want(std::uint64_t fields) {
  constexpr std::uint32_t kGap = 2;
  wanted_ |= fields;
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
  for (const Subject& subject : inventory_.gone()) forget(subject);
  settled_ = settled_ && inventory_.gone().empty();
  if (has_news()) restless_ = bpf::kTurns;
  const bool is_restless = restless_ > 0 || demand.is_whole || !fresh_;
  if (restless_ > 0) --restless_;
  const unsigned turn = std::exchange(turn_, (turn_ + 1) % bpf::kTurns);
  const bool is_due = demand.is_watched || turn == hierarchy_ % bpf::kTurns;
  if (!is_due && !is_restless && settled_) return {};
  const bool is_of_all = is_restless || !demand.is_watched;
  const auto walked = table_->walk(wanted_, is_of_all ? bpf::kTurnOfAll : turn);
  fresh_ = bool(walked);
  if (!walked) return failed(walked.error());
  failures_ = busy_ = 0;
  rows_ = *walked;
  if (settled_ && !rows_.is_rearranged && !is_anyone_known())
    take_changed();
  else
    match_all();
  return {};
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
  std::uint64_t* known = &values_[slot * stride_];
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
