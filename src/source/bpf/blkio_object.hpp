// bpf/blkio.bpf.c in the kernel.
#pragma once
#include <memory>

#include "source/bpf/blkio_accounts.hpp"
#include "source/bpf/hash_counts.hpp"
#include "source/host.hpp"

struct blkio;  // the skeleton that bpftool made

namespace hostmeter::source::bpf {

// Counting ends when it is destroyed.
class BlkioObject final : public HashCounts<BlkioCounting> {
 public:
  static Result<std::unique_ptr<BlkioObject>> load(const Host&, const Options&);
  ~BlkioObject() override;

 private:
  struct Destroy {
    void operator()(blkio*) const;
  };
  using Skeleton = std::unique_ptr<blkio, Destroy>;

  BlkioObject(Skeleton, HashMaps);

  Skeleton skeleton_;
};

}  // namespace hostmeter::source::bpf
