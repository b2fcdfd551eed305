#include "app/readers.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>

#include "support/made_up_host.hpp"
#include "support/made_up_machine.hpp"

using namespace hostmeter;

namespace {
const app::NamedReader& named(const app::Readers& readers, std::string_view name) {
  const auto at = std::find_if(readers.all.begin(), readers.all.end(),
                               [&](const app::NamedReader& reader) { return reader.name == name; });
  REQUIRE(at != readers.all.end());
  return *at;
}
}  // namespace

TEST_CASE("a recording is read by files alone") {
  test::MadeUpHost made_up(test::kMachine);
  const app::Readers readers = app::make_readers({}, made_up.host);
  CHECK_FALSE(readers.statfs);
  CHECK(named(readers, "cgroup_blkio").reader->mode() == source::Mode::file);
  CHECK(readers.all.front().name == "cgroup_tree");
}

TEST_CASE("every reader but the tree can be switched off, and keeps its name") {
  test::MadeUpHost made_up(test::kMachine);
  config::Settings settings;
  for (const auto name : app::reader_names()) settings.collect.disable.emplace_back(name);
  const app::Readers readers = app::make_readers(settings, made_up.host);
  CHECK(readers.all.size() == app::reader_names().size() + 2);
  for (const app::NamedReader& reader : readers.all)
    CHECK((reader.name == "cgroup_tree" || !reader.reader));
}

TEST_CASE("an optional reader reads only where it is asked for") {
  test::MadeUpHost made_up(test::kMachine);
  const auto names = app::reader_names();
  for (const std::string_view name : config::kOptionalReaders) {
    CAPTURE(name);
    REQUIRE(std::ranges::count(names, name) == 1);
    CHECK_FALSE(named(app::make_readers({}, made_up.host), name).reader);
    config::Settings settings;
    settings.collect.enable = {std::string(name)};
    CHECK(named(app::make_readers(settings, made_up.host), name).reader);
  }
  const app::Readers readers = app::make_readers({}, made_up.host);
  for (const app::NamedReader& reader : readers.all)
    if (!app::is_optional(reader.name) && reader.name != "cgroup_walk" &&
        !reader.name.starts_with("cgroup_"))
      CHECK(reader.reader);
}

TEST_CASE("without cgroups the agent runs and says what is missing") {
  test::MadeUpHost made_up(
      "-- proc/1/mountinfo --\n20 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n");
  const app::Readers readers = app::make_readers({}, made_up.host);
  REQUIRE(readers.remarks.size() == 1);
  CHECK(readers.remarks[0].what.find("no cgroup filesystem") != std::string::npos);
}

TEST_CASE("fewer descriptors than the configuration wants are said to be so") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit few = before;
  few.rlim_cur = 200;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  test::MadeUpHost made_up(test::kMachine);
  const app::Readers readers = app::make_readers({}, made_up.host);
  ::setrlimit(RLIMIT_NOFILE, &before);
  REQUIRE(readers.remarks.size() == 1);
  CHECK(readers.remarks[0].what.starts_with("only 120 files"));
}
