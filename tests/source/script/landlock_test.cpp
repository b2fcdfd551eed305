#include "source/script/landlock.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include "source/script/lab.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

namespace {

// Landlock alone, without the mounts that forbid most of this, too.
template <class Check>
int in_child(const Run& run, Check check) {
  const pid_t child = ::fork();
  if (child == 0) {
    const Rules rules;
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (const auto failure = restrict_by_landlock({run, rules})) ::_exit(failure->code);
    ::_exit(check() ? 0 : 1);
  }
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool has_landlock() {
  const int result = in_child({}, [] { return true; });
  if (result != 0) std::puts("SKIPPED: this kernel has no Landlock");
  return result == 0;
}

bool can_make(const std::filesystem::path& path) {
  return ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600) >= 0;
}

}  // namespace

TEST_CASE("even root writes only where the run may") {
  if (!has_landlock()) return;
  std::string name = "/var/hostmeter-test-XXXXXX";
  if (!::mkdtemp(name.data())) return void(std::puts("SKIPPED: needs root"));
  const std::filesystem::path directory = name;
  std::filesystem::create_directory(directory / "allowed");
  Run run;
  run.allow.write = {directory / "allowed", directory / "none"};
  CHECK(in_child(run, [&] {
          return !can_make(directory / "x") && errno == EACCES &&
                 can_make(directory / "allowed" / "x") &&
                 ::mkdir((directory / "d").c_str(), 0755) != 0 &&
                 ::rmdir((directory / "allowed").c_str()) != 0 &&
                 ::mknod((directory / "allowed" / "null").c_str(), S_IFCHR | 0666, 0x103) != 0 &&
                 !contents("/etc/passwd").empty() && ::open("/dev/null", O_WRONLY | O_CLOEXEC) >= 0;
        }) == 0);
  std::filesystem::remove_all(directory);
}

TEST_CASE("signals reach nobody outside, where the kernel knows of that") {
  if (!has_landlock()) return;
  const bool has_scopes = ::syscall(444, nullptr, 0, 1) >= 6;
  if (!has_scopes) return void(std::puts("SKIPPED: Landlock here is older than ABI 6"));
  const pid_t victim = ::getpid();
  CHECK(in_child({}, [&] { return ::kill(victim, 0) != 0 && errno == EPERM; }) == 0);
}
