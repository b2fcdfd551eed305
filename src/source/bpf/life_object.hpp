// bpf/life.bpf.c in the kernel.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "source/bpf/life_table.hpp"
#include "source/bpf/options.hpp"
#include "source/bpf/rights.hpp"
#include "source/host.hpp"

struct life;  // the skeleton that bpftool made
struct ring_buffer;

namespace hostmeter::source::bpf {

struct LifeOptions {
  std::uint32_t max_entries = 16384;  // cgroups noted at once, in all hierarchies together
  std::uint32_t ring_bytes = 1U << 20;
  // Of the children of one cgroup, made and removed apart, in the long run; for a moment twice.
  std::uint32_t events_per_second = 500;
  Log log{};
};

// Telling ends when it is destroyed.
class LifeObject final : public LifeTable {
 public:
  // counted: the number in `hierarchies` of the one whose cgroups and processes are counted.
  static Result<std::unique_ptr<LifeObject>> load(const Host&,
                                                  std::span<const std::uint32_t> hierarchies,
                                                  std::size_t counted, const LifeOptions&);
  ~LifeObject() override;

  // Why final CPU time is not told, though all else is.
  const std::optional<Error>& lacks_cpu() const { return lacks_cpu_; }

  void drain(const Take& take) override;
  Result<std::span<const LifeRow>> processes() override;
  LifeHealth health() override;

 private:
  struct Destroy {
    void operator()(life*) const;
    void operator()(ring_buffer*) const;
  };
  LifeObject(std::unique_ptr<life, Destroy>, std::uint32_t max_entries);
  int read_batches();
  static int taken(void* self, void* data, std::size_t size);

  std::unique_ptr<life, Destroy> skeleton_;
  std::unique_ptr<ring_buffer, Destroy> ring_;
  std::uint32_t max_entries_;
  std::optional<Error> lacks_cpu_;
  const Take* take_ = nullptr;
  std::size_t bytes_left_ = 0;
  UseRights rights_;
  std::vector<std::uint64_t> keys_;
  std::vector<wire_life_processes> values_;
  std::vector<LifeRow> rows_;
};

}  // namespace hostmeter::source::bpf
