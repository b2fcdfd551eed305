// Cgroups of this very machine, under a name of their own, for tests that run as root.
#pragma once
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "source/cgroup/hierarchies.hpp"

namespace hostmeter::test {

class RealCgroups {
 public:
  // Opens this machine's root, /proc and /sys.
  RealCgroups() {
    host.root = std::move(*base::Dir::open("/"));
    host.proc = std::move(*base::Dir::open("/proc"));
    host.sys = std::move(*base::Dir::open("/sys"));
    hierarchies = source::cgroup::Hierarchies::discover(host);
    name = "hostmeter-test-" + std::to_string(::getpid());
    for (const auto& hierarchy : hierarchies.all()) {
      std::error_code failure;
      const auto top = std::filesystem::path(hierarchy.mount.mount_point) / name;
      std::filesystem::create_directory(top, failure);
      if (failure) return;
      tops_.push_back(top);
    }
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

  std::string path(std::string_view below) const { return "/" + name + "/" + std::string(below); }

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
  std::string name;

 private:
  static void remove_tree(const std::filesystem::path& top) {
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(top, failure))
      if (entry.is_directory()) remove_tree(entry.path());
    ::rmdir(top.c_str());
  }

  std::vector<std::filesystem::path> tops_;
  bool usable_ = false;
};

}  // namespace hostmeter::test
