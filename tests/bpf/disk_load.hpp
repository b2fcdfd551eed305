// Block I/O of a known size, past the page cache.
#pragma once
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "scratch_cgroup.hpp"

namespace hostmeter::test {

inline constexpr std::size_t kBlock = 4096;

// Runs work in a process of its own inside the cgroup. True when it says so.
template <class Work>
bool run_inside(const ScratchCgroup& cgroup, Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    cgroup.enter();
    ::_exit(work() ? 0 : 1);
  }
  int status = 1;
  ::waitpid(child, &status, 0);
  return status == 0;
}

// A file whose blocks are all written, so that I/O on it needs no other blocks of the file system.
class DiskFile {
 public:
  static constexpr std::size_t kBlocks = 256;

  // HOSTMETER_TEST_DISK names a directory on a disk where the temporary one is in memory.
  DiskFile() {
    const char* chosen = std::getenv("HOSTMETER_TEST_DISK");
    path_ = (chosen ? std::filesystem::path(chosen) : std::filesystem::temp_directory_path()) /
            ("hostmeter-disk-" + std::to_string(::getpid()));
    fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_DIRECT | O_CLOEXEC, 0600);
    if (fd_ < 0) return;
    for (std::size_t block = 0; block < kBlocks; ++block) write_block(block);
    ::fsync(fd_);
    ::sync();
  }
  ~DiskFile() {
    if (fd_ >= 0) ::close(fd_);
    ::unlink(path_.c_str());
  }
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

  bool is_on_a_disk() const {
    struct stat status {};
    return fd_ >= 0 && ::fstat(fd_, &status) == 0 && major(status.st_dev) != 0;
  }
  const std::filesystem::path& path() const { return path_; }

  // Each block is one request.
  bool read_block(std::size_t block) const {
    return ::pread(fd_, buffer_.data(), kBlock, off_t(block % kBlocks * kBlock)) == kBlock;
  }
  bool write_block(std::size_t block) const {
    return ::pwrite(fd_, buffer_.data(), kBlock, off_t(block % kBlocks * kBlock)) == kBlock;
  }
  bool transfer(std::size_t reads, std::size_t writes) const {
    for (std::size_t i = 0; i < reads; ++i)
      if (!read_block(i)) return false;
    for (std::size_t i = 0; i < writes; ++i)
      if (!write_block(i)) return false;
    return true;
  }

 private:
  std::filesystem::path path_;
  int fd_ = -1;
  alignas(kBlock) mutable std::array<char, kBlock> buffer_{};
};

// Whether this is one of the virtual machines of tests/vm, which hide nothing from BPF.
inline bool is_of_the_matrix() {
  std::ifstream line("/proc/cmdline");
  for (std::string word; line >> word;)
    if (word == "hostmeter.vm") return true;
  return false;
}

// Why block I/O of a cgroup cannot be made here.
inline std::optional<std::string_view> no_disk() {
  if (::geteuid() != 0 || blkio_root().empty())
    return "needs root and a cgroup hierarchy with blkio or io";
  if (!DiskFile().is_on_a_disk())
    return "the temporary directory is on no disk: set HOSTMETER_TEST_DISK";
  return {};
}

}  // namespace hostmeter::test
