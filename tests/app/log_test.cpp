#include "app/log.hpp"

#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

TEST_CASE("the level can be changed while we run") {
  hostmeter::app::start_log("warning");
  CHECK_FALSE(spdlog::default_logger()->should_log(spdlog::level::info));
  hostmeter::app::start_log("debug");
  CHECK(spdlog::default_logger()->should_log(spdlog::level::debug));
}
