// What the first process of a run tells the supervisor, over a pipe.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "hostmeter/base/result.hpp"
#include "source/script/features.hpp"

namespace hostmeter::source::script {

// Written and read whole: it is shorter than what a pipe keeps together.
struct Report {
  enum class Kind : std::uint32_t {
    started,  // the script was executed
    ended,    // value: its wait status
    sandbox,  // value: errno; a part of the sandbox failed
    script,   // value: errno; it cannot be executed
    lacking,  // value: errno; of a probe: a feature is not in force
  };
  Kind kind{};
  std::int32_t value = 0;
  Feature feature{};
  std::array<char, 51> what{};
};
static_assert(std::is_trivially_copyable_v<Report> && sizeof(Report) <= 512);

Report to_report(Report::Kind kind, const Error& error, Feature feature = {});
std::string_view what_of(const Report& report);

void send_report(int pipe, const Report& report);
// Nothing: none has come, or none will.
std::optional<Report> receive_report(int pipe);
// As that, but waits for one. Nothing: none has come in that time, or none will.
std::optional<Report> await_report(int pipe, int timeout_ms);

}  // namespace hostmeter::source::script
