#include "app/found_scripts.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace hostmeter;

namespace {

struct Directory {
  Directory() { REQUIRE(::mkdtemp(root.data()) != nullptr); }
  ~Directory() { std::filesystem::remove_all(root); }
  void add(const char* name, mode_t mode) {
    const std::string path = root + '/' + name;
    std::ofstream(path) << "#!/bin/sh\n";
    ::chmod(path.c_str(), mode);
  }
  std::string root = "/tmp/hostmeter-test-XXXXXX";
};

bool has(const app::FoundScripts& found, const std::string& words) {
  return std::ranges::any_of(found.remarks(), [&](const std::string& remark) {
    return remark.find(words) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("scripts are found by name and by path, with their plans") {
  Directory directory;
  directory.add("one.sh", 0755);
  directory.add("two.sh", 0755);
  config::Settings settings;
  settings.scripts.directories = {directory.root};
  config::Script script;
  script.run = {directory.root + "/two.sh"};
  script.name = "other";
  settings.scripts.each = {script};
  const auto found = app::FoundScripts::find(settings);
  REQUIRE(found);
  CHECK((*found)->all().size() == 2);
  const auto* one = (*found)->named("one");
  REQUIRE(one);
  CHECK((*found)->named(directory.root + "/one.sh") == one);
  CHECK((*found)->plan_of(*one).run == std::vector<std::string>{directory.root + "/*"});
  const auto* other = (*found)->named("other");
  REQUIRE(other);
  CHECK((*found)->plan_of(*other).run == script.run);
  CHECK_FALSE((*found)->named("two"));
  CHECK((*found)->remarks().empty());
}

TEST_CASE("what is not as it should be is told of") {
  Directory directory;
  directory.add("open.sh", 0777);
  config::Settings settings;
  settings.scripts.directories = {directory.root};
  config::Script script;
  script.run = {"/nowhere/x"};
  script.allow.secrets = {"/nowhere/key"};
  script.allow.sockets = {"/nowhere/socket"};
  script.allow.read = {"/etc/passwd"};
  settings.scripts.each = {script};
  config::Script no_group = script;
  no_group.run = {"/nowhere/y"};
  no_group.allow.groups = {"no-such-group"};
  settings.scripts.each.push_back(no_group);
  const auto found = app::FoundScripts::find(settings);
  REQUIRE(found);
  CHECK(has(**found, "open is not run: others can write to it"));
  CHECK(has(**found, "/nowhere/x is not run: it is not there"));
  CHECK(has(**found, "/nowhere/key (secrets), which is not there, so that it is not run"));
  CHECK(has(**found, "/nowhere/socket (sockets), which is not there"));
  CHECK(has(**found, "\"/nowhere/y\" is not run: there is no group no-such-group"));
  CHECK_FALSE(has(**found, "/etc/passwd"));
}
