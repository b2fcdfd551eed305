// All that reads cgroups, made together.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "source/cgroup/activity.hpp"
#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/hierarchies.hpp"
#include "source/cgroup/options.hpp"
#include "source/cgroup/tree.hpp"
#include "source/host.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::cgroup {

struct NamedReader {
  std::string_view name;  // key in [collect], value of the label reader=
  std::unique_ptr<Reader> reader;
};

// At every tick the tree is read first; whoever needs the Inventory comes after it. The readers are
// independent of each other: one taken out of the list leaves its own values out.
struct Readers {
  std::unique_ptr<Hierarchies> hierarchies;
  std::unique_ptr<FileCache> files;
  std::unique_ptr<Activity> activity;
  std::unique_ptr<Tree> tree;  // the reader "cgroup_tree"
  std::vector<NamedReader> readers;
};

// Never fails: without a cgroup filesystem only the host's own Subject is left, with no values.
Readers make_readers(Host& host, const Options& options);

}  // namespace hostmeter::source::cgroup
