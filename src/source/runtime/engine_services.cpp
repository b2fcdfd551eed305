#include "source/runtime/engine_services.hpp"

#include <cerrno>
#include <unordered_map>

#include "source/runtime/bounded.hpp"
#include "source/runtime/json_values.hpp"

namespace hostmeter::source::runtime {
namespace {

bool is_list(std::string_view json) {
  const std::size_t begin = json.find_first_not_of(" \t\r\n");
  return begin != std::string_view::npos && json[begin] == '[';
}

void take(JsonKeys keys, const JsonValue& value, SwarmServiceState& one) {
  constexpr std::pair<std::string_view, const char*> kModes[] = {
      {"Replicated", "replicated"},
      {"Global", "global"},
      {"ReplicatedJob", "replicated_job"},
      {"GlobalJob", "global_job"},
  };
  if (keys.size() == 2 && keys[1] == "ID") one.id = cut_name(value.text.value_or(""));
  if (keys.size() < 3 || keys[1] != "Spec") return;
  if (keys.size() == 3 && keys[2] == "Name") one.name = cut_name(value.text.value_or(""));
  if (keys.size() < 4 || keys[2] != "Mode") return;
  for (const auto& [key, mode] : kModes)
    if (keys[3] == key) one.mode = mode;
  if (keys.size() != 5) return;
  if (keys[3] == "Replicated" && keys[4] == "Replicas") one.replicas = value.number;
  if (keys[4] == "MaxConcurrent") one.concurrent = value.number;
  if (keys[4] == "TotalCompletions") one.completions = value.number;
}

}  // namespace

Result<SwarmServices> parse_services(std::string_view json) {
  SwarmServices made;
  std::optional<std::string> index;  // a key may be empty
  bool has_room = true;
  const auto whole = each_value(json, kLongestServices, [&](JsonKeys keys, const JsonValue& value) {
    if (keys.size() < 2) return;
    if (keys[0] != index) {
      index = keys[0];
      has_room = made.all.size() < SwarmServices::kMost;
      if (has_room)
        made.all.emplace_back();
      else
        ++made.left_out;
    }
    if (has_room) take(keys, value, made.all.back());
  });
  if (!whole) return whole.error();
  if (!is_list(json)) return Error{EBADMSG, "list of services"};
  std::erase_if(made.all, [](const SwarmServiceState& one) {
    return one.id.empty() || one.mode.empty() || (one.mode == "replicated" && !one.replicas);
  });
  return made;
}

std::optional<Error> count_tasks(std::string_view json, std::vector<SwarmServiceState>& services) {
  std::unordered_map<std::string_view, SwarmServiceState*> by_id;
  for (SwarmServiceState& one : services) by_id.emplace(one.id, &one);
  struct Task {
    std::string index{}, service{}, state{}, wanted{};
  } task;
  const auto count = [&] {
    const auto found = by_id.find(task.service);
    if (found == by_id.end()) return;
    found->second->running += std::uint64_t{task.state == "running"};
    found->second->wanted += std::uint64_t{task.wanted != "shutdown"};
  };
  const auto whole = each_value(json, kLongestServices, [&](JsonKeys keys, const JsonValue& value) {
    if (keys.size() < 2) return;
    if (keys[0] != task.index) {
      count();
      task = {.index = keys[0]};
    }
    const std::string_view text = value.text.value_or("");
    if (keys.size() == 2 && keys[1] == "ServiceID") task.service = text;
    if (keys.size() == 2 && keys[1] == "DesiredState") task.wanted = text;
    if (keys.size() == 3 && keys[1] == "Status" && keys[2] == "State") task.state = text;
  });
  if (!whole) return whole.error();
  if (!is_list(json)) return Error{EBADMSG, "list of tasks"};
  count();
  return {};
}

}  // namespace hostmeter::source::runtime
