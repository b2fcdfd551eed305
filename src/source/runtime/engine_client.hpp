// The questions we have for an engine. Never /stats.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "source/runtime/engine_answers.hpp"
#include "source/runtime/engine_container.hpp"
#include "source/runtime/http_client.hpp"

namespace hostmeter::source::runtime {

// Beside the errors of HttpClient and of the parsers: ENOTSUP for an answer that says no.
class EngineClient {
 public:
  // environment: of containers, the variables that are kept.
  EngineClient(Runtime runtime, HttpClient http, std::vector<std::string> environment = {})
      : runtime_(runtime), http_(std::move(http)), environment_(std::move(environment)) {}

  // The version that is spoken from then on. Has to be asked first.
  Result<EngineVersion> version();
  // Events from that moment on, in seconds since 1970.
  Result<LineStream> events(std::uint64_t since);
  Result<ContainerIds> container_ids();
  // Nothing when there is none with this id.
  Result<std::optional<EngineContainer>> inspect(std::string_view id);
  // Those that it may take long over, each answered as its parser expects.
  Result<Asked> ask_info() { return http_.ask(target("/info")); }
  Result<Asked> ask_services() { return http_.ask(target("/services")); }
  Result<Asked> ask_tasks() { return http_.ask(target("/tasks")); }
  Result<Asked> ask_disk_usage() { return http_.ask(target("/system/df")); }

  const std::string& api() const { return api_; }  // "1.41"
  std::uint64_t requests() const { return http_.requests(); }

 private:
  std::string target(std::string_view path) const;
  Result<Answer> get(std::string_view path, std::size_t longest);

  const Runtime runtime_;
  HttpClient http_;
  const std::vector<std::string> environment_;
  std::string api_;
};

}  // namespace hostmeter::source::runtime
