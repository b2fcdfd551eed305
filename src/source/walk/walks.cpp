#include "source/walk/walks.hpp"

#include <algorithm>
#include <cstring>

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
             const cgroup::FileCache& files, Load load, std::uint32_t most)
    : inventory_(inventory),
      hierarchies_(hierarchies),
      files_(files),
      load_(std::move(load)),
      most_(most) {}

Error Walks::add(std::size_t hierarchy) {
  constexpr std::uint32_t kAtFirst = 1024;
  room_[hierarchy] = std::min(kAtFirst, most_);
  auto table = load_(hierarchy, room_[hierarchy]);
  if (!table) return table.error();
  walks_[hierarchy] = std::make_unique<HierarchyWalk>(inventory_, hierarchy, std::move(*table));
  return {};
}

// Rows are held by what is replaced: this tick goes without them.
void Walks::make_room(HierarchyWalk& walk) {
  std::uint32_t& room = room_[walk.hierarchy()];
  const std::uint64_t wanted = std::min<std::uint64_t>(most_, 2 * (walk.size() + walk.unseen()));
  if (walk.unseen() == 0 || wanted <= room) return;
  auto table = load_(walk.hierarchy(), std::uint32_t(wanted));
  room = std::uint32_t(wanted);  // if it was refused now, it is not asked for at every tick
  if (table) walk.replace(std::move(*table));
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
  for (const Source& source : sources)
    for (const auto h : {own_hierarchy(hierarchies_, source.from), hierarchies_.unified()})
      if (h) at(*h)->want(source.fields);
  return true;
}

void Walks::update(const Tick& tick) {
  for (Witness* witness : witnesses_) witness->before_walk(tick);
  for (const auto& walk : walks_) {
    if (!walk || walk->is_lost()) continue;
    const Error error = walk->update();
    if (error.code != 0) ++failures_;
    make_room(*walk);
    if (walk->is_lost())
      remark("cgroup_walk", "the walk failed again and again: " + std::string(error.what) + " (" +
                                std::strerror(error.code) + ")");
  }
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
