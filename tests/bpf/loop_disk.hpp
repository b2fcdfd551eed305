// A disk that takes discards and flushes, over a file in memory.
#pragma once
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace hostmeter::test {

class LoopDisk {
 public:
  static constexpr off_t kSize = 16 << 20;

  LoopDisk() {
    const int control = ::open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    const int number = control < 0 ? -1 : ::ioctl(control, LOOP_CTL_GET_FREE);
    if (control >= 0) ::close(control);
    if (number < 0) return;
    path_ = "/dev/loop" + std::to_string(number);
    file_ = ::memfd_create("hostmeter-loop", MFD_CLOEXEC);
    fd_ = ::open(path_.c_str(), O_RDWR | O_DIRECT | O_CLOEXEC);
    if (::ftruncate(file_, kSize) != 0 || ::ioctl(fd_, LOOP_SET_FD, file_) != 0) return;
    usable_ = true;
    set_cache("write back");
  }
  ~LoopDisk() {
    if (usable_) set_cache("write back");
    if (usable_) set_iostats(true);
    if (usable_) ::ioctl(fd_, LOOP_CLR_FD);
    if (fd_ >= 0) ::close(fd_);
    if (file_ >= 0) ::close(file_);
  }
  LoopDisk(const LoopDisk&) = delete;
  LoopDisk& operator=(const LoopDisk&) = delete;

  explicit operator bool() const { return usable_; }
  const std::string& path() const { return path_; }
  int fd() const { return fd_; }

  // What the kernel itself counted: the fields of /sys/block/NAME/stat from 0.
  enum Stat : std::size_t { read_ms = 3, writes = 4, written_sectors = 6, flushes = 15 };
  std::uint64_t stat(Stat field) const {
    std::ifstream file("/sys/block" + path_.substr(4) + "/stat");
    std::uint64_t value = 0;
    for (std::size_t i = 0; i <= field; ++i) file >> value;
    return value;
  }

  // "write back"; "write through": it has no cache to flush. False: the kernel does not let it.
  bool set_cache(const char* how) const {
    std::ofstream file("/sys/block" + path_.substr(4) + "/queue/write_cache");
    return bool(file << how << std::flush);
  }
  // Whether the kernel counts for it; likewise.
  bool set_iostats(bool on) const {
    std::ofstream file("/sys/block" + path_.substr(4) + "/queue/iostats");
    return bool(file << on << std::flush);
  }
  bool discard(std::uint64_t from, std::uint64_t bytes) const {
    std::uint64_t range[] = {from, bytes};
    return ::ioctl(fd_, BLKDISCARD, range) == 0;
  }
  bool zero(std::uint64_t from, std::uint64_t bytes) const {
    std::uint64_t range[] = {from, bytes};
    return ::ioctl(fd_, BLKZEROOUT, range) == 0;
  }

 private:
  std::string path_;
  int fd_ = -1, file_ = -1;
  bool usable_ = false;
};

}  // namespace hostmeter::test
