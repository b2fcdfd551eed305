// The disk of the kernel's scsi_debug, where somebody has loaded that (and sd_mod): it can be told
// to send requests back, to do them in parts, and it writes past its cache.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace hostmeter::test {

class ScsiDisk {
 public:
  // Bits of the driver's opts; each meets every seventh command, in parts only one that reads.
  enum Trouble : unsigned { none = 0, in_parts = 0x100, sent_back = 0x8000 };

  ScsiDisk() {
    std::error_code missing;
    for (const auto& disk : std::filesystem::directory_iterator("/sys/block", missing)) {
      std::ifstream model(disk.path() / "device/model");
      std::string name;
      if (!(model >> name) || name != "scsi_debug") continue;
      sys_ = disk.path();
      fd_ = ::open(("/dev/" + disk.path().filename().string()).c_str(),
                   O_RDWR | O_DIRECT | O_CLOEXEC);
    }
  }
  ~ScsiDisk() {
    if (fd_ < 0) return;
    set(none);
    ::close(fd_);
  }
  ScsiDisk(const ScsiDisk&) = delete;
  ScsiDisk& operator=(const ScsiDisk&) = delete;

  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  bool set(Trouble trouble) const {
    const std::filesystem::path driver = "/sys/bus/pseudo/drivers/scsi_debug";
    std::ofstream each(driver / "every_nth");
    each << (trouble == none ? 0 : 7) << std::flush;
    std::ofstream opts(driver / "opts");
    opts << unsigned(trouble) << std::flush;
    return each && opts;
  }
  bool writes_past_its_cache() const {
    std::ifstream file(sys_ / "queue/fua");
    return file.get() == '1';
  }
  // The field of its stat, from 0.
  std::uint64_t stat(std::size_t field) const {
    std::ifstream file(sys_ / "stat");
    std::uint64_t value = 0;
    for (std::size_t i = 0; i <= field; ++i) file >> value;
    return value;
  }

 private:
  std::filesystem::path sys_;
  int fd_ = -1;
};

}  // namespace hostmeter::test
