// Reads a value group from the walks, and from files what the walks do not have.
#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "source/cgroup/per_cgroup.hpp"
#include "source/walk/self_check.hpp"
#include "source/walk/subset.hpp"
#include "source/walk/walks.hpp"

namespace hostmeter::source::walk {

// The first tick is of files, for all cgroups; from the next on, if the walk agreed with them, only
// what changed in the walk is looked at. The root is always read from files: the kernel makes up
// its figures for the files alone. So are cgroups for which the walk had no room. If the walk
// disagrees, or is lost later, all are read from files for good.
template <class Group>
class WalkReader final : public Reader, private Witness {
 public:
  using Field = typename Group::Field;
  using Check = SelfCheck<Field>;

  WalkReader(Group group, Walks& walks, const cgroup::Inventory& inventory,
             typename Check::MakeFiles make_files)
      : group_(std::move(group)),
        walks_(walks),
        inventory_(inventory),
        by_files_(inventory),
        files_(make_files(by_files_)),
        check_(std::in_place, inventory, Group::kColumns, make_files) {
    for (std::size_t h = 0; h < cgroup::kMaxHierarchies; ++h)
      if (walks.at(h) && walks.feeds(h, Group::kSources)) of_.push_back(walks.at(h));
    walks_.add(*this);
  }
  ~WalkReader() override { walks_.remove(*this); }
  WalkReader(const WalkReader&) = delete;

  void read(const Tick& tick, Output& out) override {
    by_files_.begin();
    if ((walking_ || check_) && std::ranges::any_of(of_, &HierarchyWalk::is_lost)) step_down(out);
    if (walking_)
      read_walk(tick, out);
    else
      by_files_.choose_all();
    FromFiles from_files(group_, out);
    files_->read(tick, from_files);
    if (check_ && is_fresh()) look_at_verdict();
  }

  Mode mode() const override { return walking_ ? Mode::walk : files_->mode(); }
  std::uint64_t parse_errors() const override { return files_->parse_errors(); }
  std::uint64_t read_errors() const override { return files_->read_errors(); }

 private:
  static constexpr std::size_t kSources = Group::kSources.size();

  struct State {
    Subject subject{0, ~0U};
    cgroup::LastSent<Field> sent;
    [[no_unique_address]] typename Group::Memory memory;
  };
  struct FromFiles final : Output {
    FromFiles(Group& to, Output& through) : group(to), out(through) {}
    void send(NewsItem item) override { out.send(std::move(item)); }
    void send(const Record& record) override {
      Record seen = record;
      group.from_files(seen);
      out.send(seen);
    }
    Group& group;
    Output& out;
  };

  bool before_walk(const Tick&) override { return check_ && check_->before_walk(); }
  bool is_undecided() const override { return check_ && check_->has_compared(); }
  std::string doubt() const override {
    if (!check_) return {};
    if (check_->has_compared()) return check_->complaint();
    return "no cgroup has a file of this group to hold the walk against";
  }
  std::string_view name() const override { return Group::kName; }

  bool is_fresh() const { return std::ranges::all_of(of_, &HierarchyWalk::is_fresh); }

  // After a walk that failed the last values stand: there is no saying which of them changed.
  void read_walk(const Tick& tick, Output& out) {
    is_resend_due_ |= tick.resend;
    if (!is_fresh()) {
      is_due_whole_ = true;
      return;
    }
    Tick now = tick;
    now.resend = std::exchange(is_resend_due_, false);
    const bool crowded =
        std::ranges::any_of(of_, [](const HierarchyWalk* walk) { return walk->unseen() > 0; });
    const bool whole = std::exchange(is_due_whole_, crowded) || crowded || now.resend;
    std::swap(vanished_, looked_for_);
    vanished_.clear();
    if (whole)
      take_all(crowded, now, out);
    else
      take_changed(now, out);
  }

  // What is no longer in the walk is most likely removed: the inventory will say so in the next
  // tick, and until then its counters stand, for they are its last. Without room for all, who has
  // no row may be there nevertheless.
  void take_all(bool crowded, const Tick& tick, Output& out) {
    for (const cgroup::Cgroup* cgroup : inventory_.slots()) {
      if (!cgroup || !inventory_.is_served(*cgroup)) continue;
      if (!crowded && lacks_row(*cgroup) &&
          std::ranges::find(looked_for_, cgroup->subject) == looked_for_.end())
        vanished_.push_back(cgroup->subject);
      else
        take(*cgroup, crowded, tick, out);
    }
  }

  void take_changed(const Tick& tick, Output& out) {
    const auto slots = inventory_.slots();
    for (const Subject subject : looked_for_)
      if (const cgroup::Cgroup* cgroup = inventory_.find(subject)) take(*cgroup, false, tick, out);
    for (const HierarchyWalk* walk : of_)
      for (const std::uint32_t slot : walk->changed()) {
        const cgroup::Cgroup* const cgroup = slot < slots.size() ? slots[slot] : nullptr;
        if (!cgroup) continue;
        if (walk->row(cgroup->subject))
          take(*cgroup, false, tick, out);
        else
          vanished_.push_back(cgroup->subject);
      }
  }

  bool lacks_row(const cgroup::Cgroup& cgroup) const {
    return cgroup.subject != kHost && std::ranges::any_of(Group::kSources, [&](const Source& from) {
             return walks_.where(from.from, cgroup) && !walks_.row(from.from, cgroup).cgroup;
           });
  }

  void take(const cgroup::Cgroup& cgroup, bool crowded, const Tick& tick, Output& out) {
    const Subject subject = cgroup.subject;
    std::array<Row, kSources> rows;
    bool here = subject != kHost;
    for (std::size_t i = 0; i < kSources; ++i) {
      rows[i] = walks_.row(Group::kSources[i].from, cgroup);
      if (crowded && !rows[i].cgroup && walks_.where(Group::kSources[i].from, cgroup)) here = false;
    }
    if (subject.slot >= states_.size()) states_.resize(inventory_.slots().size());
    State& state = states_[subject.slot];
    const bool was_here = state.subject == subject;
    by_files_.choose(cgroup, !here);
    if (!here) {
      if (was_here) withdraw(state, out);
      return;
    }
    Tick now = tick;
    if (!was_here) {
      state = {};
      state.subject = subject;
      group_.begin(subject, state.memory);
      now.resend = true;
    }
    state.sent.send(out, now, subject, group_.facts(subject, rows, state.memory));
  }

  // What the walk said and files do not say must not stay.
  void withdraw(State& state, Output& out) {
    out.send(state.subject, Facts<Field>{});
    group_.end(state.subject, state.memory);
    state = {};
  }

  void look_at_verdict() {
    const auto verdict = check_->after_walk([this](const cgroup::Cgroup& cgroup) {
      std::array<Row, kSources> rows;
      for (std::size_t i = 0; i < kSources; ++i)
        rows[i] = walks_.row(Group::kSources[i].from, cgroup);
      typename Group::Memory memory{};
      return group_.facts(cgroup.subject, rows, memory);
    });
    if (verdict == Check::Verdict::open) return;
    if (verdict == Check::Verdict::agreed)
      walking_ = is_due_whole_ = true;
    else
      walks_.remark({std::string(Group::kName), check_->complaint()});
    check_.reset();
  }

  void step_down(Output& out) {
    walking_ = false;
    check_.reset();
    for (State& state : states_)
      if (inventory_.find(state.subject)) withdraw(state, out);
    walks_.remark({std::string(Group::kName), "the walk failed"});
  }

  Group group_;
  Walks& walks_;
  const cgroup::Inventory& inventory_;
  Subset by_files_;
  const std::unique_ptr<Reader> files_;
  std::vector<const HierarchyWalk*> of_;
  std::optional<Check> check_;  // until there is a verdict
  bool walking_ = false;
  bool is_due_whole_ = false, is_resend_due_ = false;  // with the next walk that succeeds
  std::vector<State> states_;                          // by slot
  std::vector<Subject> vanished_, looked_for_;
};

}  // namespace hostmeter::source::walk
