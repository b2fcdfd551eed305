// bpf/blkio_latency.bpf.c in the kernel.
#pragma once
#include <memory>

#include "source/bpf/blkio_latency.hpp"
#include "source/bpf/hash_counts.hpp"
#include "source/host.hpp"

struct blkio_latency;  // the skeleton that bpftool made

namespace hostmeter::source::bpf {

// Timing ends when it is destroyed.
class BlkioLatencyObject final : public HashCounts<BlkioLatencyCounting> {
 public:
  static Result<std::unique_ptr<BlkioLatencyObject>> load(const Host&, const Options&);
  ~BlkioLatencyObject() override;

 private:
  struct Destroy {
    void operator()(blkio_latency*) const;
  };
  using Skeleton = std::unique_ptr<blkio_latency, Destroy>;

  BlkioLatencyObject(Skeleton, HashMaps);

  Skeleton skeleton_;
};

}  // namespace hostmeter::source::bpf
