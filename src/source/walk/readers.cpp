#include "source/walk/readers.hpp"

#include "source/cgroup/cpu.hpp"
#include "source/cgroup/memory.hpp"
#include "source/cgroup/pids.hpp"
#include "source/cgroup/pressure.hpp"
#include "source/cgroup/spec.hpp"
#include "source/walk/groups.hpp"
#include "source/walk/walk_reader.hpp"

namespace hostmeter::source::walk {
namespace {

template <class Group, class MakeFiles>
std::unique_ptr<Reader> walk_reader(Group group, Walks& walks, const cgroup::Inventory& inventory,
                                    MakeFiles make_files) {
  if (!walks.want(Group::kSources)) return nullptr;
  return std::make_unique<WalkReader<Group>>(std::move(group), walks, inventory, make_files);
}

std::unique_ptr<Reader> reader_of(std::string_view name, Walks& walks, cgroup::Readers& made,
                                  const cgroup::Options& options) {
  using cgroup::Inventory;
  const Inventory& inventory = *made.tree;
  cgroup::FileCache& files = *made.files;
  cgroup::Activity& activity = *made.activity;
  if (name == CpuGroup::kName)
    return walk_reader(CpuGroup(activity), walks, inventory, [&, options](const Inventory& of) {
      return std::make_unique<cgroup::CpuReader>(of, files, activity, options);
    });
  if (name == MemoryGroup::kName)
    return walk_reader(MemoryGroup{}, walks, inventory, [&, options](const Inventory& of) {
      return std::make_unique<cgroup::MemoryReader>(of, files, options);
    });
  if (name == PidsGroup::kName)
    return walk_reader(PidsGroup(activity), walks, inventory, [&, options](const Inventory& of) {
      return std::make_unique<cgroup::PidsReader>(of, files, activity, options);
    });
  if (name == PressureGroup::kName)
    return walk_reader(PressureGroup{}, walks, inventory, [&, options](const Inventory& of) {
      return std::make_unique<cgroup::PressureReader>(of, files, options);
    });
  if (name == SpecGroup::kName)
    return walk_reader(SpecGroup{}, walks, inventory, [&, options](const Inventory& of) {
      return std::make_unique<cgroup::SpecReader>(of, files, options);
    });
  return nullptr;
}

}  // namespace

std::vector<std::string_view> use_walks(Walks& walks, cgroup::Readers& made,
                                        const cgroup::Options& options) {
  std::vector<std::string_view> left;
  for (cgroup::NamedReader& named : made.readers) {
    if (auto reader = reader_of(named.name, walks, made, options))
      named.reader = std::move(reader);
    else
      left.push_back(named.name);
  }
  return left;
}

}  // namespace hostmeter::source::walk
