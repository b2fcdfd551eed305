#include "tool/script/denials.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <csignal>

using namespace hostmeter::tool;
using namespace hostmeter::source::script;

namespace {

std::optional<HostFile> host(const std::string& path) {
  if (path == "/run/docker.sock") return HostFile{path, S_IFSOCK | 0660, 0, 998, "docker"};
  if (path == "/etc/shadow") return HostFile{path, S_IFREG | 0600, 0, 0, "root"};
  if (path == "/opt/a.sh") return HostFile{path, S_IFREG | 0755, 0, 0, "root"};
  return {};
}

Evidence of(const Run& run) {
  return {.run = run, .user = {900, 900}};
}

std::string first_mend(const Evidence& evidence) {
  const auto all = denials(evidence, host);
  return all.empty() ? "" : all.front().mend;
}

std::string mend_of(std::string_view remarks) {
  Run run;
  run.path = "/opt/a.sh";
  Evidence evidence = of(run);
  evidence.remarks = remarks;
  evidence.ended.exit_status = 1;
  return first_mend(evidence);
}

}  // namespace

TEST_CASE("what the kernel says of a run's end is certain") {
  const Run run;
  Evidence evidence = of(run);
  CHECK(denials(evidence, host).empty());
  evidence.ended.timed_out = true;
  CHECK(first_mend(evidence) == "raise timeout, or see what it waits for");
  evidence.ended = {};
  evidence.ended.oom_kills = 1;
  CHECK(first_mend(evidence) == "raise memory in [script.limits]");
  evidence.ended = {};
  evidence.ended.refused_forks = 3;
  CHECK(first_mend(evidence) == "raise processes in [script.limits]");
  evidence.ended = {};
  evidence.ended.signal = SIGXFSZ;
  CHECK(first_mend(evidence) == "raise file in [script.limits]");
  evidence.ended.signal = SIGXCPU;
  CHECK(first_mend(evidence) == "raise timeout");
  evidence.ended.signal = SIGSYS;
  CHECK(first_mend(evidence) == "build it for this machine's own");
  evidence.ended = {};
  evidence.is_cut = true;
  CHECK(first_mend(evidence) == "raise output in [script.limits]");
}

TEST_CASE("what programs say of a refusal is held against the sandbox") {
  CHECK(
      mend_of("cat: /etc/shadow: Permission denied\n").starts_with("secrets = [\"/etc/shadow\"]"));
  CHECK(mend_of("/opt/a.sh: 3: cannot create /etc/foo: Read-only file system")
            .ends_with("name it as write in [script.allow]"));
  CHECK(mend_of("curl: (6) Could not resolve host: x") == "network = true in [script.allow]");
  CHECK(mend_of("connect: Network is unreachable") == "network = true in [script.allow]");
  CHECK(mend_of("socket: Permission denied") == "network = true, or sockets, in [script.allow]");
  CHECK(mend_of("dd: No space left on device") == "raise tmp in [script.limits]");
  CHECK(mend_of("OSError: [Errno 24] Too many open files") ==
        "raise open_files in [script.limits]");
  CHECK(mend_of("MemoryError") == "raise memory in [script.limits]");
  CHECK(mend_of("sh: 1: Cannot fork") == "raise processes in [script.limits]");
  CHECK(mend_of("mount: /mnt: Operation not permitted").find("refused to every script") !=
        std::string::npos);
  CHECK(mend_of("dial unix /run/docker.sock: no such file or directory") ==
        "sockets = [\"/run/docker.sock\"] and groups = [\"docker\"] in [script.allow]");
  CHECK(mend_of("cat: /nothing: No such file or directory") == "");
  CHECK(mend_of("all is well") == "");
}

TEST_CASE("what is allowed is not asked for again") {
  Run run;
  run.allow.network = true;
  Evidence evidence = of(run);
  evidence.remarks = "connect: Network is unreachable\nsocket: Permission denied\n";
  CHECK(denials(evidence, host).empty());
}

TEST_CASE("what it is given or has in its text and cannot see is told, comments left out") {
  Run run;
  run.argv = {"x"};
  run.environment = {"DOCKER_SOCKET=/run/docker.sock"};
  const std::string mend =
      "sockets = [\"/run/docker.sock\"] and groups = [\"docker\"] in [script.allow]";
  CHECK(first_mend(of(run)) == mend);
  run.environment.clear();
  run.argv = {"x", "--socket", "/run/docker.sock"};
  CHECK(first_mend(of(run)) == mend);
  run.argv = {"x"};
  Evidence evidence = of(run);
  evidence.text = "#!/bin/sh\n# else /run/docker.sock\n";
  CHECK(denials(evidence, host).empty());
  evidence.text = "#!/bin/sh\ns=${S:-/run/docker.sock}\n";
  const auto all = denials(evidence, host);
  REQUIRE(all.size() == 1);
  CHECK(all[0] ==
        Denial{"it names what it cannot use: /run/docker.sock is there, but hidden from it", mend});
}

TEST_CASE("a script of a hidden directory that fails may miss what lies beside it") {
  Run run;
  run.path = "/etc/hostmeter/scripts.d/a.sh";
  Evidence evidence = of(run);
  evidence.hidden = {"/etc/hostmeter"};
  CHECK(denials(evidence, host).empty());
  evidence.ended.exit_status = 1;
  const auto all = denials(evidence, host);
  REQUIRE(all.size() == 1);
  CHECK(all[0].what == "of /etc/hostmeter/scripts.d it sees nothing but itself");
  run.allow.read = {"/etc/hostmeter/scripts.d"};
  CHECK(denials(evidence, host).empty());
}
