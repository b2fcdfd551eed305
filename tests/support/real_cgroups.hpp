// Cgroups of this very machine, for tests that run as root. They are below a directory of the
// test's own in each hierarchy, and that is all the tree the test sees: what others do beside it is
// theirs.
#pragma once
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "source/cgroup/hierarchies.hpp"
#include "support/tree.hpp"

namespace hostmeter::test {

class RealCgroups {
 public:
  RealCgroups() {
    host.root = std::move(*base::Dir::open("/"));
    host.proc = std::move(*base::Dir::open("/proc"));
    host.sys = std::move(*base::Dir::open("/sys"));
    const std::string name = "hostmeter-test-" + std::to_string(::getpid());
    const auto whole = source::cgroup::Hierarchies::discover(host);
    for (const auto& hierarchy : whole.all()) {
      std::error_code failure;
      tops_.push_back(std::filesystem::path(hierarchy.mount.mount_point) / name);
      std::filesystem::create_directory(tops_.back(), failure);
      if (failure) return;
    }
    proc_.write("1/mountinfo", mounted_at(name));
    host.proc = std::move(*base::Dir::open(proc_.root().c_str()));
    hierarchies = source::cgroup::Hierarchies::discover(host);
    usable_ = !tops_.empty();
  }
  ~RealCgroups() {
    for (const auto& top : tops_) remove_tree(top);
  }
  RealCgroups(const RealCgroups&) = delete;

  // False, said aloud, where no cgroups can be made.
  bool usable() const {
    if (!usable_) std::puts("SKIPPED: needs root and a writable cgroup filesystem");
    return usable_;
  }

  static std::string path(std::string_view below) { return "/" + std::string(below); }

  void make(std::string_view below) const {
    for (const auto& top : tops_) std::filesystem::create_directories(top / below);
  }
  void remove(std::string_view below) const {
    for (const auto& top : tops_) ::rmdir((top / below).c_str());
  }
  // Into every hierarchy's group of that name.
  void add_process(std::string_view below, int pid) const {
    for (const auto& top : tops_) std::ofstream(top / below / "cgroup.procs") << pid;
  }

  source::Host host;
  source::cgroup::Hierarchies hierarchies;

 private:
  // Our mountinfo, with each cgroup mount moved down to the test's own directory.
  static std::string mounted_at(const std::string& name) {
    std::ifstream in("/proc/self/mountinfo");
    std::string text;
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::string id, parent, device, root, point, rest;
      words >> id >> parent >> device >> root >> point;
      std::getline(words, rest);
      if (rest.find(" - cgroup") != std::string::npos)
        text +=
            id + ' ' + parent + ' ' + device + ' ' + root + ' ' + point + '/' + name + rest + '\n';
    }
    return text;
  }

  static void remove_tree(const std::filesystem::path& top) {
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(top, failure))
      if (entry.is_directory()) remove_tree(entry.path());
    ::rmdir(top.c_str());
  }

  Tree proc_{""};
  std::vector<std::filesystem::path> tops_;
  bool usable_ = false;
};

}  // namespace hostmeter::test
