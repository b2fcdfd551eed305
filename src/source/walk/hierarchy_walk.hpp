// One hierarchy's walk: whose row is whose, and which of them changed since the last one.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "source/bpf/walk_table.hpp"
#include "source/cgroup/inventory.hpp"

namespace hostmeter::source::walk {

constexpr std::uint64_t bit(unsigned field) {
  return std::uint64_t{1} << field;
}

// A cgroup is known by the id of its directory and the serial number of its css together: ids may
// be used again, a serial number never is. While nobody comes, goes or moves only the rows are
// looked at that the walk says have changed.
class HierarchyWalk {
 public:
  static constexpr unsigned kYoungTicks = 5;  // in which no cgroup waits for its turn

  HierarchyWalk(const cgroup::Inventory&, std::size_t hierarchy, std::unique_ptr<bpf::WalkTable>);

  // Bits of enum wire_walk_field that somebody reads: a row in which only others changed did not
  // change. is_own: else only of those cgroups that are not in their controllers' own hierarchy.
  // Before the first update.
  void want(std::uint64_t fields, bool is_own = true);
  bool wants(std::uint64_t fields) const { return (wanted_ & fields) == fields; }
  // False: it only tells who is there.
  bool has_figures() const { return wanted_ != 0; }

  // From the next update on another table's rows are taken, one with more room.
  void replace(std::unique_ptr<bpf::WalkTable>);

  // What a tick asks of the walk.
  struct Demand {
    // Someone has figures of every tick here, or others than its own: docs/freshness.md.
    bool is_watched = true;
    bool is_whole = false;  // no cgroup may wait for its turn
    // The walk with CPU usage, already taken at this tick: what did not run waits here for its
    // turn.
    const HierarchyWalk* runs = nullptr;
  };
  // After the inventory's own update. On an error nothing is known of this tick.
  Error update(Demand);

  std::size_t hierarchy() const { return hierarchy_; }
  bool is_fresh() const { return fresh_; }
  // It failed so often in a row that it will not come back.
  bool is_lost() const { return !table_; }
  const Error& error() const { return error_; }
  // Null: it is lost.
  const bpf::WalkWay* way() const { return table_ ? &table_->way() : nullptr; }

  // Slots of served cgroups whose row is new, is not what it was, or is no longer there.
  std::span<const std::uint32_t> changed() const { return changed_; }

  // The same; nothing: none but a walk of this tick could tell, and there was none.
  std::optional<std::span<const std::uint32_t>> changed_now() const {
    return is_of_this_tick_ ? std::optional(changed()) : std::nullopt;
  }

  // Null: no row in this walk. Valid until the next update.
  const wire_walk_cgroup* row(Subject subject) const {
    if (!fresh_ || subject.slot >= states_.size()) return nullptr;
    const State& state = states_[subject.slot];
    return state.subject == subject && state.round == round_ ? &rows_.cgroups[state.index]
                                                             : nullptr;
  }
  std::size_t size() const { return rows_.cgroups.size(); }

  // Rows for which there was no room: whoever has none may be among them.
  std::uint64_t unseen() const { return rows_.unseen; }

  // Directories in which there is one that the inventory does not know, or no longer one that it
  // knows, each said once.
  std::span<const std::uint64_t> directories_to_list() const { return to_list_; }

 private:
  static constexpr unsigned kMostFailures = 3;
  static constexpr unsigned kMostBusy = 20;  // likewise, of a kernel that is out of breath
  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};
  static constexpr Subject kNoSubject{0, ~std::uint32_t{0}};

  struct State {
    Subject subject = kNoSubject;
    std::uint64_t id = 0, serial = 0;
    std::uint64_t parent = 0;  // the id of the directory it is in
    std::uint64_t present = 0;
    std::uint32_t index = 0;
    std::uint32_t round = 0;   // of the last walk that had it
    std::uint8_t running = 0;  // ticks in which it is taken for one that ran
    bool served = false;
    bool fresh = true;  // its row has not been seen yet
  };
  // Who was last found at this place of the walk.
  struct Seat {
    std::uint64_t id = 0;
    std::uint32_t slot = kNobody;
  };
  // Fields that lie together.
  struct Run {
    std::uint32_t first, count;
  };

  Error failed(const Error&);
  bool is_anyone_known() const;
  bool has_news() const;
  std::optional<bpf::Look> choose(const Demand&, unsigned turn);
  const std::vector<std::uint32_t>* to_look_at(const HierarchyWalk* runs, unsigned turn);
  void note_running(std::span<const std::uint32_t> ran);
  void look_who_runs_unseen(const HierarchyWalk& runs);
  void match_all();
  void take_changed();
  void forget(Subject);
  void list(std::uint64_t directory);
  std::uint32_t join(const wire_walk_cgroup&);
  bool take(State&, std::uint32_t slot, const wire_walk_cgroup&);
  void drop_unseen();

  const cgroup::Inventory& inventory_;
  const std::size_t hierarchy_;
  std::unique_ptr<bpf::WalkTable> table_;  // null: lost
  std::uint64_t wanted_ = 0, own_ = 0;
  std::vector<Run> runs_;
  std::size_t stride_ = 0;  // wanted values of one cgroup

  bpf::WalkRows rows_;
  bool fresh_ = false;
  bool is_of_this_tick_ = false, is_watched_ = true;
  bool settled_ = false;              // seats_ is of the last walk, and of nobody who is gone
  unsigned turn_ = 0;                 // of the next tick
  unsigned restless_ = 0;             // ticks until nobody is new here
  unsigned failures_ = 0, busy_ = 0;  // in a row
  Error error_{};
  std::uint32_t round_ = 0;
  std::size_t tracked_ = 0;             // states with a subject
  std::vector<Seat> seats_;             // by place in the walk
  std::vector<std::uint32_t> nobodys_;  // places in it of those the inventory does not have
  std::vector<State> states_;           // by slot
  std::vector<std::uint64_t> values_;   // by slot: stride_ values each, as of the last walk
  std::vector<std::uint32_t> changed_;
  std::vector<std::uint32_t> places_;       // to be looked at in this tick
  std::vector<std::uint32_t> running_;      // slots of those taken for ones that ran
  std::vector<std::uint32_t> unseen_runs_;  // places of those with no row where CPU usage is, as of
  std::uint32_t unseen_runs_round_ = 0, runs_round_ = 0;  // these rounds
  std::vector<std::uint64_t> to_list_;
};

}  // namespace hostmeter::source::walk
