#include "app/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <string>

namespace hostmeter::app {

void start_log(std::string_view level) {
  static const auto logger = spdlog::stderr_logger_mt("hostmeter");
  spdlog::set_default_logger(logger);
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  spdlog::set_level(spdlog::level::from_str(std::string(level)));
}

void warn_always(const std::string& line) {
  const auto logger = spdlog::default_logger()->clone(spdlog::default_logger()->name());
  logger->set_level(spdlog::level::warn);
  logger->warn("{}", line);
}

}  // namespace hostmeter::app
