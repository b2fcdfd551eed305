// The parts of the sandbox, and which of them this kernel and our rights allow.
#pragma once
#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

namespace hostmeter::source::script {

enum class Feature : std::uint8_t {
  pid_namespace,
  mount_namespace,
  ipc_namespace,
  uts_namespace,
  network_namespace,
  read_only,  // the file system
  tmp,        // of its own
  hidden,     // sockets, the daemon's configuration
  dev,        // of its own
  proc,       // of its own
  rlimits,
  priority,
  user,
  capabilities,
  no_new_privs,
  landlock,
  seccomp,
  memory,
  processes,
  cpu,
  count,
};
inline constexpr std::size_t kFeatures = std::size_t(Feature::count);

constexpr std::string_view to_string(Feature feature) {
  constexpr std::string_view kNames[] = {"pid_namespace",
                                         "mount_namespace",
                                         "ipc_namespace",
                                         "uts_namespace",
                                         "network_namespace",
                                         "read_only",
                                         "tmp",
                                         "hidden",
                                         "dev",
                                         "proc",
                                         "rlimits",
                                         "priority",
                                         "user",
                                         "capabilities",
                                         "no_new_privs",
                                         "landlock",
                                         "seccomp",
                                         "memory",
                                         "processes",
                                         "cpu"};
  static_assert(std::size(kNames) == kFeatures);
  return kNames[std::size_t(feature)];
}

// Why a feature is not in force; error 0: it is.
struct FeatureState {
  std::int32_t error = 0;
  std::string what{};
  friend bool operator==(const FeatureState&, const FeatureState&) = default;
};

struct FeatureStates {
  std::array<FeatureState, kFeatures> states{};

  FeatureState& operator[](Feature feature) { return states[std::size_t(feature)]; }
  const FeatureState& operator[](Feature feature) const { return states[std::size_t(feature)]; }
  bool has(Feature feature) const { return (*this)[feature].error == 0; }
  friend bool operator==(const FeatureStates&, const FeatureStates&) = default;
};

}  // namespace hostmeter::source::script
