// What Docker answers about the services of a swarm, and about their tasks.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/base/result.hpp"

namespace hostmeter::source::runtime {

struct SwarmServiceState {
  std::string id{}, name{};
  std::string mode{};                                        // "replicated", "global_job" …
  std::optional<std::uint64_t> replicas{};                   // of mode replicated
  std::optional<std::uint64_t> concurrent{}, completions{};  // of mode replicated_job
  std::uint64_t running = 0, wanted = 0;                     // tasks; not to be shut down
};
inline constexpr std::size_t kLongestServices = 32U << 20;

struct SwarmServices {
  static constexpr std::size_t kMost = 10'000;

  std::vector<SwarmServiceState> all{};
  std::uint64_t left_out = 0;  // those beyond kMost
};

// /services. EBADMSG: no JSON, or no list; EFBIG: too long. One of a mode that is not known is left
// out.
Result<SwarmServices> parse_services(std::string_view json);

// /tasks: adds each to its service. Errors likewise.
std::optional<Error> count_tasks(std::string_view json, std::vector<SwarmServiceState>& services);

}  // namespace hostmeter::source::runtime
