// hostmeter once: a scrape without a server.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "app/commands.hpp"
#include "app/log.hpp"
#include "app/pipeline.hpp"
#include "app/rights.hpp"
#include "app/settings.hpp"
#include "base/clock.hpp"
#include "expose/text_stream.hpp"

namespace hostmeter::app {
namespace {

constexpr std::uint64_t kStatfsWaitNs = 2'000'000'000;
constexpr std::size_t kPiece = 64U << 10;

}  // namespace

int once(const Arguments& arguments) {
  lower_rights();
  const auto loaded = settings_or_say(arguments);
  if (!loaded) return kUsage;
  const config::Settings& settings = *loaded;
  start_log(to_string(settings.log.level));
  const base::SystemClock clock;
  Pipeline pipeline(settings, arguments.paths, 1, clock);
  pipeline.once(kStatfsWaitNs);
  const auto snapshot = pipeline.snapshots().newest();
  if (!snapshot) {
    spdlog::error("the tick was abandoned: raise limits.record_ring");
    return kFailed;
  }
  expose::TextStream text(*snapshot, pipeline.contract().shown(*snapshot, {}),
                          clock.monotonic_ns());
  std::vector<char> piece(kPiece);
  while (const std::size_t length = text.fill(piece))
    if (std::fwrite(piece.data(), 1, length, stdout) != length) return kFailed;
  return std::fflush(stdout) == 0 ? kOk : kFailed;
}

}  // namespace hostmeter::app
