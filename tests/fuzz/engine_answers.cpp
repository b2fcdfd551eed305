// Any bytes as what a container engine answers: nothing breaks, and what is taken is bounded.
#include "source/runtime/engine_answers.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "source/runtime/engine_container.hpp"
#include "source/runtime/rfc3339.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter;
  using namespace hostmeter::source::runtime;
  if (const auto one = parse_inspect(text, Runtime::docker)) {
    const Description& who = one->description;
    if (!is_container_id(who.container_id) || who.name.size() > Description::kLongestName ||
        who.image.size() > Description::kLongestName ||
        who.labels.size() > Description::kMostLabels)
      __builtin_trap();
    for (const auto& [name, value] : who.labels)
      if (value.size() > Description::kLongestLabel) __builtin_trap();
  }
  if (const auto ids = parse_container_ids(text))
    for (const auto* list : {&ids->all, &ids->running})
      for (const std::string& id : *list)
        if (!is_container_id(id) || !std::ranges::binary_search(ids->all, id)) __builtin_trap();
  if (const auto event = parse_event(text))
    if (!event->container.empty() && !is_container_id(event->container)) __builtin_trap();
  if (const auto version = parse_version(text)) (void)api_to_speak(*version);
  (void)parse_info(text);
  if (const auto usage = parse_disk_usage(text))
    if (usage->by_container.size() * 64 > size || usage->by_image.size() > DiskUsage::kMost ||
        usage->by_volume.size() > DiskUsage::kMost)
      __builtin_trap();
  (void)parse_rfc3339(text);
  return 0;
}
