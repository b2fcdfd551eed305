// What Docker and podman answer, and tell by themselves, about all they have.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/base/result.hpp"

namespace hostmeter::source::runtime {

// All fail with EBADMSG: no JSON, or not what was asked for; EFBIG: too long.

// /version. An API version is two numbers: "1.41".
struct ApiVersion {
  unsigned major = 0, minor = 0;
  friend auto operator<=>(const ApiVersion&, const ApiVersion&) = default;
};
std::optional<ApiVersion> parse_api_version(std::string_view text);

struct EngineVersion {
  std::string version{};  // of the engine: "20.10.24+dfsg1"
  ApiVersion newest{}, oldest{};
};
inline constexpr std::size_t kLongestVersion = 256U << 10;
Result<EngineVersion> parse_version(std::string_view json);

// The version to speak: ours if it is there, else the next. Nothing if the engine is too old.
std::optional<ApiVersion> api_to_speak(const EngineVersion& engine);

// /containers/json: their ids, each list in ascending order.
struct ContainerIds {
  std::vector<std::string> all{}, running{};
};
inline constexpr std::size_t kLongestList = 32U << 20;
Result<ContainerIds> parse_container_ids(std::string_view json);

// A line of /events.
struct EngineEvent {
  enum class What : std::uint8_t {
    other,    // nothing we show changes
    started,  // ask at once
    changed,  // ask soon
    container_gone,
    images
  };
  What what = What::other;
  std::string container{};  // its id, where it is about one
};
inline constexpr std::size_t kLongestEvent = 1U << 20;
Result<EngineEvent> parse_event(std::string_view json);

// /info.
struct EngineInfo {
  std::optional<std::uint64_t> images{}, memory_bytes{}, cpus{};
  std::optional<std::uint64_t> open_files{}, goroutines{}, event_listeners{};  // of the engine
  std::string version{}, storage_driver{}, cgroup_driver{};
  std::string host{};  // as the engine calls it
};
inline constexpr std::size_t kLongestInfo = 1U << 20;
Result<EngineInfo> parse_info(std::string_view json);

// /system/df, in bytes. What the engine has not measured is not there.
struct DiskUsage {
  struct Container {
    std::string id{};
    std::optional<std::uint64_t> written_bytes = 0;  // its writable layer; Docker leaves out 0
    std::optional<std::uint64_t> root_fs_bytes{};
    friend bool operator==(const Container&, const Container&) = default;
  };
  struct Image {
    std::string id{};    // as "sha256:…"
    std::string name{};  // the first of its names; empty: it has none
    std::optional<std::uint64_t> bytes{}, shared_bytes{};
  };
  struct Volume {
    std::string name{};
    std::optional<std::uint64_t> bytes{};
  };
  static constexpr std::size_t kMost = 10'000;  // images, and as many volumes

  std::optional<std::uint64_t> images{}, containers{}, volumes{}, build_cache{};
  std::vector<Container> by_container{};
  std::vector<Image> by_image{};
  std::vector<Volume> by_volume{};
  std::uint64_t left_out = 0;  // images and volumes beyond kMost
};
inline constexpr std::size_t kLongestDiskUsage = 32U << 20;
Result<DiskUsage> parse_disk_usage(std::string_view json);

}  // namespace hostmeter::source::runtime
