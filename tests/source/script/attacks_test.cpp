// Scripts that mean harm: each is refused, and leaves nothing behind.
#include "source/script/attacks.hpp"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "source/script/init.hpp"
#include "support/forked.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

namespace {

// Listens on loopback, or at a path.
struct Listener {
  base::UniqueFd fd;
  std::string port;

  Listener() : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(fd.get(), plain, size) == 0);
    REQUIRE(::listen(fd.get(), 4) == 0);
    REQUIRE(::getsockname(fd.get(), plain, &size) == 0);
    port = std::to_string(ntohs(address.sin_port));
  }
  explicit Listener(const std::string& path)
      : fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::chmod(path.c_str(), 0777) == 0);
    REQUIRE(::listen(fd.get(), 4) == 0);
  }
};

// A process outside of all sandboxes, of the user that scripts run as.
class Bystander {
 public:
  Bystander() : pid_(test::forked()) {
    if (pid_ != 0) return;
    if (::setgid(User().gid) != 0 || ::setuid(User().uid) != 0) ::_exit(1);
    close_from(3);
    while (true) ::pause();
  }
  ~Bystander() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Bystander(const Bystander&) = delete;
  std::string pid() const { return std::to_string(pid_); }
  bool is_alive() const { return ::waitpid(pid_, nullptr, WNOHANG) == 0; }

 private:
  pid_t pid_;
};

void write(const std::filesystem::path& path, const std::string& text, mode_t mode) {
  std::ofstream(path) << text;
  REQUIRE(::chmod(path.c_str(), mode) == 0);
}

}  // namespace

TEST_CASE("system calls that reach beyond the sandbox are refused") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  if (!lab.features.has(Feature::seccomp)) return void(std::puts("SKIPPED: no seccomp here"));
  const Attacker attacker;
  const std::string before = lab.traces();
  for (const auto& one : Attacker::answers(lab.run(attacker.run(lab, {"calls"})))) {
    CAPTURE(one.first);
    CHECK(one.second == (one.first == "clone3" ? ENOSYS : EPERM));
  }
  CHECK(lab.leaves(before));
}

TEST_CASE("sockets are made only where they are allowed") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Attacker attacker;
  const std::string before = lab.traces();
  Run run = attacker.run(lab, {"sockets"});
  for (const auto& one : Attacker::answers(lab.run(run))) {
    CAPTURE(one.first);
    CHECK(one.second == (one.first == "pair_stream" ? 0 : EACCES));
  }
  run = attacker.run(lab, {"sockets"});
  run.allow.network = true;
  auto answers = Attacker::answers(lab.run(run));
  CHECK(answers["socket_2"] == 0);
  CHECK(answers["socket_1"] == EACCES);
  CHECK(answers["socket_17"] == EACCES);
  CHECK(answers["socket_40"] == EACCES);
  CHECK(lab.leaves(before));
}

TEST_CASE("the daemon's port is out of reach, unless the network is allowed") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Attacker attacker;
  const Listener listener;
  const std::string before = lab.traces();
  Run run = attacker.run(lab, {"port", listener.port});
  CHECK(Attacker::answers(lab.run(run))["connect"] != 0);
  run.id += 100;
  run.allow.network = true;
  CHECK(Attacker::answers(lab.run(run))["connect"] == 0);
  CHECK(lab.leaves(before));
}

TEST_CASE("a socket of the file system is out of reach, unless it is allowed") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Attacker attacker;
  const std::string path = attacker.directory() / "socket";
  const Listener listener(path);
  const std::string before = lab.traces();
  Run run = attacker.run(lab, {"connect", path});
  CHECK(Attacker::answers(lab.run(run))["connect"] != 0);
  run.id += 100;
  run.allow.sockets = {path};
  CHECK(Attacker::answers(lab.run(run))["connect"] == 0);
  CHECK(lab.leaves(before));
}

TEST_CASE("other processes can be neither seen nor killed") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Attacker attacker;
  const std::string before = lab.traces();
  const std::string us = std::to_string(::getpid());
  CHECK(Attacker::answers(lab.run(attacker.run(lab, {"kill", us})))["kill"] == ESRCH);
  CHECK(Attacker::answers(lab.run(
            attacker.run(lab, {"kill", std::to_string(lab.supervisor().pid())})))["kill"] == ESRCH);
  // Nor one of the very user that scripts run as.
  Bystander bystander;
  CHECK(Attacker::answers(lab.run(attacker.run(lab, {"kill", bystander.pid()})))["kill"] == ESRCH);
  for (const std::string& pid : {us, bystander.pid()})
    for (const auto& one : Attacker::answers(lab.run(attacker.run(lab, {"trace", pid})))) {
      CAPTURE(one.first);
      CHECK((one.second == EPERM || one.second == ESRCH));
    }
  CHECK(bystander.is_alive());
  const Outcome seen =
      lab.run("echo /proc/[0-9]*; ls /proc/1/root; cat /proc/1/environ /proc/1/maps");
  CHECK(seen.out == "/proc/2\n");
  // Even by the same user the first process is not to be stopped.
  CHECK(lab.run("kill -9 1; kill -STOP 1; kill -9 -1; sleep 0.1; echo alive").out == "alive\n");
  CHECK(lab.run("kill -9 1; kill -TERM 1; echo alive").ended);
  CHECK(lab.leaves(before));
}

TEST_CASE("who runs is nobody, without any right") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Outcome outcome = lab.run("id -u; id -G; cat /proc/self/status");
  CHECK(outcome.out.starts_with("65534\n65534\n"));
  for (const char* line : {"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000",
                           "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000",
                           "CapAmb:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"}) {
    CAPTURE(line);
    CHECK(outcome.out.find(line) != std::string::npos);
  }
}

TEST_CASE("programs that would make it root do not") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Attacker attacker;
  REQUIRE(::chmod(attacker.program().c_str(), 04755) == 0);
  CHECK(lab.run(attacker.run(lab, {"id"})).out == "65534 65534\n");
}

TEST_CASE("rights and groups are had as far as they are allowed") {
  if (!can_sandbox()) return;
  Supervisor::Options options;
  options.grantable = {CAP_NET_RAW, CAP_SYS_PTRACE};
  ScriptLab lab(options);
  Run run = lab.shell("id -G; grep Cap /proc/self/status");
  run.allow.capabilities = base::CapabilitySet{CAP_NET_RAW}.bits();
  run.allow.groups = {27, 999};
  const Outcome outcome = lab.run(run);
  CHECK(outcome.out.starts_with("65534 27 999\n"));
  CHECK(outcome.out.find("CapEff:\t0000000000002000") != std::string::npos);
  CHECK(outcome.out.find("CapBnd:\t0000000000002000") != std::string::npos);
}

TEST_CASE("files that are closed, or hidden, are not read") {
  if (!can_sandbox()) return;
  std::string name = "/etc/hostmeter-test-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  const std::filesystem::path hidden = name;
  REQUIRE(::chmod(name.c_str(), 0755) == 0);
  std::filesystem::create_directory(hidden / "scripts.d");
  write(hidden / "config", "password", 0644);
  write(hidden / "list", "example.org\n", 0644);
  write(hidden / "secret", "for one alone", 0600);
  write(hidden / "scripts.d" / "script",
        "#!/bin/sh\ncat /etc/shadow\ncat " + name + "/config " + name + "/list\nls -A " + name +
            "\ntest -z \"$CREDENTIALS_DIRECTORY\" || cat $CREDENTIALS_DIRECTORY/*\n",
        0755);
  Supervisor::Options options;
  options.hidden = {name};
  {
    ScriptLab lab(options);
    const std::string before = lab.traces();
    Run run = lab.shell("");
    run.path = hidden / "scripts.d" / "script";
    run.argv = {"script"};
    CHECK(lab.run(run).out == "scripts.d\n");
    run.id += 100;
    run.allow.read = {name + "/list"};
    run.allow.secrets = {name + "/secret"};
    CHECK(lab.run(run).out == "example.org\nlist\nscripts.d\nfor one alone");
    Run lost = lab.shell("true");
    lost.allow.secrets = {name + "/none"};
    const Outcome outcome = lab.run(lost);
    REQUIRE(outcome.refused);
    CHECK(outcome.refused->error == ENOENT);
    CHECK(lab.leaves(before));
  }
  std::filesystem::remove_all(hidden);
}

TEST_CASE("nothing is written outside, but where it is allowed") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Attacker attacker;
  const std::string before = lab.traces();
  const std::string directory = attacker.directory() / "open";
  std::filesystem::create_directory(directory);
  REQUIRE(::chmod(directory.c_str(), 0777) == 0);
  const std::string attack =
      "for d in / /etc /usr /var /var/lib /home /root /run /dev /sys /proc /proc/sys/kernel "
      "/sys/fs/cgroup " +
      directory +
      "; do touch $d/hostmeter-was-here 2>/dev/null && echo $d; done; echo 1 2>/dev/null "
      ">/proc/sys/vm/drop_caches && echo sysctl;"
      "touch /tmp/mine && ls /tmp /var/tmp | sort -u";
  const Outcome outcome = lab.run(attack);
  CHECK(outcome.out.find("mine\n") != std::string::npos);
  CHECK(outcome.out.find('/') == outcome.out.find("/tmp:"));
  CHECK_FALSE(std::filesystem::exists("/tmp/mine"));
  Run allowed = lab.shell(attack);
  allowed.allow.write = {directory};
  CHECK(lab.run(allowed).out.find(directory + '\n') != std::string::npos);
  CHECK(std::filesystem::exists(directory + "/hostmeter-was-here"));
  CHECK(lab.leaves(before));
}

TEST_CASE("its tmp is full before ours is") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const std::string before = lab.traces();
  Run run = lab.shell(
      "dd if=/dev/zero of=/tmp/big bs=1M count=64 2>&1 | grep -o 'No space'; rm /tmp/big;"
      "i=0; while [ $i -lt 3000 ] && true >/tmp/$i; do i=$((i+1)); done 2>/dev/null; echo $i");
  run.limits.tmp_bytes = 4U << 20;
  run.limits.tmp_files = 500;
  run.limits.wall_ns = 30'000'000'000;
  const Outcome outcome = lab.run(run);
  CHECK(outcome.out.starts_with("No space\n4"));
  CHECK(outcome.out.size() < 15);
  CHECK(lab.leaves(before));
}

TEST_CASE("who eats memory is killed at the limit") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  if (!lab.features.has(Feature::memory))
    return void(std::puts("SKIPPED: no memory controller here"));
  const Attacker attacker;
  const std::string before = lab.traces();
  Run run = attacker.run(lab, {"memory"});
  run.limits.memory_bytes = 32U << 20;
  run.limits.wall_ns = 30'000'000'000;
  const Outcome outcome = lab.run(run);
  REQUIRE(outcome.ended);
  CHECK(outcome.ended->signal == SIGKILL);
  CHECK(outcome.ended->oom_kills.value_or(0) >= 1);
  CHECK(outcome.ended->peak_memory_bytes.value_or(0) <= (33U << 20));  // unknown to v2 before 5.19
  CHECK(lab.leaves(before));
}

TEST_CASE("nothing of ours is inherited") {
  if (!can_sandbox()) return;
  ::setenv("OF_THE_DAEMON", "secret", 1);
  const base::UniqueFd leaking(::open("/etc/shadow", O_RDONLY));  // no O_CLOEXEC
  ScriptLab lab;
  const Outcome outcome = lab.run(
      "env; cd /proc/self/fd; echo *; read line || echo no input; umask; nice; cat "
      "/proc/self/oom_score_adj; grep SigBlk /proc/self/status; pwd >/dev/null; ulimit -c");
  CAPTURE(outcome.out);
  CHECK(outcome.out.find("OF_THE_DAEMON") == std::string::npos);
  // 3 is the shell's own, of this very directory or of nothing.
  CHECK(outcome.out.find("\n0 1 2") != std::string::npos);
  CHECK(outcome.out.find("\n0 1 2 3 4") == std::string::npos);
  CHECK(outcome.out.find("PWD=/\n") != std::string::npos);
  CHECK(outcome.out.find("no input\n0077\n10\n800\nSigBlk:\t0000000000000000\n0\n") !=
        std::string::npos);
}

TEST_CASE("devices are the harmless ones, and those that are allowed") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const std::string before = lab.traces();
  const std::string node = "/dev/hostmeter-test-" + std::to_string(::getpid());
  REQUIRE(::mknod(node.c_str(), S_IFCHR | 0600, makedev(1, 5)) == 0);  // another zero
  const std::string look = "ls /dev | tr '\\n' ' '; head -c 3 " + node +
                           " | wc -c; echo x >/dev/null && head -c 1 /dev/urandom | wc -c";
  CHECK(lab.run(look).out == "fd full null random shm stderr stdin stdout urandom zero 0\n1\n");
  Run run = lab.shell(look);
  run.allow.devices = {node};
  CHECK(lab.run(run).out.ends_with(" 3\n1\n"));
  ::unlink(node.c_str());
  CHECK(lab.leaves(before));
}

TEST_CASE("it has no more CPU than it may") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  if (!lab.features.has(Feature::cpu)) return void(std::puts("SKIPPED: no cpu controller here"));
  const std::string before = lab.traces();
  Run run = lab.shell("while :; do :; done");
  run.limits.cpu_permille = 100;
  run.limits.wall_ns = 2'000'000'000;
  run.limits.grace_ns = 0;
  const Outcome outcome = lab.run(run);
  REQUIRE(outcome.ended);
  CHECK(outcome.ended->cpu_user_ns + outcome.ended->cpu_system_ns < outcome.ended->wall_ns / 2);
  CHECK(lab.leaves(before));
}
