// What we cost the host.
#pragma once
#include <cstdint>
#include <optional>

namespace hostmeter::app {

struct OwnProcess {
  std::uint64_t cpu_ns = 0;
  std::optional<std::uint64_t> resident_bytes, open_files;
};

// Of the calling process, from the /proc it lives in (not the one it watches).
OwnProcess own_process();

}  // namespace hostmeter::app
