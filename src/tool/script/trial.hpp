// One run of one script, by hand.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "hostmeter/base/result.hpp"
#include "source/script/run_output.hpp"
#include "source/script/supervisor.hpp"

namespace hostmeter::tool {

// More than a supervisor takes that gives up what a dead mount holds.
inline constexpr std::uint64_t kPatienceNs = 30'000'000'000;

// Waits for what a supervisor says first: which parts of the sandbox are in force. ETIMEDOUT: not
// in time.
Result<source::script::FeatureStates> hear_standing(const source::script::Supervisor& supervisor,
                                                    std::uint64_t patience_ns = kPatienceNs);

struct Trial {
  std::optional<source::script::Refused> refused{};
  std::optional<source::script::Ended> ended{};       // one of both
  std::optional<source::script::RunOutput> output{};  // of one that was started
};

// Waits until it has ended, which its limits see to. An error: the supervisor is gone, or
// (ETIMEDOUT) has not said so that long beyond them.
Result<Trial> try_once(const source::script::Supervisor& supervisor, const source::script::Run& run,
                       std::size_t most_bytes, std::uint64_t patience_ns = kPatienceNs);

}  // namespace hostmeter::tool
