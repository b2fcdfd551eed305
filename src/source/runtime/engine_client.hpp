// The questions we have for an engine. Never /stats.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "source/runtime/engine_answers.hpp"
#include "source/runtime/engine_container.hpp"
#include "source/runtime/engine_services.hpp"
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
  Result<EngineInfo> info();
  // Of a swarm that it manages. ENOTSUP: it manages none.
  Result<std::vector<SwarmServiceState>> services();
  // It takes the engine long: seconds, or minutes where there is much.
  Result<Asked> ask_disk_usage();

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
