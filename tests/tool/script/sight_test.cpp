#include "tool/script/sight.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <map>

using namespace hostmeter::tool;
using hostmeter::source::script::Run;

namespace {

// A made-up host.
struct Host {
  std::map<std::string, HostFile> files = {
      {"/run/docker.sock", {"/run/docker.sock", S_IFSOCK | 0660, 0, 998, "docker"}},
      {"/var/run/docker.sock", {"/run/docker.sock", S_IFSOCK | 0660, 0, 998, "docker"}},
      {"/srv/open.sock", {"/srv/open.sock", S_IFSOCK | 0666, 0, 0, "root"}},
      {"/run/state", {"/run/state", S_IFREG | 0644, 0, 0, "root"}},
      {"/etc/hostmeter/a.list", {"/etc/hostmeter/a.list", S_IFREG | 0644, 0, 0, "root"}},
      {"/etc/secret", {"/etc/secret", S_IFREG | 0600, 0, 0, "root"}},
      {"/var/log/app", {"/var/log/app", S_IFREG | 0640, 0, 4, "adm"}},
      {"/var/lib/own", {"/var/lib/own", S_IFDIR | 0700, 900, 900, "hostmeter-script"}},
      {"/etc/passwd", {"/etc/passwd", S_IFREG | 0644, 0, 0, "root"}},
      {"/dev/nvme0", {"/dev/nvme0", S_IFCHR | 0600, 0, 0, "root"}},
      {"/dev/null", {"/dev/null", S_IFCHR | 0666, 0, 0, "root"}},
  };
  Run run{};
  Evidence evidence() { return {.run = run, .user = {900, 900}, .hidden = {"/etc/hostmeter"}}; }
  std::string mend(const std::string& path, Want want = Want::read) {
    const Evidence evidence = this->evidence();
    const auto denial = why_not_used(path, want, evidence, [&](const std::string& wanted) {
      const auto file = files.find(wanted);
      return file == files.end() ? std::optional<HostFile>() : file->second;
    });
    return denial ? denial->mend : "";
  }
};

}  // namespace

TEST_CASE("what is hidden is named with the setting that shows it") {
  Host host;
  CHECK(host.mend("/run/state") == "read = [\"/run/state\"] in [script.allow]");
  CHECK(host.mend("/etc/hostmeter/a.list") ==
        "read = [\"/etc/hostmeter/a.list\"] in [script.allow]");
  CHECK(host.mend("/var/run/docker.sock") ==
        "sockets = [\"/var/run/docker.sock\"] and groups = [\"docker\"] in [script.allow]");
  host.run.allow.sockets = {"/run/docker.sock"};
  CHECK(host.mend("/var/run/docker.sock") == "groups = [\"docker\"] in [script.allow]");
  host.run.allow.groups = {998};
  CHECK(host.mend("/var/run/docker.sock") == "");
  host.run.allow.read = {"/run/state"};
  CHECK(host.mend("/run/state") == "");
}

TEST_CASE("a mode that is closed is named with what opens it") {
  Host host;
  CHECK(host.mend("/etc/passwd") == "");
  CHECK(host.mend("/etc/secret") ==
        "secrets = [\"/etc/secret\"] in [script.allow] gives it a copy, in $CREDENTIALS_DIRECTORY");
  CHECK(host.mend("/var/log/app") == "groups = [\"adm\"] in [script.allow]");
  CHECK(host.mend("/var/lib/own") == "");
  CHECK(host.mend("/var/lib/own", Want::write) == "write = [\"/var/lib/own\"] in [script.allow]");
  host.run.allow.write = {"/var/lib"};
  CHECK(host.mend("/var/lib/own", Want::write) == "");
  CHECK(host.mend("/etc/passwd", Want::write) == "open it to that user, or to a group");
}

TEST_CASE("a socket that can be seen is not connected to unless some socket is allowed") {
  Host host;
  CHECK(host.mend("/srv/open.sock") == "sockets = [\"/srv/open.sock\"] in [script.allow]");
  host.run.allow.sockets = {"/run/docker.sock"};
  CHECK(host.mend("/srv/open.sock") == "");
}

TEST_CASE("devices are their own, but for those that every script has") {
  Host host;
  CHECK(host.mend("/dev/nvme0") == "devices = [\"/dev/nvme0\"] in [script.allow]");
  CHECK(host.mend("/dev/null") == "");
  host.run.allow.devices = {"/dev/nvme0"};
  CHECK(host.mend("/dev/nvme0") == "");
}

TEST_CASE("nothing is denied of what is not there") {
  Host host;
  CHECK(host.mend("/run/nothing") == "");
}

TEST_CASE("paths in a text") {
  using Paths = std::vector<std::string>;
  CHECK(paths_in("cat: /run/utmp: No such file", 9) == Paths{"/run/utmp"});
  CHECK(paths_in("[Errno 13] denied: '/a/b.c' and \"/d\", /a/b.c.", 9) == Paths{"/a/b.c", "/d"});
  CHECK(paths_in("http://x/y a/b LIST=/c /", 9) == Paths{"/c"});
  CHECK(paths_in("unix:///run/x.sock ${A:-/var/y}", 9) == Paths{"/run/x.sock", "/var/y"});
  CHECK(paths_in("/a /b /c", 2) == Paths{"/a", "/b"});
  CHECK(paths_in("", 2).empty());
}
