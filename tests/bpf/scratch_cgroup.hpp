// A cgroup of our own in the hierarchy that accounts block I/O.
#pragma once
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace hostmeter::test {

// The blkio hierarchy of v1 where there is one, else the v2 tree with the io controller switched
// on. Empty: neither.
inline std::filesystem::path blkio_root() {
  for (const char* root : {"/sys/fs/cgroup/blkio", "/sys/fs/cgroup/blkio,cpu"})
    if (std::filesystem::exists(std::filesystem::path(root) / "cgroup.procs")) return root;
  const std::filesystem::path unified = "/sys/fs/cgroup";
  std::string controllers;
  std::getline(std::ifstream(unified / "cgroup.controllers"), controllers);
  if (controllers.find("io") == std::string::npos) return {};
  std::ofstream(unified / "cgroup.subtree_control") << "+io" << std::flush;
  return unified;
}

class ScratchCgroup {
 public:
  ScratchCgroup(const std::filesystem::path& parent, const std::string& name)
      : path_(parent / name) {
    std::filesystem::create_directory(path_);
  }
  ~ScratchCgroup() { remove(); }
  ScratchCgroup(const ScratchCgroup&) = delete;
  ScratchCgroup& operator=(const ScratchCgroup&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // The kernel's id of it.
  std::uint64_t id() const {
    struct stat status {};
    ::stat(path_.c_str(), &status);
    return status.st_ino;
  }

  // v2: what accounts for children must be switched on above them.
  void enable_io() const {
    if (std::filesystem::exists(path_ / "cgroup.subtree_control"))
      std::ofstream(path_ / "cgroup.subtree_control") << "+io" << std::flush;
  }
  void disable_io() const {
    std::ofstream(path_ / "cgroup.subtree_control") << "-io" << std::flush;
  }

  // The calling process moves in.
  void enter() const { std::ofstream(path_ / "cgroup.procs") << ::getpid() << std::flush; }

  // Its last process may still be on its way out.
  bool remove() const {
    for (int tries = 0; tries < 100; ++tries) {
      if (::rmdir(path_.c_str()) == 0 || errno == ENOENT) return true;
      ::usleep(10'000);
    }
    return false;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace hostmeter::test
