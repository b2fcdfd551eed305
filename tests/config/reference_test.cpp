#include "config/reference.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "config/load.hpp"

using namespace hostmeter::config;

namespace {

// A committed file that is made from the schema. With HOSTMETER_WRITE_GENERATED it is written.
void check_committed(const std::string& path, const std::string& fresh) {
  const std::string whole = std::string(SOURCE_ROOT) + '/' + path;
  if (std::getenv("HOSTMETER_WRITE_GENERATED")) std::ofstream(whole) << fresh;
  std::ifstream file(whole);
  const std::string committed{std::istreambuf_iterator<char>(file), {}};
  INFO(path << " is stale: run make docs");
  CHECK((committed == fresh));
}

}  // namespace

TEST_CASE("the committed default configuration and reference are fresh") {
  check_committed("conf/hostmeter.toml", default_configuration());
  check_committed("docs/configuration.md", reference());
}

TEST_CASE("the default configuration loads as the defaults") {
  const auto loaded = load_text(default_configuration(), "default");
  CHECK(loaded.problems == std::vector<std::string>{});
  CHECK(loaded.settings == Settings{});
}

TEST_CASE("so does it with every key uncommented, but for its examples") {
  std::string text = default_configuration();
  for (auto at = text.find("\n# "); at != std::string::npos; at = text.find("\n# ", at)) {
    const auto end = std::min(text.find('\n', at + 1), text.size());
    const std::string line = text.substr(at + 3, end - at - 3);
    const bool is_setting = line.find(" = ") != std::string::npos || line.front() == ' ' ||
                            line == "]" || line.front() == '[';
    if (is_setting)
      text.erase(at + 1, 2);
    else
      at = end;
  }
  const auto loaded = load_text(text, "uncommented");
  CHECK(loaded.problems == std::vector<std::string>{});
  Settings expected;
  expected.labels = {{"datacenter", "fra1"}};
  expected.collect.disks.names.include = expected.collect.mounts.points.include =
      expected.collect.mounts.fstypes.include = expected.collect.interfaces.names.include =
          expected.runtimes.names.include = expected.runtimes.images.include =
              expected.runtimes.label_values.include = {"*"};
  Script example;
  example.run = {"/usr/share/hostmeter/scripts/check_cert.sh"};
  example.name = "certificates";
  expected.scripts.each = {example};
  CHECK(loaded.settings == expected);
}
