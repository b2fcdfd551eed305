#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "app/commands.hpp"
#include "app/log.hpp"
#include "support/captured_stdout.hpp"

using namespace hostmeter;

namespace {

// A directory of scripts and the configuration that names it.
class Scripts {
 public:
  Scripts() {
    REQUIRE(::mkdtemp(root_.data()) != nullptr);
    std::filesystem::create_directory(root_ + "/s");
    ::chmod((root_ + "/s").c_str(), 0755);
    write("c.toml", "[scripts]\ndirectories = [\"" + root_ + "/s\"]\n", 0644);
    app::start_log("error");
  }
  ~Scripts() { std::filesystem::remove_all(root_); }
  Scripts(const Scripts&) = delete;
  Scripts& operator=(const Scripts&) = delete;

  void add(const std::string& name, const std::string& text, mode_t mode = 0755) {
    write("s/" + name, "#!/bin/sh\n" + text, mode);
  }
  std::string path(const std::string& name) const { return root_ + "/s/" + name; }

  // Status and standard output.
  std::pair<int, std::string> list() {
    int status = -1;
    std::string text = test::captured_stdout([&] { status = app::script_list(arguments("")); });
    return {status, std::move(text)};
  }
  std::pair<int, std::string> run(const std::string& name) {
    int status = -1;
    std::string text = test::captured_stdout([&] { status = app::script_run(arguments(name)); });
    return {status, std::move(text)};
  }
  app::Arguments arguments(const std::string& name) const {
    app::Arguments arguments;
    arguments.config = root_ + "/c.toml";
    arguments.script = name;
    return arguments;
  }

 private:
  void write(const std::string& name, const std::string& text, mode_t mode) {
    const std::string path = root_ + '/' + name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
  }
  std::string root_ = "/tmp/hostmeter-test-XXXXXX";  // hidden from scripts, as /etc/hostmeter is
};

}  // namespace

TEST_CASE("scripts are listed, those that are refused with the reason") {
  Scripts scripts;
  scripts.add("good.sh", "");
  scripts.add("open.sh", "", 0777);
  scripts.add("text.list", "", 0644);
  const auto [status, text] = scripts.list();
  CHECK(status == app::kOk);
  CHECK(text.find("good  every 1m  " + scripts.path("good.sh") + "\n") != std::string::npos);
  CHECK(text.find("NOT RUN: others can write to it") != std::string::npos);
  CHECK(text.find("text.list") == std::string::npos);
}

TEST_CASE(
    "a script that is run by hand prints what would be served, and its success is the status") {
  Scripts scripts;
  scripts.add("good.sh", "echo 'up{b=\"2\",a=\"1\"} 1'\n");
  scripts.add("fails.sh", "echo 'up 1'; exit 4\n");
  scripts.add("open.sh", "echo 'up 1'\n", 0777);
  const std::pair<int, std::string> good{app::kOk, "# TYPE up untyped\nup{a=\"1\",b=\"2\"} 1\n"};
  CHECK(scripts.run("good") == good);
  CHECK(scripts.run(scripts.path("good.sh")) == good);
  const std::pair<int, std::string> failed{app::kFailed, ""};
  CHECK(scripts.run("fails") == failed);
  CHECK(scripts.run("open") == failed);
}

TEST_CASE("a script that is not there, and a configuration that is wrong, are usage errors") {
  Scripts scripts;
  scripts.add("good.sh", "");
  const std::pair<int, std::string> usage{app::kUsage, ""};
  CHECK(scripts.run("god") == usage);
  app::Arguments arguments;
  arguments.config = "/nowhere/hostmeter.toml";
  arguments.script = "good";
  CHECK(app::script_run(arguments) == app::kUsage);
  CHECK(app::script_list(arguments) == app::kUsage);
}
