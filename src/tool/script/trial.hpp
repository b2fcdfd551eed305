// One run of one script, by hand.
#pragma once
#include <cstddef>
#include <optional>

#include "hostmeter/base/result.hpp"
#include "source/script/run_output.hpp"
#include "source/script/supervisor.hpp"

namespace hostmeter::tool {

// Waits for what a supervisor says first: which parts of the sandbox are in force.
Result<source::script::FeatureStates> hear_standing(const source::script::Supervisor& supervisor);

struct Trial {
  std::optional<source::script::Refused> refused{};
  std::optional<source::script::Ended> ended{};       // one of both
  std::optional<source::script::RunOutput> output{};  // of one that was started
};

// Waits until it has ended, which its limits see to. An error: the supervisor is gone.
Result<Trial> try_once(const source::script::Supervisor& supervisor, const source::script::Run& run,
                       std::size_t most_bytes);

}  // namespace hostmeter::tool
