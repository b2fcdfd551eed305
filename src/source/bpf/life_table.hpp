// What bpf/life.bpf.c tells and counts, whoever holds it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "hostmeter/base/result.hpp"
#include "hostmeter/wire/life.h"

namespace hostmeter::source::bpf {

struct LifeRow {
  std::uint64_t cgroup_id;
  wire_life_processes counts;
};

struct LifeHealth {
  using PerKind = std::array<std::uint64_t, WIRE_LIFE_KINDS>;
  PerKind seen{}, no_room{}, rationed{};
  std::uint64_t processes_full = 0, directories_full = 0;  // what their maps had no room for
  std::uint64_t max_entries = 0;                           // of either
  std::uint64_t process_events = 0;                        // grows with every row's counts
};

class LifeTable {
 public:
  virtual ~LifeTable() = default;

  // Hands over each event that waits, oldest first, as it was told: bytes of any length. At most
  // as many as fit the buffer at once.
  using Take = std::function<void(std::span<const std::byte> event)>;
  virtual void drain(const Take& take) = 0;

  // A row for each cgroup whose processes, or those below, started or ended; valid until the next
  // call.
  virtual Result<std::span<const LifeRow>> processes() = 0;

  virtual LifeHealth health() = 0;
};

}  // namespace hostmeter::source::bpf
