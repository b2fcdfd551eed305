// Whether our program sees all block I/O complete: what disks say they moved, beside what we
// counted.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/kernel_file.hpp"
#include "hostmeter/flow/instances.hpp"
#include "hostmeter/flow/output.hpp"
#include "hostmeter/wire/blkio.h"
#include "source/bpf/blkio_accounts.hpp"
#include "source/disk_names.hpp"
#include "source/host.hpp"

namespace hostmeter::source::bpf {

// Of the disks that the host's account has, where it is filled at completion. A disk counts a
// request right after our program has run for it, and what a tick may have missed of ours the next
// one reads. So of what is counted some ticks before a disk is first asked nothing comes to the
// disk's counter after that, and what it said some ticks ago, less what is counted now, was not
// seen, whatever is under way. In between disks work, so it is only the least that can be.
class UnseenIo {
 public:
  // From one look at a disk to the next, more where there are many; how many looks there are in a
  // tick, ~20 us each; and how long one waits for what is compared with it.
  static constexpr std::uint32_t kEachTicks = 60;
  static constexpr std::uint32_t kMostLooks = 4;
  static constexpr std::uint32_t kWaitTicks = 2;

  explicit UnseenIo(Host& host);

  // Once a tick, when it was added up what all cgroups did. all: send also what is not new. The
  // error is the last of a disk's file that cannot be read.
  std::optional<Error> update(const BlkioAccounts&, DiskNames&, bool all, Output&);

  // Disks that were found to have done more than was seen, since last asked; each once.
  std::vector<std::string> take_found() { return std::exchange(found_, {}); }

 private:
  using Bytes = std::array<std::uint64_t, WIRE_BLKIO_COUNTED_OPS>;

  struct Comparison {
    enum : std::uint8_t { fresh, begun, based, asked } stage = fresh;
    std::uint32_t due = 0;          // the tick of the next step
    Bytes our_base{}, disk_base{};  // where it began
    Bytes disk{}, ours{};           // as of the last look, and of the answer to it
    std::optional<Bytes> unseen{};  // nothing: not known
    bool was_told = false;          // that it is not 0
  };

  void step(std::uint32_t dev, Comparison&, const Bytes& ours);
  bool look(std::uint32_t dev, Comparison&, const Bytes& ours);
  static void start_over(Comparison&);
  static void answer(Comparison&, const Bytes& ours);
  Result<Bytes> moved(std::uint32_t dev);
  void send(std::span<const BlkioAccounts::Item> disks, DiskNames&, Output&);

  Host& host_;
  base::Buffer buffer_;
  std::unordered_map<std::uint32_t, Comparison> comparisons_;  // by the disk's number
  InstanceSet instances_;
  std::vector<std::string> found_;
  std::uint32_t tick_ = 0, looks_ = 0;  // looks of this tick
  std::uint32_t each_ticks_ = kEachTicks;
  std::optional<Error> failure_;
};

}  // namespace hostmeter::source::bpf
