// What the daemon asks of the supervisor of scripts, and what it is told.
#pragma once
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/unique_fd.hpp"
#include "source/script/features.hpp"

namespace hostmeter::source::script {

struct Limits {
  std::uint64_t wall_ns = 5'000'000'000;   // then TERM
  std::uint64_t grace_ns = 1'000'000'000;  // from TERM to the death of all
  std::uint64_t memory_bytes = 128U << 20;
  std::uint64_t tmp_bytes = 16U << 20;   // of /tmp, which is memory as well
  std::uint64_t file_bytes = 16U << 20;  // of a single file
  std::uint32_t tmp_files = 1024;
  std::uint32_t processes = 64;
  std::uint32_t open_files = 256;
  std::uint32_t cpu_permille = 1000;  // of one CPU
  friend bool operator==(const Limits&, const Limits&) = default;
};

// What a script may do beyond reading what is open to all. Paths are absolute.
struct Allowances {
  bool network = false;               // the host's, else none
  std::vector<std::string> read;      // seen although it lies where scripts see nothing
  std::vector<std::string> write;     // files and directories, as far as their modes allow
  std::vector<std::string> sockets;   // of the file system
  std::vector<std::string> devices;   // read and written, whatever their modes
  std::vector<std::string> secrets;   // files it is given a copy of
  std::uint64_t capabilities = 0;     // a bit for each CAP_…
  std::vector<std::uint32_t> groups;  // supplementary
  friend bool operator==(const Allowances&, const Allowances&) = default;
};

struct Run {
  std::uint64_t id = 0;  // the daemon's, of no meaning to the supervisor
  std::string path;
  std::vector<std::string> argv;         // with the name first
  std::vector<std::string> environment;  // NAME=value, beyond what every script has
  Limits limits;
  Allowances allow;
  friend bool operator==(const Run&, const Run&) = default;
};

// A run is not wanted any more: it dies at once.
struct Stop {
  std::uint64_t id = 0;
  friend bool operator==(const Stop&, const Stop&) = default;
};

using Request = std::variant<Run, Stop>;

// The first answer, and the only one without a question.
struct Standing {
  FeatureStates features;
  friend bool operator==(const Standing&, const Standing&) = default;
};

// It did not end at once. With it come the reading ends of its standard output and standard error,
// which do not block. Who has ended before that has them with Ended, or what there was in them.
struct Started {
  std::uint64_t id = 0;
  friend bool operator==(const Started&, const Started&) = default;
};

enum class Refusal : std::uint8_t {
  busy,       // the pool is full
  malformed,  // no sensible request
  strict,     // a part of the sandbox is not in force
  sandbox,    // a part of it failed for this run
  script,     // the script itself cannot or must not be run
  count,
};

struct Refused {
  std::uint64_t id = 0;
  Refusal why{};
  std::int32_t error = 0;  // errno, or 0
  std::string what;
  friend bool operator==(const Refused&, const Refused&) = default;
};

// All that a run printed, when that is little: to standard output and standard error.
struct Printout {
  static constexpr std::size_t kMost = 16U << 10;  // bytes, of both together
  std::array<std::string, 2> bytes;
  friend bool operator==(const Printout&, const Printout&) = default;
};

struct Ended {
  std::uint64_t id = 0;
  std::int32_t exit_status = 0;
  std::int32_t signal = 0;  // that ended it, or 0
  bool timed_out = false;
  bool stopped = false;
  std::uint64_t wall_ns = 0, cpu_user_ns = 0, cpu_system_ns = 0;
  std::optional<std::uint64_t> peak_memory_bytes{};
  std::optional<std::uint64_t> oom_kills{};      // processes killed at the memory limit
  std::optional<std::uint64_t> refused_forks{};  // processes refused at their limit
  std::optional<Printout> printout{};
  friend bool operator==(const Ended&, const Ended&) = default;
};

using Answer = std::variant<Standing, Started, Refused, Ended>;

}  // namespace hostmeter::source::script
