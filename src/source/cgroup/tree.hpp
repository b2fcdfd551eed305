// The live cgroups, followed by notification.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "hostmeter/flow/facts/cgroup_tree.hpp"
#include "source/cgroup/chronicle.hpp"
#include "source/cgroup/hierarchies.hpp"
#include "source/cgroup/inventory.hpp"
#include "source/cgroup/lingering.hpp"
#include "source/cgroup/options.hpp"
#include "source/cgroup/watches.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::cgroup {

// A cgroup is a path relative to its hierarchy; on v1 and hybrid hosts it is in several
// hierarchies and is gone when it is in none. A change makes its parent's directory dirty; dirty
// directories are listed again at the next tick, once however much changed in them, and compared
// by inode, so that a cgroup removed and made again between two ticks is seen as a new one.
// Directories without a watch, and all after the kernel dropped notifications, are listed in
// turns: a tenth of them at every tick.
class Tree final : public Reader, public Inventory {
 public:
  static constexpr unsigned kRescanTicks = 10;  // without notification
  static constexpr unsigned kYoungTicks = 5;
  static constexpr std::size_t kPidSteps = 32;  // cgroups looked into for one process
  static constexpr unsigned kCheckTicks = 60;   // every directory's link count is compared so often

  Tree(Host& host, const Hierarchies& hierarchies, Options options);

  // Asked at the beginning of every tick: what was made is found although nobody else notifies of
  // it, and what was removed is missed at once. Outlives the tree.
  void follow(Chronicle& chronicle) { chronicle_ = &chronicle; }

  void read(const Tick&, Output&) override;

  // Whose directory this was; to be called after read(), with the chronicle's latest entries first.
  // A cgroup that came and went unseen is born here, and gone. Nothing: it is not served, or its
  // path has been taken by a later one.
  std::optional<Subject> owner_of(const Removed&, Output&);

  std::uint64_t tick() const override { return tick_; }
  std::span<const Cgroup* const> slots() const override { return slots_; }
  const Cgroup* by_kernfs_id(std::size_t hierarchy, std::uint64_t id) const override;
  std::span<const Subject> born() const override { return born_; }
  bool is_rearranged() const override { return is_rearranged_; }
  std::span<const Subject> gone() const override { return gone_; }
  std::span<const std::unique_ptr<const Cgroup>> departed() const override { return departed_; }
  int first_pid(const Cgroup&) const override;
  bool is_served(const Cgroup&) const override;

  // Lists a directory again at the next tick: something in it was heard of that is not known.
  void look_again(std::size_t hierarchy, std::uint64_t id) {
    const Cgroup* const cgroup = by_kernfs_id(hierarchy, id);
    if (cgroup) queue({cgroup->subject.slot, std::uint32_t(hierarchy)});
  }
  // Someone who sees all of a hierarchy says so: then link counts tell nothing new.
  void set_overseen(std::size_t hierarchy, bool overseen) { overseen_[hierarchy] = overseen; }

  // False when some of the tree is read again every kRescanTicks instead: no watches left (for
  // now), or a filesystem that does not notify.
  bool is_notified() const { return notifies_ && unwatched_ == 0; }
  std::size_t watches() const { return watches_.size(); }
  std::uint64_t listings() const { return listing_; }  // of directories, since the start

 private:
  struct Node {
    Cgroup cgroup;
    std::uint32_t parent = 0, index_in_parent = 0;
    std::vector<std::uint32_t> children;
    struct InHierarchy {
      int watch = Watches::kNone;
      std::uint32_t seen = 0;      // the listing of the parent that last had it
      std::uint32_t children = 0;  // live ones in this hierarchy
      std::uint32_t ignored = 0;   // children beyond the limit
      std::uint32_t runs = 0;      // children that are runs of scripts, which are not followed
      std::uint64_t was = 0;       // its kernfs id, once it is lost
      bool lost = false;           // was there, and is not now
      bool dirty = false;          // is in pending_
      bool unwatched = false;      // there was no watch left for it
    };
    std::array<InHierarchy, kMaxHierarchies> in;
    bool announced = false;
    std::uint8_t pid_wait = 0, pid_back_off = 0;  // questions to answer without a walk
  };
  struct Place {
    std::uint32_t slot, hierarchy;
  };

  void start();
  void hear();
  void take_notifications();
  void queue(Place);
  void check(const Tick&);
  void rescan_in_turns(const Tick&);
  void scan_pending();
  void scan(Place);
  bool list(Place, int dir_fd);
  void watch(Place, int dir_fd);
  void set_unwatched(Node::InHierarchy&, bool unwatched);
  void adopt(Place parent, std::uint64_t id, std::string_view name);
  bool is_known(Place parent, std::uint64_t id, std::string_view name);
  std::uint32_t make(Place parent, std::string path);
  void leave(Place);
  void bury(std::uint32_t slot);
  void renew(std::uint32_t slot);
  int own_pid(const Cgroup&) const;
  std::uint32_t take_slot();
  std::uint64_t began_ns(const Cgroup&) const;
  std::optional<Subject> live_owner(Node&, const Removed&);
  void add_directory(Lingering::Entry&, std::size_t hierarchy, std::uint64_t id);
  std::optional<Subject> pass_unseen(const Removed&, Output&);
  void announce(Output&);
  void send_forgotten(Output&);
  void send_facts(Output&) const;

  Host& host_;
  const Hierarchies& hierarchies_;
  Options options_;
  Watches watches_;
  bool started_ = false, notifies_ = true;
  std::array<bool, kMaxHierarchies> overseen_{};
  bool watches_spent_ = false;  // in this tick
  std::size_t unwatched_ = 0;
  unsigned turns_left_ = 0;  // of a rescan of everything

  std::vector<std::unique_ptr<Node>> nodes_;  // by slot
  std::vector<const Cgroup*> slots_;
  std::vector<std::uint32_t> generations_, free_;
  std::unordered_map<std::string_view, std::uint32_t> by_path_;  // keys live in the nodes
  std::array<std::unordered_map<std::uint64_t, std::uint32_t>, kMaxHierarchies> by_id_;
  std::unordered_map<int, Place> by_watch_;

  std::uint64_t tick_ = 0;
  std::vector<Place> pending_;     // directories to list
  std::uint64_t young_until_ = 0;  // what is found now
  std::uint32_t listing_ = 0;
  std::uint64_t now_ns_ = 0;
  std::vector<Subject> born_, gone_;
  bool is_rearranged_ = false;
  std::vector<std::unique_ptr<const Cgroup>> departed_;
  std::vector<const Cgroup*> retired_;  // those of departed_ that were announced
  std::unordered_map<std::uint32_t, Cgroup*> passed_unseen_;  // likewise, by slot
  Lingering lingering_;
  Chronicle* chronicle_ = nullptr;

  std::array<std::uint64_t, 6> kinds_{};
  std::array<std::uint64_t, kMaxHierarchies> ignored_{};
  std::uint64_t rescans_ = 0, overflows_ = 0, unseen_ = 0;
};

}  // namespace hostmeter::source::cgroup
