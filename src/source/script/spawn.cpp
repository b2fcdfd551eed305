#include "source/script/spawn.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <initializer_list>
#include <optional>
#include <utility>

#include "source/script/host_paths.hpp"
#include "source/script/init.hpp"

namespace hostmeter::source::script {
namespace {

struct Pipe {
  base::UniqueFd read, write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return Error{errno, "pipe"};
  return Pipe{base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

// One that is refused it stays as it is: then it has to be read in time.
void enlarge(const Pipe& pipe, std::size_t bytes) {
  if (bytes > kUsualPipe) ::fcntl(pipe.write.get(), F_SETPIPE_SZ, int(bytes));
}

void keep_from_blocking(const base::UniqueFd& fd) {
  ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
}

// As fork(), with flags. The C library need not know: this process has one thread.
pid_t clone_self(unsigned long flags) {
  return pid_t(::syscall(SYS_clone, flags | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

// Input, output, error, and the two of InitFds, and nothing else.
bool arrange(std::array<int, kInitFds> wanted) {
  // Out of the way of the numbers that they will have.
  for (int& fd : wanted)
    if ((fd = ::fcntl(fd, F_DUPFD, int(kInitFds))) < 0) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (::dup3(wanted[i], int(i), i < 3 ? 0 : O_CLOEXEC) < 0) return false;
  close_from(int(kInitFds));
  return true;
}

}  // namespace

unsigned long namespaces_of(const Job& job) {
  constexpr std::pair<Feature, unsigned long> kFlags[] = {
      {Feature::pid_namespace, CLONE_NEWPID},     {Feature::mount_namespace, CLONE_NEWNS},
      {Feature::ipc_namespace, CLONE_NEWIPC},     {Feature::uts_namespace, CLONE_NEWUTS},
      {Feature::network_namespace, CLONE_NEWNET},
  };
  unsigned long all = 0;
  for (const auto& [feature, flag] : kFlags)
    if (job.rules.features.has(feature)) all |= flag;
  if (job.run.allow.network) all &= ~static_cast<unsigned long>(CLONE_NEWNET);
  return all;
}

Result<Spawned> spawn(const Job& job) {
  auto out = make_pipe(), err = make_pipe(), status = make_pipe(), lifeline = make_pipe();
  base::UniqueFd input(::open(paths::kNull, O_RDONLY | O_CLOEXEC));
  if (!out || !err || !status || !lifeline || !input) return Error{errno, "pipes of a run"};
  enlarge(*out, job.rules.pipe_bytes);
  const pid_t pid = clone_self(namespaces_of(job));
  if (pid < 0) return Error{errno, "clone"};
  if (pid == 0) {
    if (!arrange({input.get(), out->write.get(), err->write.get(), status->write.get(),
                  lifeline->read.get()}))
      ::_exit(1);
    be_init(job);
  }
  for (const auto* end : {&out->read, &err->read, &status->read}) keep_from_blocking(*end);
  return Spawned{pid, std::move(status->read), std::move(lifeline->write), std::move(out->read),
                 std::move(err->read)};
}

void let_go(const Spawned& spawned) {
  while (::write(spawned.lifeline.get(), "", 1) < 0 && errno == EINTR) {
  }
}

std::optional<Error> try_namespaces(unsigned long flags) {
  const pid_t pid = clone_self(flags);
  if (pid < 0) return Error{errno, "clone with a namespace"};
  if (pid == 0) ::_exit(0);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return {};
}

}  // namespace hostmeter::source::script
