#include "source/walk/walks.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace hostmeter::source::walk {
namespace {

// Not of From::unified.
cgroup::Controller controller_of(From from) {
  constexpr cgroup::Controller kControllers[] = {
      cgroup::Controller::cpu, cgroup::Controller::cpuacct, cgroup::Controller::memory,
      cgroup::Controller::pids, cgroup::Controller::blkio};
  return kControllers[std::size_t(from)];
}

std::optional<std::size_t> own_hierarchy(const cgroup::Hierarchies& hierarchies, From from) {
  if (from == From::unified) return hierarchies.unified();
  return hierarchies.of(controller_of(from));
}

}  // namespace

Walks::Walks(const cgroup::Inventory& inventory, const cgroup::Hierarchies& hierarchies,
             const cgroup::FileCache& files, Load load, Room room)
    : inventory_(inventory),
      hierarchies_(hierarchies),
      files_(files),
      load_(std::move(load)),
      room_(room) {}

Error Walks::add(std::size_t hierarchy) {
  held_[hierarchy] = {.room = std::min(room_.first, room_.most)};
  auto table = load_(hierarchy, held_[hierarchy].room);
  if (!table) return table.error();
  walks_[hierarchy] = std::make_unique<HierarchyWalk>(inventory_, hierarchy, std::move(*table));
  return {};
}

// By what the last walk left out, else by what the tree knows: at the start, before any walk.
std::uint64_t Walks::wanted_room(const HierarchyWalk& walk) const {
  if (walk.unseen() > 0) return 2 * (walk.size() + walk.unseen());
  const auto slots = inventory_.slots();
  const std::uint32_t room = held_[walk.hierarchy()].room;
  if (slots.size() <= room) return 0;
  const auto there = std::uint64_t(std::ranges::count_if(slots, [&](const cgroup::Cgroup* cgroup) {
    return cgroup && cgroup->kernfs_id[walk.hierarchy()] != 0;
  }));
  return there > room ? there + there / 4 : 0;
}

// Before a walk: its rows are held by what is replaced.
void Walks::make_room(HierarchyWalk& walk, const Tick& tick) {
  constexpr std::uint64_t kRetryTicks = 300;
  Held& held = held_[walk.hierarchy()];
  const std::uint64_t wanted = wanted_room(walk);
  if (wanted <= held.room) return;
  if (held.room >= room_.most) {
    if (!std::exchange(held.is_full, true))
      remark({"cgroup_walk", "there are more cgroups than " + std::to_string(room_.most), true});
    return;
  }
  if (tick.number < held.next_try) return;
  const auto room = std::uint32_t(std::min<std::uint64_t>(room_.most, wanted));
  auto table = load_(walk.hierarchy(), room);
  if (table) {
    walk.replace(std::move(*table));
    held = {.room = room};
    return;
  }
  const bool is_first = held.next_try == 0;
  held.next_try = tick.number + kRetryTicks;
  if (is_first)
    remark({"cgroup_walk",
            "no room for more than " + std::to_string(held.room) + " cgroups: " +
                std::string(table.error().what) + " (" + std::strerror(table.error().code) + ")",
            true});
}

// A cgroup that is not in a controller's own hierarchy is looked for in the v2 tree.
bool Walks::feeds(std::size_t hierarchy, std::span<const Source> sources) const {
  if (hierarchies_.unified() == hierarchy) return true;
  return std::any_of(sources.begin(), sources.end(), [&](const Source& source) {
    return own_hierarchy(hierarchies_, source.from) == hierarchy;
  });
}

bool Walks::want(std::span<const Source> sources) {
  for (std::size_t h = 0; h < hierarchies_.all().size(); ++h)
    if (feeds(h, sources) && !at(h)) return false;
  const auto unified = hierarchies_.unified();
  for (const Source& source : sources) {
    const auto own = own_hierarchy(hierarchies_, source.from);
    if (own) at(*own)->want(source.fields);
    if (unified && unified != own) at(*unified)->want(source.fields, false);
  }
  return true;
}

// It has a quota: how often it is used up is of every tick.
bool Walks::is_watched_in_cpu(const cgroup::Cgroup& cgroup) const {
  const auto quota = row(From::cpu, cgroup).get(WIRE_WALK_CPU_QUOTA);
  return quota && *quota != WIRE_WALK_NO_LIMIT;
}

const HierarchyWalk* Walks::with_quotas() const {
  const auto hierarchy = hierarchies_.of(cgroup::Controller::cpu);
  return hierarchy ? at(*hierarchy) : nullptr;
}

// A cgroup without a directory in a controller's own hierarchy has its figures in the v2 tree. The
// root's are from files.
void Walks::look_who_is_watched(const Tick& tick) {
  constexpr unsigned kLookEach = 5;  // ticks: it is a look at all cgroups
  const bool may_differ = may_others_be_watched_ && tick.number % kLookEach == 0;
  if (inventory_.born().empty() && !inventory_.is_rearranged() && !may_differ) return;
  const HierarchyWalk* const quotas = with_quotas();
  may_others_be_watched_ = quotas && !quotas->is_fresh();
  for (Held& held : held_) held.is_watched = false;
  for (const cgroup::Cgroup* cgroup : inventory_.slots()) {
    if (!cgroup || cgroup->subject == kHost || !inventory_.is_served(*cgroup)) continue;
    for (const From from : {From::cpuacct, From::memory, From::pids})
      if (const auto there = where(from, *cgroup)) held_[there->hierarchy].is_watched = true;
    const auto cpu = where(From::cpu, *cgroup);
    if (cpu && is_watched_in_cpu(*cgroup)) held_[cpu->hierarchy].is_watched = true;
  }
}

void Walks::update(const Tick& tick) {
  bool is_whole = long_ticks_.is_long_after_the_last(tick);
  for (Witness* witness : witnesses_) is_whole |= witness->before_walk(tick);
  look_who_is_watched(tick);
  const auto with_usage = hierarchies_.of(cgroup::Controller::cpuacct);
  HierarchyWalk* runs = with_usage ? at(*with_usage) : nullptr;
  if (runs && !runs->wants(bit(WIRE_WALK_CPU_USAGE))) runs = nullptr;
  if (runs) update(*runs, {.is_whole = is_whole}, tick);
  for (const auto& walk : walks_)
    if (walk && walk.get() != runs) update(*walk, {.is_whole = is_whole, .runs = runs}, tick);
  const HierarchyWalk* const quotas = with_quotas();
  may_others_be_watched_ |= quotas && !quotas->changed().empty();
}

void Walks::update(HierarchyWalk& walk, HierarchyWalk::Demand demand, const Tick& tick) {
  if (walk.is_lost()) return;
  make_room(walk, tick);
  demand.is_watched = held_[walk.hierarchy()].is_watched;
  const Error error = walk.update(demand);
  if (error.code != 0) ++failures_;
  if (walk.is_lost())
    remark({"cgroup_walk", "the walk failed again and again: " + std::string(error.what) + " (" +
                               std::strerror(error.code) + ")"});
}

void Walks::remark_doubts() {
  for (const Witness* witness : witnesses_)
    if (std::string doubt = witness->doubt(); !doubt.empty())
      remark({std::string(witness->name()), std::move(doubt)});
}

std::optional<cgroup::Where> Walks::where(From from, const cgroup::Cgroup& cgroup) const {
  if (from == From::unified) return files_.unified(cgroup);
  return files_.where(controller_of(from), cgroup);
}

Row Walks::row(From from, const cgroup::Cgroup& cgroup) const {
  const auto there = where(from, cgroup);
  const HierarchyWalk* const walk = there ? at(there->hierarchy) : nullptr;
  if (!walk) return {};
  return {walk->row(cgroup.subject), there->v2};
}

void WalkStep::read(const Tick& tick, Output&) {
  walks_.update(tick);
  for (std::size_t h = 0; h < cgroup::kMaxHierarchies; ++h) {
    const HierarchyWalk* const walk = walks_.at(h);
    if (!walk) continue;
    for (const std::uint64_t directory : walk->directories_to_list())
      tree_.look_again(h, directory);
    tree_.set_overseen(h, walk->is_fresh() && walk->unseen() == 0);
  }
}

}  // namespace hostmeter::source::walk
