// A made-up host whose cgroup tree is followed, for one reader of cgroup files.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/tree.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

namespace hostmeter::test {

inline constexpr std::string_view kV2Mounts =
    "-- proc/1/mountinfo --\n1 0 0:1 / /cg rw - cgroup2 cgroup2 rw\n-- cg/ --\n";
inline constexpr std::string_view kV1Mounts =
    "-- proc/1/mountinfo --\n"
    "1 0 0:1 / /cg/memory rw - cgroup cgroup rw,memory\n"
    "2 0 0:2 / /cg/cpu rw - cgroup cgroup rw,cpu\n"
    "3 0 0:3 / /cg/cpuacct rw - cgroup cgroup rw,cpuacct\n"
    "4 0 0:4 / /cg/pids rw - cgroup cgroup rw,pids\n"
    "5 0 0:5 / /cg/blkio rw - cgroup cgroup rw,blkio\n"
    "6 0 0:6 / /cg/unified rw - cgroup2 cgroup2 rw\n"
    "-- cg/memory/ --\n-- cg/cpu/ --\n-- cg/cpuacct/ --\n-- cg/pids/ --\n-- cg/blkio/ --\n"
    "-- cg/unified/ --\n";

struct CgroupHost {
  explicit CgroupHost(std::string_view mounts, std::string_view more = {},
                      source::cgroup::Options options = {})
      : made_up(std::string(mounts) + std::string(more)),
        hierarchies(source::cgroup::Hierarchies::discover(made_up.host)),
        tree(made_up.host, hierarchies, options),
        files(hierarchies, tree, made_up.host.buffer, options) {}

  // One tick of the tree and of a reader.
  void tick(source::Reader& reader, bool resend = false) {
    out.clear();
    now.number = ++number;
    now.resend = resend;
    tree.read(now, out);
    news = out.news.size();
    reader.read(now, out);
  }
  void ticks(source::Reader& reader, unsigned count) {
    while (count-- > 0) tick(reader);
  }
  const source::cgroup::Cgroup* find(std::string_view path) const {
    for (const auto* cgroup : tree.slots())
      if (cgroup && cgroup->path == path) return cgroup;
    return nullptr;
  }
  Subject subject(std::string_view path) const {
    const auto* cgroup = find(path);
    return cgroup ? cgroup->subject : Subject{0, ~0U};
  }
  void write(std::string_view path, std::string_view text) const { made_up.tree.write(path, text); }
  void remove(std::string_view path) const {
    std::filesystem::remove_all(made_up.tree.root() / path);
  }

  MadeUpHost made_up;
  source::cgroup::Hierarchies hierarchies;
  source::cgroup::Tree tree;
  source::cgroup::FileCache files;
  Captured out;
  source::Tick now;
  std::uint64_t number = 0;
  std::size_t news = 0;  // of the tree, in the last tick
};

}  // namespace hostmeter::test
