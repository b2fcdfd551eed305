#include "source/runtime/engine_container.hpp"

#include <algorithm>
#include <cerrno>
#include <map>

#include "hostmeter/base/text.hpp"
#include "source/runtime/bounded.hpp"
#include "source/runtime/json_values.hpp"
#include "source/runtime/kubernetes_names.hpp"
#include "source/runtime/rfc3339.hpp"

namespace hostmeter::source::runtime {
namespace {

// Podman has more words for the same.
Status status_of(std::string_view word) {
  constexpr std::pair<std::string_view, Status> kWords[] = {
      {"created", Status::created},     {"running", Status::running},
      {"paused", Status::paused},       {"restarting", Status::restarting},
      {"removing", Status::removing},   {"exited", Status::exited},
      {"dead", Status::dead},           {"configured", Status::created},
      {"initialized", Status::created}, {"stopping", Status::running},
      {"stopped", Status::exited},
  };
  for (const auto& [known, status] : kWords)
    if (word == known) return status;
  return Status::unknown;
}

Health health_of(std::string_view word) {
  if (word == "starting") return Health::starting;
  if (word == "healthy") return Health::healthy;
  return word == "unhealthy" ? Health::unhealthy : Health::none;
}

// A limit of 0 is none.
std::optional<std::uint64_t> limit(const JsonValue& value) {
  return value.number && *value.number != 0 ? value.number : std::nullopt;
}

struct CpuLimit {
  std::optional<std::uint64_t> nano_cpus{}, quota_us{}, period_us{};

  std::optional<std::uint64_t> milli_cpus() const {
    if (nano_cpus) return *nano_cpus / 1'000'000;
    if (!quota_us) return {};
    constexpr std::uint64_t kDefaultPeriodUs = 100'000;
    const auto milli = scaled(*quota_us, 1'000);
    return milli ? std::optional(*milli / period_us.value_or(kDefaultPeriodUs)) : std::nullopt;
  }
};

// Of one answer, as it comes.
struct Inspection {
  std::span<const std::string> environment;
  EngineContainer made{};
  CpuLimit cpu{};
  std::string image_id{};
  std::map<std::string, std::string, std::less<>> labels{}, variables{};

  void see(JsonKeys keys, const JsonValue& value) {
    if (keys.size() == 1) see_top(keys[0], value);
    if (keys.size() == 2 && keys[0] == "State") see_state(keys[1], value);
    if (keys.size() == 2 && keys[0] == "HostConfig") see_limits(keys[1], value);
    if (stands_at(keys, {"State", "Health", "Status"}))
      made.health = health_of(value.text.value_or(""));
    if (stands_at(keys, {"State", "Health", "FailingStreak"})) made.health_failures = value.number;
    if (stands_at(keys, {"Config", "Image"})) made.description.image = cut_name(text_of(value));
    if (keys.size() == 3 && keys[0] == "Config" && keys[1] == "Labels" && value.text)
      labels[keys[2]] = *value.text;
    if (keys.size() == 3 && keys[0] == "Config" && keys[1] == "Env")
      see_variable(value.text.value_or(""));
  }

 private:
  static std::string_view text_of(const JsonValue& value) { return value.text.value_or(""); }

  // "NAME=value"; one without a value is none.
  void see_variable(std::string_view text) {
    Text rest(text);
    const std::string_view name = rest.until('=');
    const bool is_blank = rest.rest().find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (!is_blank && std::ranges::find(environment, name) != environment.end())
      variables[std::string(name)] = rest.rest();
  }
  void see_top(std::string_view key, const JsonValue& value) {
    if (key == "Id" && is_container_id(text_of(value)))
      made.description.container_id = text_of(value);
    if (key == "Name")
      made.description.name = cut_name(text_of(value).substr(text_of(value).starts_with('/')));
    if (key == "Image") image_id = cut_name(text_of(value));
    if (key == "Created") made.created_ns = parse_rfc3339(text_of(value));
    if (key == "RestartCount") made.restarts = value.number;
  }
  void see_state(std::string_view key, const JsonValue& value) {
    if (key == "Status") made.status = status_of(text_of(value));
    if (key == "OOMKilled") made.oom_killed = value.boolean;
    if (key == "Pid") made.pid = limit(value);
    if (key == "ExitCode") made.exit_code = value.number;
    if (key == "StartedAt") made.started_ns = parse_rfc3339(text_of(value));
    if (key == "FinishedAt") made.finished_ns = parse_rfc3339(text_of(value));
  }
  void see_limits(std::string_view key, const JsonValue& value) {
    if (key == "Memory") made.memory_limit = limit(value);
    if (key == "MemoryReservation") made.memory_reservation = limit(value);
    if (key == "MemorySwap") made.memory_swap_limit = limit(value);
    if (key == "CpuShares") made.cpu_shares = limit(value);
    if (key == "PidsLimit") made.pids_limit = limit(value);
    if (key == "NanoCpus") cpu.nano_cpus = limit(value);
    if (key == "CpuQuota") cpu.quota_us = limit(value);
    if (key == "CpuPeriod") cpu.period_us = limit(value);
    if (key == "CgroupParent") made.cgroup_parent = cut_name(text_of(value));
  }
};

// An exit code of one that never ended, or runs again, is that of nothing.
void keep_what_is_so(EngineContainer& made) {
  const bool has_ended = made.status == Status::exited || made.status == Status::dead ||
                         made.status == Status::restarting || made.status == Status::removing;
  if (!has_ended || !made.finished_ns) made.exit_code = {};
  if (made.status != Status::running && made.status != Status::paused) made.pid = {};
  if (made.health == Health::none) made.health_failures = {};
}

}  // namespace

bool is_container_id(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Result<EngineContainer> parse_inspect(std::string_view json, Runtime runtime,
                                      std::span<const std::string> environment) {
  Inspection inspection{.environment = environment};
  const auto whole = each_value(json, kLongestInspect, [&](JsonKeys keys, const JsonValue& value) {
    inspection.see(keys, value);
  });
  if (!whole) return whole.error();
  EngineContainer made = std::move(inspection.made);
  if (made.description.container_id.empty()) return Error{EBADMSG, "answer about a container"};
  made.description.runtime = runtime;
  if (made.description.image.empty()) made.description.image = std::move(inspection.image_id);
  made.cpu_limit_milli = inspection.cpu.milli_cpus();
  take_kubernetes_names(inspection.labels, made.description);
  set_labels(made.description, inspection.labels);
  made.description.environment = bounded(inspection.variables);
  keep_what_is_so(made);
  return made;
}

}  // namespace hostmeter::source::runtime
