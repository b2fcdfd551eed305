// What Docker and podman answer when asked for one container: /containers/ID/json.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/description.hpp"

namespace hostmeter::source::runtime {

enum class Status : std::uint8_t {
  unknown,
  created,
  running,
  paused,
  restarting,
  removing,
  exited,
  dead
};
enum class Health : std::uint8_t { none, starting, healthy, unhealthy };

// What is not there was not said, or is no limit.
struct EngineContainer {
  Description description{};
  Status status = Status::unknown;
  Health health = Health::none;                                 // none: nobody checks
  std::optional<std::uint64_t> pid{}, exit_code{}, restarts{};  // exit_code: once it has ended
  std::optional<std::uint64_t> health_failures{};               // checks in a row
  std::optional<bool> oom_killed{};
  std::optional<std::uint64_t> created_ns{}, started_ns{}, finished_ns{};  // since 1970
  std::optional<std::uint64_t> memory_limit{}, memory_reservation{}, memory_swap_limit{};
  std::optional<std::uint64_t> cpu_shares{}, cpu_limit_milli{}, pids_limit{};
  std::string cgroup_parent{};
  friend bool operator==(const EngineContainer&, const EngineContainer&) = default;
};

inline constexpr std::size_t kLongestInspect = 4U << 20;

// environment: names of the variables that are kept. EBADMSG: no JSON, or without an id that is
// one; EFBIG: too long.
Result<EngineContainer> parse_inspect(std::string_view json, Runtime runtime,
                                      std::span<const std::string> environment = {});

// 64 hex digits, as both engines make them: nothing else is ever asked for.
bool is_container_id(std::string_view text);

}  // namespace hostmeter::source::runtime
