// What we cost the host.
#pragma once
#include <cstdint>
#include <optional>

namespace hostmeter::app {

struct OwnProcess {
  std::uint64_t cpu_ns = 0;
  std::optional<std::uint64_t> resident_bytes;
};

// Of the calling process, from the /proc it lives in (not the one it watches).
OwnProcess own_process();

// When it started, since 1970.
std::optional<std::uint64_t> own_start_ns(std::uint64_t realtime_ns);

}  // namespace hostmeter::app
