#include "source/runtime/engine_answers.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "hostmeter/base/text.hpp"
#include "source/runtime/bounded.hpp"
#include "source/runtime/engine_container.hpp"
#include "source/runtime/json_values.hpp"

namespace hostmeter::source::runtime {
namespace {

constexpr ApiVersion kOurs{1, 41}, kOldest{1, 24};

std::string_view text_of(const JsonValue& value) {
  return value.text.value_or("");
}

// Sizes of all elements of a list together.
void add(std::optional<std::uint64_t>& sum, const JsonValue& value) {
  if (!value.number) return;
  const std::uint64_t before = sum.value_or(0);
  sum = before + std::min(*value.number, ~before);  // a liar's sum does not wrap
}

EngineEvent::What what_of(std::string_view type, std::string_view action) {
  using What = EngineEvent::What;
  if (type == "image") return What::images;
  if (type != "container") return What::other;
  // "remove" and "died" are podman's words; a health is told as "health_status: healthy".
  if (action == "destroy" || action == "remove") return What::container_gone;
  if (action == "start" || action == "rename") return What::started;
  constexpr std::string_view kChanges[] = {"create", "die",     "died", "stop",
                                           "pause",  "unpause", "kill", "restart",
                                           "update", "oom",     "init", "sync"};
  const bool changes = std::ranges::find(kChanges, action) != std::end(kChanges);
  return changes || action.starts_with("health_status") ? What::changed : What::other;
}

// What is known between two values of an answer about disk usage: which of a list the last one was
// about.
struct UsedDisk {
  struct Place {
    std::string index{};
    bool has_room = false;
  };
  std::optional<std::uint64_t> image_sizes{};
  std::string container{};
  Place image{}, volume{};
};

void take_container(JsonKeys keys, const JsonValue& value, DiskUsage& made, UsedDisk& used) {
  if (keys[2] == "Id" && is_container_id(text_of(value))) {
    used.container = keys[1];
    made.by_container.push_back({.id = std::string(text_of(value))});
  }
  if (keys[2] == "SizeRw") add(made.containers, value);  // Docker leaves out a size of 0
  if (keys[1] != used.container || made.by_container.empty()) return;
  DiskUsage::Container& one = made.by_container.back();
  if (keys[2] == "SizeRw") one.written_bytes = value.number;
  if (keys[2] == "SizeRootFs") one.root_fs_bytes = value.number;
}

// The one of a list that a value is of; nullptr when there are too many.
template <class One>
One* one_of(std::vector<One>& list, UsedDisk::Place& place, const std::string& index,
            DiskUsage& made) {
  if (place.index != index) {
    place = {index, list.size() < DiskUsage::kMost};
    if (place.has_room)
      list.emplace_back();
    else
      ++made.left_out;
  }
  return place.has_room ? &list.back() : nullptr;
}

void take_image(JsonKeys keys, const JsonValue& value, DiskUsage& made, UsedDisk& used) {
  const bool is_size = keys.size() == 3 && keys[2] == "Size";
  if (is_size) add(used.image_sizes, value);
  DiskUsage::Image* const one = one_of(made.by_image, used.image, keys[1], made);
  if (!one) return;
  if (keys.size() == 3 && keys[2] == "Id") one->id = cut_name(text_of(value));
  if (is_size) one->bytes = value.number;
  if (keys.size() == 3 && keys[2] == "SharedSize") one->shared_bytes = value.number;
  if (keys.size() == 4 && keys[2] == "RepoTags" && one->name.empty())
    one->name = cut_name(text_of(value));
}

void take_volume(JsonKeys keys, const JsonValue& value, DiskUsage& made, UsedDisk& used) {
  const bool is_size = keys.size() == 4 && keys[2] == "UsageData" && keys[3] == "Size";
  if (is_size) add(made.volumes, value);
  DiskUsage::Volume* const one = one_of(made.by_volume, used.volume, keys[1], made);
  if (!one) return;
  if (keys.size() == 3 && keys[2] == "Name") one->name = cut_name(text_of(value));
  if (is_size) one->bytes = value.number;
}

void take_store(JsonKeys keys, const JsonValue& value, DiskUsage& made, UsedDisk& used) {
  if (stands_at(keys, {"LayersSize"})) made.images = value.number;
  if (keys.size() < 3) return;
  if (keys[0] == "Containers" && keys.size() == 3) take_container(keys, value, made, used);
  if (keys[0] == "Images") take_image(keys, value, made, used);
  if (keys[0] == "Volumes") take_volume(keys, value, made, used);
  if (keys[0] == "BuildCache" && keys.size() == 3 && keys[2] == "Size")
    add(made.build_cache, value);
}

}  // namespace

std::optional<ApiVersion> parse_api_version(std::string_view text) {
  Text parts(text);
  const auto major = Text::to_number(parts.until('.')), minor = Text::to_number(parts.rest());
  if (!major || !minor || *major > 1'000 || *minor > 1'000) return {};
  return ApiVersion{unsigned(*major), unsigned(*minor)};
}

Result<EngineVersion> parse_version(std::string_view json) {
  EngineVersion made;
  std::optional<ApiVersion> newest, oldest;
  const auto whole = each_value(json, kLongestVersion, [&](JsonKeys keys, const JsonValue& value) {
    if (stands_at(keys, {"Version"})) made.version = cut_name(text_of(value));
    if (stands_at(keys, {"ApiVersion"})) newest = parse_api_version(text_of(value));
    if (stands_at(keys, {"MinAPIVersion"})) oldest = parse_api_version(text_of(value));
  });
  if (!whole) return whole.error();
  if (!newest) return Error{EBADMSG, "version of the engine"};
  made.newest = *newest;
  made.oldest = oldest.value_or(kOldest);
  return made;
}

std::optional<ApiVersion> api_to_speak(const EngineVersion& engine) {
  if (engine.newest < kOldest || engine.newest < engine.oldest) return {};
  return std::clamp(kOurs, engine.oldest, engine.newest);
}

Result<ContainerIds> parse_container_ids(std::string_view json) {
  ContainerIds ids;
  std::string index;  // in the list, of the last id of all
  bool is_list = json.find_first_not_of(" \t\r\n") != std::string_view::npos &&
                 json[json.find_first_not_of(" \t\r\n")] == '[';
  const auto whole = each_value(json, kLongestList, [&](JsonKeys keys, const JsonValue& value) {
    if (keys.size() != 2) return;
    if (keys[1] == "Id" && is_container_id(text_of(value))) {
      ids.all.emplace_back(text_of(value));
      index = keys[0];
    }
    const bool runs = keys[1] == "State" && text_of(value) == "running";
    if (runs && keys[0] == index && !ids.all.empty()) ids.running.push_back(ids.all.back());
  });
  if (!whole) return whole.error();
  if (!is_list) return Error{EBADMSG, "list of containers"};
  for (auto* list : {&ids.all, &ids.running}) {
    std::ranges::sort(*list);
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return ids;
}

Result<EngineEvent> parse_event(std::string_view json) {
  EngineEvent made;
  std::string type, action;
  const auto whole = each_value(json, kLongestEvent, [&](JsonKeys keys, const JsonValue& value) {
    if (stands_at(keys, {"Type"})) type = cut_name(text_of(value));
    if (stands_at(keys, {"Action"})) action = cut_name(text_of(value));
    if (stands_at(keys, {"Actor", "ID"}) && is_container_id(text_of(value)))
      made.container = text_of(value);
  });
  if (!whole) return whole.error();
  made.what = what_of(type, action);
  const bool is_of_container =
      made.what != EngineEvent::What::other && made.what != EngineEvent::What::images;
  if (is_of_container && made.container.empty()) return Error{EBADMSG, "event of a container"};
  return made;
}

Result<EngineInfo> parse_info(std::string_view json) {
  constexpr std::pair<std::string_view, std::optional<std::uint64_t> EngineInfo::*> kNumbers[] = {
      {"Images", &EngineInfo::images},
      {"MemTotal", &EngineInfo::memory_bytes},
      {"NCPU", &EngineInfo::cpus},
      {"NFd", &EngineInfo::open_files},
      {"NGoroutines", &EngineInfo::goroutines},
      {"NEventsListener", &EngineInfo::event_listeners}};
  constexpr std::pair<std::string_view, std::string EngineInfo::*> kTexts[] = {
      {"ServerVersion", &EngineInfo::version},
      {"Driver", &EngineInfo::storage_driver},
      {"CgroupDriver", &EngineInfo::cgroup_driver},
      {"Name", &EngineInfo::host}};
  EngineInfo made;
  const auto whole = each_value(json, kLongestInfo, [&](JsonKeys keys, const JsonValue& value) {
    if (keys.size() != 1) return;
    for (const auto& [key, number] : kNumbers)
      if (keys[0] == key) made.*number = value.number;
    for (const auto& [key, text] : kTexts)
      if (keys[0] == key) made.*text = cut_name(text_of(value));
  });
  if (!whole) return whole.error();
  return made;
}

Result<DiskUsage> parse_disk_usage(std::string_view json) {
  DiskUsage made;
  UsedDisk used;
  const auto whole = each_value(
      json, kLongestDiskUsage,
      [&](JsonKeys keys, const JsonValue& value) { take_store(keys, value, made, used); });
  if (!whole) return whole.error();
  if (!made.images) return Error{EBADMSG, "disk usage of the engine"};
  // Layers that images share count once; podman writes 0.
  if (made.images == 0) made.images = used.image_sizes.value_or(0);
  for (auto* sum : {&made.containers, &made.volumes, &made.build_cache})
    *sum = sum->value_or(0);  // of an empty list
  std::erase_if(made.by_image, [](const DiskUsage::Image& image) { return image.id.empty(); });
  std::erase_if(made.by_volume, [](const DiskUsage::Volume& one) { return one.name.empty(); });
  return made;
}

}  // namespace hostmeter::source::runtime
