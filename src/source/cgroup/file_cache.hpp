// The files of cgroups: those of every tick kept open, first come first kept, within a bound; the
// others, and all beyond the bound, opened each time.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/kernel_file.hpp"
#include "source/cgroup/file_path.hpp"
#include "source/cgroup/hierarchies.hpp"
#include "source/cgroup/inventory.hpp"
#include "source/cgroup/options.hpp"

namespace hostmeter::source::cgroup {

// Where the files of one controller are for one cgroup.
struct Where {
  std::size_t hierarchy;
  bool v2;
};

class FileCache {
 public:
  FileCache(const Hierarchies& hierarchies, base::Buffer& buffer, const Options& options);

  // One file of one cgroup. A kept kernel file costs a page of kernel memory, charged to us, and a
  // descriptor: only what is read at every tick is worth that.
  class File {
   public:
    File() = default;
    File(const File&) = delete;
    ~File() { close(); }

   private:
    friend FileCache;
    void close();
    void stand_for(std::size_t hierarchy);
    void absent(std::uint8_t most);
    bool skips();
    static constexpr std::uint8_t kNowhere = 0xff;
    base::KernelFile kept_;
    // A cgroup may come to a hierarchy after it was read in another: what is kept is of one only.
    std::uint8_t hierarchy_ = kNowhere;
    std::uint8_t wait_ = 0;  // reads to skip before an absent file is tried again
    std::uint8_t last_wait_ = 0;
    std::size_t* count_ = nullptr;
  };

  // The text is valid until the next read of this thread. ENOENT: not there, looked for again after
  // 1, 2, 4… reads, and in the end once in kRetryReads.
  static constexpr std::uint8_t kRetryReads = 60, kRetryReadsSlow = 10;
  Result<std::string_view> read_hot(File&, const Cgroup&, std::size_t hierarchy,
                                    std::string_view name);
  // Hot when keep says so or when it is kept already: for files that are read at every tick only
  // while their cgroup does something.
  Result<std::string_view> read(File& file, const Cgroup& cgroup, std::size_t hierarchy,
                                std::string_view name, bool keep) {
    return keep || file.kept_ ? read_hot(file, cgroup, hierarchy, name)
                              : read_slow(file, cgroup, hierarchy, name);
  }
  Result<std::string_view> read_slow(File&, const Cgroup&, std::size_t hierarchy,
                                     std::string_view name);
  // Never kept, and looked for each time: for what is asked seldom as it is.
  Result<std::string_view> read_cold(const Cgroup&, std::size_t hierarchy, std::string_view name);

  // The v1 hierarchy of the controller if the cgroup is there, else the v2 tree if it is there:
  // that has a cpu.stat whatever controllers are enabled. Never another cgroup's files.
  std::optional<Where> where(Controller, const Cgroup&) const;
  std::optional<Where> unified(const Cgroup&) const;

  std::size_t kept() const { return kept_; }
  std::size_t limit() const { return limit_; }

 private:
  Result<base::KernelFile> open(const Cgroup&, std::size_t hierarchy, std::string_view name);

  const Hierarchies& hierarchies_;
  base::Buffer& buffer_;
  std::array<std::optional<std::size_t>, kControllers> of_;
  std::optional<std::size_t> unified_;
  std::size_t limit_, kept_ = 0;
  FilePath path_;
};

}  // namespace hostmeter::source::cgroup
