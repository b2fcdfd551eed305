// The walks over all hierarchies, taken at the head of a tick and shared by the readers after it.
#pragma once
#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/tree.hpp"
#include "source/reader.hpp"
#include "source/walk/hierarchy_walk.hpp"

namespace hostmeter::source::walk {

// Where a value group's figures come from: a controller's hierarchy, or the v2 tree itself.
enum class From : std::uint8_t { cpu, cpuacct, memory, pids, blkio, unified };

// What a value group takes from the rows of one hierarchy.
struct Source {
  From from;
  std::uint64_t fields;  // bits of enum wire_walk_field
};

// One cgroup's row for one controller.
struct Row {
  const wire_walk_cgroup* cgroup = nullptr;  // none: the cgroup is not there
  bool v2 = false;
  std::optional<std::uint64_t> get(unsigned field) const {
    if (!cgroup || !(cgroup->present & bit(field))) return {};
    return cgroup->value[field];
  }
};

// Someone who wants to see the files before the walk, to compare them with it.
class Witness {
 public:
  virtual ~Witness() = default;
  // True: it will, and the walk must be whole.
  virtual bool before_walk(const Tick&) = 0;
  // Compared, and neither agreed nor disagreed: the next ticks will tell.
  virtual bool is_undecided() const = 0;
  // Why there is no verdict yet; empty: there is one.
  virtual std::string doubt() const = 0;
  virtual std::string_view name() const = 0;
};

class Walks {
 public:
  struct Remark {
    std::string reader, what;
    bool is_room = false;  // the reader goes on, without some cgroups
  };

  // A walk over a hierarchy with room for so many cgroups.
  using Load = std::function<Result<std::unique_ptr<bpf::WalkTable>>(std::size_t hierarchy,
                                                                     std::uint32_t max_cgroups)>;

  // Cgroups in a hierarchy. What holds them is made for the first few and grows with the need: it
  // is kernel memory.
  struct Room {
    std::uint32_t most, first = 1024;
  };
  Walks(const cgroup::Inventory&, const cgroup::Hierarchies&, const cgroup::FileCache&, Load load,
        Room room);

  // Code 0, or why the hierarchy cannot be walked.
  Error add(std::size_t hierarchy);
  HierarchyWalk* at(std::size_t hierarchy) const {
    return hierarchy < walks_.size() ? walks_[hierarchy].get() : nullptr;
  }
  // No walk has figures that somebody wants.
  bool empty() const {
    return std::none_of(walks_.begin(), walks_.end(),
                        [](const auto& walk) { return walk && walk->has_figures(); });
  }
  bool is_lost() const {
    return std::all_of(walks_.begin(), walks_.end(), [](const auto& walk) {
      return !walk || walk->is_lost() || !walk->has_figures();
    });
  }

  // Whether a cgroup's rows for these may be in that hierarchy.
  bool feeds(std::size_t hierarchy, std::span<const Source>) const;
  // True when there is a walk of all that feed these; notes which fields are wanted of each.
  bool want(std::span<const Source>);

  // Once in a tick, after the inventory's update.
  void update(const Tick&);

  void add(Witness& witness) { witnesses_.push_back(&witness); }
  void remove(const Witness& witness) { std::erase(witnesses_, &witness); }

  // Where the files of a cgroup would be; the walk's row stands for those and no others.
  std::optional<cgroup::Where> where(From, const cgroup::Cgroup&) const;
  Row row(From, const cgroup::Cgroup&) const;

  // Something to say aloud, for whoever logs.
  bool is_undecided() const { return std::ranges::any_of(witnesses_, &Witness::is_undecided); }
  // Of those that are still read from files, when there will be no more ticks.
  void remark_doubts();
  void remark(Remark remark) { remarks_.push_back(std::move(remark)); }
  std::vector<Remark> take_remarks() { return std::exchange(remarks_, {}); }

  std::uint64_t failures() const { return failures_; }

 private:
  // Of one hierarchy.
  struct Held {
    std::uint32_t room = 0;
    std::uint64_t next_try = 0;  // to get more: a tick's number
    bool is_full = false;        // said
    bool is_watched = true;      // see HierarchyWalk::Demand
  };

  std::uint64_t wanted_room(const HierarchyWalk&) const;
  void make_room(HierarchyWalk&, const Tick&);
  void look_who_is_watched(const Tick&);
  void update(HierarchyWalk&, HierarchyWalk::Demand, const Tick&);
  const HierarchyWalk* with_quotas() const;
  bool is_watched_in_cpu(const cgroup::Cgroup&) const;

  const cgroup::Inventory& inventory_;
  const cgroup::Hierarchies& hierarchies_;
  const cgroup::FileCache& files_;
  const Load load_;
  const Room room_;
  std::array<Held, cgroup::kMaxHierarchies> held_;
  std::array<std::unique_ptr<HierarchyWalk>, cgroup::kMaxHierarchies> walks_;
  std::vector<Witness*> witnesses_;
  std::vector<Remark> remarks_;
  LongTicks long_ticks_;
  bool may_others_be_watched_ = true;  // the hierarchy with quotas had news
  std::uint64_t failures_ = 0;
};

// The reader "cgroup_walk": it sends nothing itself. What it refers to outlives it.
class WalkStep final : public Reader {
 public:
  WalkStep(Walks& walks, cgroup::Tree& tree) : walks_(walks), tree_(tree) {}
  void read(const Tick& tick, Output&) override;
  Mode mode() const override { return walks_.is_lost() ? Mode::off : Mode::walk; }
  std::uint64_t read_errors() const override { return walks_.failures(); }

 private:
  Walks& walks_;
  cgroup::Tree& tree_;
};

}  // namespace hostmeter::source::walk
