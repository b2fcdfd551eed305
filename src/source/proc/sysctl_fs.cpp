// /proc/sys/fs: how many files, inodes and the like the kernel holds.
#include <array>

#include "source/proc/kernel_values.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

struct Counters {
  const char* file;
  std::array<std::string_view, 4> names;  // of its numbers; empty: said elsewhere, or always 0
  std::size_t count;
};
constexpr Counters kFiles[] = {
    {"sys/fs/aio-nr", {"aio-nr"}, 1},
    {"sys/fs/aio-max-nr", {"aio-max-nr"}, 1},
    {"sys/fs/dquot-nr", {"dquot-nr"}, 1},
    {"sys/fs/dquot-max", {"dquot-max"}, 1},
    {"sys/fs/super-nr", {"super-nr"}, 1},
    {"sys/fs/super-max", {"super-max"}, 1},
    {"sys/fs/inode-state", {"inode-nr", "inode-free-nr", "inode-preshrink-nr"}, 3},
    {"sys/fs/dentry-state",
     {"dentry-nr", "dentry-unused-nr", "dentry-age-limit", "dentry-want-pages"},
     4},
    {"sys/fs/file-nr", {"file-nr", "", "file-max"}, 3},
};

class SysctlFsReader final : public KernelValueReader {
 public:
  using KernelValueReader::KernelValueReader;

 private:
  void read_files() override {
    for (const Counters& each : kFiles)
      take_list(host().proc, each.file, "sys/fs", {each.names.data(), each.count});
  }
};

}  // namespace

extern const ReaderSpec sysctl_fs{
    "sysctl_fs",
    [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
      return std::make_unique<SysctlFsReader>(host, options.moments("sysctl_fs"));
    },
    When::asked};

}  // namespace hostmeter::source::proc
