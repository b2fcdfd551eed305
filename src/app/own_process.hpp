// What we cost the host.
#pragma once
#include <cstdint>
#include <optional>

namespace hostmeter::app {

// Of the calling process, from the /proc it lives in (not the one it watches).
std::uint64_t own_cpu_ns();
std::optional<std::uint64_t> own_resident_bytes();

// When it started, since 1970.
std::optional<std::uint64_t> own_start_ns(std::uint64_t realtime_ns);

}  // namespace hostmeter::app
