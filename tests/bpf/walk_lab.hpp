// Cgroups at work, of the test's own, in one hierarchy.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "disk_load.hpp"
#include "support/forked.hpp"

namespace hostmeter::test {

// Text of a file, empty when there is none.
inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void set(const std::filesystem::path& path, std::string_view value) {
  std::ofstream(path) << value << std::flush;
}

// Below the mount point: a top with every controller on, and in it cgroups that do different
// things until the end.
class WalkLab {
 public:
  WalkLab(const std::filesystem::path& mount_point, bool v2)
      : top_(mount_point / ("hostmeter-test-walk-" + std::to_string(::getpid()))), v2_(v2) {
    if (v2) enable_all(mount_point);
    make(top_);
    for (const char* name : {"busy", "tight", "growing", "writing", "crowded", "quiet"})
      make(top_ / name);
    make(top_ / "deep" / "er");
    make(top_ / "deep" / "er" / "est");
    limit();
    start();
  }
  ~WalkLab() {
    for (const pid_t child : children_) ::kill(child, SIGKILL);
    for (const pid_t child : children_) ::waitpid(child, nullptr, 0);
    for (auto path = made_.rbegin(); path != made_.rend(); ++path)
      for (int tries = 0; tries < 200 && ::rmdir(path->c_str()) != 0 && errno == EBUSY; ++tries)
        ::usleep(10'000);
  }
  WalkLab(const WalkLab&) = delete;
  WalkLab& operator=(const WalkLab&) = delete;

  const std::vector<std::filesystem::path>& cgroups() const { return made_; }
  const std::filesystem::path& top() const { return top_; }

  static std::uint64_t id(const std::filesystem::path& cgroup) {
    struct stat status {};
    ::stat(cgroup.c_str(), &status);
    return status.st_ino;
  }

 private:
  static void enable_all(const std::filesystem::path& cgroup) {
    for (const char* controller : {"+cpu", "+memory", "+io", "+pids"})
      set(cgroup / "cgroup.subtree_control", controller);
  }

  // With those above it.
  void make(const std::filesystem::path& cgroup) {
    if (cgroup != top_ && !std::filesystem::exists(cgroup.parent_path()))
      make(cgroup.parent_path());
    if (std::filesystem::create_directory(cgroup)) made_.push_back(cgroup);
    if (v2_ && cgroup != top_) enable_all(cgroup.parent_path());
  }

  void limit() const {
    if (v2_) {
      set(top_ / "busy" / "cpu.max", "1000 100000");
      set(top_ / "busy" / "cpu.weight", "300");
      set(top_ / "tight" / "memory.max", "8388608");
      set(top_ / "tight" / "memory.swap.max", "0");
      set(top_ / "growing" / "memory.high", "67108864");
      set(top_ / "growing" / "memory.low", "1048576");
    } else {
      set(top_ / "busy" / "cpu.cfs_quota_us", "1000");
      set(top_ / "busy" / "cpu.shares", "3072");
      set(top_ / "tight" / "memory.limit_in_bytes", "8388608");
      set(top_ / "growing" / "memory.soft_limit_in_bytes", "1048576");
    }
    set(top_ / "crowded" / "pids.max", "3");
  }

  void start() {
    in("busy", [] {
      for (;;) ::getppid();
    });
    in("tight", [] {
      // The one that is killed is a child, so that the cgroup goes on.
      for (;;) {
        if (::fork() == 0) {
          touch(std::size_t{16} << 20);
          ::_exit(0);
        }
        ::wait(nullptr);
        ::sleep(5);
      }
    });
    in("growing", [] {
      touch(std::size_t{24} << 20);
      for (;;) {
        void* more = touch(std::size_t{1} << 18);
        ::usleep(50'000);
        ::munmap(more, std::size_t{1} << 18);
      }
    });
    in("writing", [] {
      const DiskFile file;
      const std::string pages = file.path().string() + "-pages";
      std::ofstream out(pages);
      ::unlink(pages.c_str());
      out << std::string(std::size_t{4} << 20, 'x') << std::flush;
      for (std::size_t block = 0;; ++block) {
        file.write_block(block);
        file.read_block(block);
        ::usleep(50'000);
      }
    });
    in("crowded", [] {
      const pid_t self = ::getpid();
      for (int children = 0;; ::usleep(100'000)) {
        if (children == 4) continue;
        const pid_t child = ::fork();
        if (child == 0) {
          ::prctl(PR_SET_PDEATHSIG, SIGKILL);
          if (::getppid() != self) ::_exit(0);
          for (;;) ::pause();
        }
        children += child > 0;
      }
    });
    in("quiet", [] {
      std::thread([] { ::pause(); }).detach();
      ::pause();
    });
    in("deep/er/est", [] {
      for (;;) {
        ::munmap(touch(std::size_t{1} << 16), std::size_t{1} << 16);
        ::usleep(50'000);
      }
    });
  }

  static void* touch(std::size_t bytes) {
    void* memory =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (std::size_t at = 0; at < bytes; at += 4096) static_cast<volatile char*>(memory)[at] = 1;
    return memory;
  }

  template <class Work>
  void in(const char* name, Work work) {
    const pid_t child = forked();
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      set(top_ / name / "cgroup.procs", "0");
      work();
      ::_exit(0);
    }
    children_.push_back(child);
  }

  std::filesystem::path top_;
  bool v2_;
  std::vector<std::filesystem::path> made_;
  std::vector<pid_t> children_;
};

}  // namespace hostmeter::test
