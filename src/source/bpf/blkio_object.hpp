// bpf/blkio.bpf.c in the kernel.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "source/bpf/blkio_table.hpp"
#include "source/bpf/options.hpp"
#include "source/bpf/rights.hpp"
#include "source/host.hpp"

struct blkio;  // the skeleton that bpftool made

namespace hostmeter::source::bpf {

// Counting ends when it is destroyed.
class BlkioObject final : public BlkioTable {
 public:
  static Result<std::unique_ptr<BlkioObject>> load(const Host&, const Options&);
  ~BlkioObject() override;

  Result<std::span<const BlkioRow>> rows() override;
  std::optional<wire_blkio> row(const wire_blkio_key&) override;
  wire_blkio_ancestors ancestors(std::uint64_t cgroup_id) override;
  bool erase(const wire_blkio_key&) override;
  void erase_ancestors(std::uint64_t cgroup_id) override;
  MapHealth health() override;

 private:
  struct Destroy {
    void operator()(blkio*) const;
  };
  using Skeleton = std::unique_ptr<blkio, Destroy>;

  BlkioObject(Skeleton, unsigned cpus, std::uint32_t max_entries,
              const std::array<int, 3>& program_fds);
  int read_batches();
  int read_one_by_one();
  void keep(std::size_t count);
  wire_blkio sum(std::size_t index) const;
  std::optional<std::uint64_t> recursion_misses();

  Skeleton skeleton_;
  unsigned cpus_;
  std::uint32_t max_entries_;
  int counts_fd_, ancestors_fd_;
  std::array<int, 3> program_fds_;
  bool has_batches_ = true;
  UseRights rights_;
  std::vector<wire_blkio_key> keys_;  // of one batch
  std::vector<wire_blkio> values_;    // cpus_ for each of its keys
  std::vector<BlkioRow> rows_;
};

}  // namespace hostmeter::source::bpf
