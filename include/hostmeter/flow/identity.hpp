// What a cgroup is, as far as its path tells.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace hostmeter {

enum class Runtime : std::uint8_t { none, docker, podman, containerd, crio, lxc, nspawn, systemd };

constexpr std::string_view to_string(Runtime runtime) {
  constexpr std::string_view kNames[] = {"",      "docker", "podman",         "containerd",
                                         "cri-o", "lxc",    "systemd-nspawn", "systemd"};
  return kNames[std::size_t(runtime)];
}

// What sort of node a cgroup is in the tree. Only a container ever carries a name.
enum class CgroupKind : std::uint8_t {
  other,      // a directory that nobody we know made
  slice,      // system.slice, kubepods.slice, a QoS class
  unit,       // a service or scope of systemd
  pod,        // a Kubernetes pod
  container,  // one container, however it was made
  nested,     // inside a container, and not itself one
};

constexpr std::string_view to_string(CgroupKind kind) {
  constexpr std::string_view kNames[] = {"other", "slice", "unit", "pod", "container", "nested"};
  return kNames[std::size_t(kind)];
}

struct Identity {
  CgroupKind kind = CgroupKind::other;
  Runtime runtime = Runtime::none;
  std::string container_id{};  // 64 hex digits, or what the runtime uses instead (lxc: its name)
  std::string name{};          // only where the path itself holds it (lxc, nspawn, ctr)
  std::string pod_uid{};       // with dashes, as the API server writes it
  std::string qos_class{};     // guaranteed, burstable, besteffort
  std::string unit{};          // nginx.service
  friend bool operator==(const Identity&, const Identity&) = default;
};

}  // namespace hostmeter
