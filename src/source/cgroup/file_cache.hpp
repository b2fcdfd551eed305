// The files of cgroups: those of every tick kept open, within a bound; the others, and all beyond
// the bound, opened each time.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

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
  FileCache(const Hierarchies& hierarchies, const Inventory& inventory, base::Buffer& buffer,
            const Options& options);

  // One file of one cgroup. A kept kernel file costs a page of kernel memory, charged to us, and a
  // descriptor: only what is read at every tick is worth that. When all are given away, a file of
  // some use takes that of one of no use any longer. One read at every tick loses it to nobody: it
  // would have to be opened in the other's stead.
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
    void count_use(std::uint32_t now);
    std::uint8_t use(std::uint32_t now) const;
    static constexpr std::uint8_t kNowhere = 0xff;
    FileCache* cache_ = nullptr;  // while it is kept
    std::uint32_t index_ = 0;     // in all that is kept
    std::uint32_t read_at_ = 0;   // tick
    // One more for each tick it is read, two less for each it is not, up to kMostUse.
    std::uint8_t use_ = 0;
    base::KernelFile kept_;
    // A cgroup may come to a hierarchy after it was read in another: what is kept is of one only.
    std::uint8_t hierarchy_ = kNowhere;
    std::uint8_t wait_ = 0;  // reads to skip before an absent file is tried again
    std::uint8_t last_wait_ = 0;
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

  static constexpr std::uint8_t kSomeUse = 3, kMostUse = 8;
  static constexpr unsigned kSteps = 64;  // kept files looked at in a tick, to find a useless one

  std::size_t kept() const { return kept_.size(); }
  std::size_t limit() const { return limit_; }

 private:
  Result<base::KernelFile> open(const Cgroup&, std::size_t hierarchy, std::string_view name);
  bool keep(File&, base::KernelFile& opened);
  bool give_up_useless(std::uint32_t now);
  std::uint32_t now() const { return std::uint32_t(inventory_.tick()); }

  const Hierarchies& hierarchies_;
  const Inventory& inventory_;
  base::Buffer& buffer_;
  std::array<std::optional<std::size_t>, kControllers> of_;
  std::optional<std::size_t> unified_;
  std::size_t limit_;
  std::vector<File*> kept_;
  std::size_t hand_ = 0;  // the next to look at
  std::uint32_t steps_tick_ = 0;
  unsigned steps_ = 0;  // left in steps_tick_
  FilePath path_;
};

}  // namespace hostmeter::source::cgroup
