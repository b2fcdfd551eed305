#include "app/pipeline.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/clock.hpp"
#include "expose/text_stream.hpp"
#include "support/made_up_machine.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

namespace {

const base::SystemClock kClock;

std::string scrape(app::Pipeline& pipeline) {
  const auto lease = pipeline.snapshots().newest();
  if (!lease) return {};
  expose::TextStream stream(*lease, pipeline.contract().shown(*lease, {}), 0);
  std::string text;
  std::vector<char> piece(64 << 10);
  while (const std::size_t length = stream.fill(piece)) text.append(piece.data(), length);
  return text;
}

}  // namespace

TEST_CASE("from files to a scrape, on threads, following a container that comes and goes") {
  const test::Tree tree(test::kMachine);
  config::Settings settings;
  settings.collect.interval_ns = 100'000'000;
  settings.collect.cgroups.linger_ns = 0;
  settings.labels = {{"dc", "eu"}};
  app::Pipeline pipeline(settings, {.root = tree.root().string()}, 2, kClock);
  pipeline.start();
  const auto shows = [&](const std::string& what) {
    for (int i = 0; i < 100; ++i) {
      const std::uint64_t seen =
          pipeline.snapshots().newest() ? pipeline.snapshots().newest()->sequence : 0;
      if (scrape(pipeline).find(what) != std::string::npos) return true;
      pipeline.snapshots().wait_newer(seen, 1'000'000'000);
    }
    return false;
  };
  CHECK(shows("\nnode_load1{dc=\"eu\"} 0.5\n"));
  tree.write("sys/fs/cgroup/lxc.payload.c1/cpu.stat", "usage_usec 1\nuser_usec 1\nsystem_usec 0\n");
  CHECK(
      shows("container_cpu_usage_seconds_total{id=\"/"
            "lxc.payload.c1\",name=\"c1\",cpu=\"total\",dc=\"eu\"} 0.000001\n"));
  std::filesystem::remove_all(tree.root() / "sys/fs/cgroup/lxc.payload.c1");
  for (int i = 0; i < 100 && scrape(pipeline).find("lxc.payload") != std::string::npos; ++i)
    pipeline.snapshots().wait_newer(pipeline.snapshots().newest()->sequence, 1'000'000'000);
  CHECK(scrape(pipeline).find("lxc.payload") == std::string::npos);
  pipeline.stop();
}

TEST_CASE("a limit on series leaves the rest out and says how many") {
  const test::Tree tree(test::kMachine);
  config::Settings settings;
  settings.limits.series = 20;
  app::Pipeline pipeline(settings, {.root = tree.root().string()}, 1, kClock);
  pipeline.once(0);
  const std::string text = scrape(pipeline);
  std::size_t others = 0;
  for (const char* line : {"\nnode_", "\ncontainer_"})
    for (auto at = text.find(line); at != std::string::npos; at = text.find(line, at + 1)) ++others;
  CHECK(others <= 20);
  CHECK(text.find("\nhostmeter_series_refused_total ") != std::string::npos);
  CHECK(text.find("\nhostmeter_series_refused_total 0\n") == std::string::npos);
}
