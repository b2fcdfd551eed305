// Block I/O of cgroups from their files, where BPF does not count it.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "source/cgroup/activity.hpp"
#include "source/cgroup/file_cache.hpp"
#include "source/cgroup/per_cgroup.hpp"
#include "source/disk_names.hpp"
#include "source/host.hpp"

namespace hostmeter::source::cgroup {

struct DeviceIo {
  std::uint32_t dev = 0;  // major << WIRE_DEV_MINOR_BITS | minor
  Facts<CgroupBlkio> facts;
};

// Add what they find to devices, one element each. EBADMSG leaves devices in part filled.
// v2's io.stat: "254:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0".
Result<std::size_t> parse_io_stat(std::string_view text, std::vector<DeviceIo>& devices);
// v1: "254:0 Read 123".
enum class Measure : std::uint8_t { bytes, operations };
Result<std::size_t> parse_blkio(std::string_view text, Measure measure,
                                std::vector<DeviceIo>& devices);

// v1's blkio.throttle files say 0 until some cgroup of that disk has a limit: their figures are
// the kernel's, and BPF's are better.
class BlkioReader final : public Reader {
 public:
  BlkioReader(Host& host, const Inventory& inventory, FileCache& files, const Activity& activity,
              const Options& options)
      : host_(host),
        inventory_(inventory),
        files_(files),
        activity_(activity),
        warm_every_(options.warm_every),
        names_(host.sys) {}

  void read(const Tick&, Output&) override;

 private:
  struct State {
    ~State() {
      if (devices) devices->drop();
    }
    FileCache::File stat, bytes, operations, old_bytes, old_operations;
    std::optional<InstanceSet> devices;
    LastLook look;
  };
  void read_v2(const Cgroup&, State&, std::size_t hierarchy);
  void read_v1(const Cgroup&, State&, std::size_t hierarchy, Measure);
  void take(const Result<std::size_t>& parsed);

  Host& host_;
  const Inventory& inventory_;
  FileCache& files_;
  const Activity& activity_;
  unsigned warm_every_;
  PerCgroup<State> states_;
  std::vector<DeviceIo> found_;  // on the cgroup being read
  DiskNames names_;
};

}  // namespace hostmeter::source::cgroup
