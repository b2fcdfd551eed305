#include "source/script/view.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "source/script/lab.hpp"
#include "source/script/script_file.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

TEST_CASE("a path is seen by its own name and by those of links to it") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  std::string name = "/tmp/hostmeter-test-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  REQUIRE(::chmod(name.c_str(), 0755) == 0);
  std::ofstream(name + "/file") << "text\n";
  std::filesystem::create_symlink(name + "/file", name + "/link");
  Run run = lab.shell("cat " + name + "/link; ls " + name + "; echo x >> " + name + "/file");
  CHECK(lab.run(run).out.empty());
  run.id += 100;
  run.allow.read = {name + "/link", name + "/not-there"};
  CHECK(lab.run(run).out == "text\nfile\nlink\n");
  std::filesystem::remove_all(name);
}

TEST_CASE("what is allowed as a socket is seen if it is one") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  std::string name = "/tmp/hostmeter-test-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  std::ofstream(name + "/file") << "text\n";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (name + "/socket").copy(address.sun_path, sizeof address.sun_path - 1);
  const base::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  Run run = lab.shell("ls " + name);
  run.allow.sockets = {name, name + "/file", name + "/socket"};
  CHECK(lab.run(run).out == "socket\n");
  std::filesystem::remove_all(name);
}

TEST_CASE("directories of sockets are empty, and the file system is there") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Outcome outcome =
      lab.run("ls /run; ls -d /etc /usr /sys; head -1 /proc/meminfo | cut -c1-8");
  CHECK(outcome.out == "/etc\n/sys\n/usr\nMemTotal\n");
}

TEST_CASE("secrets are the script's alone to read, and cannot be changed") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const std::string name = "/root/hostmeter-test-" + std::to_string(::getpid());
  std::ofstream(name) << "token";
  REQUIRE(::chmod(name.c_str(), 0600) == 0);
  Run run = lab.shell(
      "cd $CREDENTIALS_DIRECTORY; cat *; echo; stat -c '%a %u' . *; chmod 666 * ; rm -f *; ls | wc "
      "-l");
  run.allow.secrets = {name};
  const Outcome outcome = lab.run(run);
  CHECK(outcome.out == "token\n500 65534\n400 65534\n1\n");
  ::truncate(name.c_str(), 70'000);
  run.id += 100;
  const Outcome large = lab.run(run);
  REQUIRE(large.refused);
  CHECK(large.refused->error == EFBIG);
  ::unlink(name.c_str());
}

TEST_CASE("a script that is exchanged once it was looked at is run as it was, or not at all") {
  if (!can_sandbox()) return;
  std::string name = "/var/hostmeter-test-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  for (const bool is_lost : {false, true}) {
    for (const char* file : {"/script", "/other"}) std::ofstream(name + file) << file;
    REQUIRE(::chmod((name + "/script").c_str(), 0755) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      if (::unshare(CLONE_NEWNS) != 0) ::_exit(1);
      const auto script = open_script(name + "/script");
      if (!script) ::_exit(2);
      if (!is_lost) std::filesystem::rename(name + "/script", name + "/moved");
      std::filesystem::rename(name + "/other", name + "/script");
      Run run;
      run.path = name + "/script";
      const Rules rules;
      const Job job{run, rules, false, &*script};
      View view(job);
      // No file that is in no directory can be mounted.
      if (view.begin()) ::_exit(is_lost ? 0 : 3);
      ::_exit(contents(run.path) == "/script" ? 0 : 4);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(contents(name + "/script") == "/other");
  }
  std::filesystem::remove_all(name);
}
