#include "source/script/supervisor.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/clock.hpp"
#include "base/kernel_file.hpp"
#include "source/script/cgroups.hpp"
#include "source/script/host_paths.hpp"
#include "source/script/init.hpp"
#include "source/script/message.hpp"
#include "source/script/packets.hpp"
#include "source/script/pool.hpp"
#include "source/script/probe.hpp"

namespace hostmeter::source::script {
namespace {

constexpr int kSocket = 3;
constexpr int kLongestEndMs = 10'000, kEndAgainMs = 5;  // more than a pool takes to give up

// Standard error stays, for what a sanitizer or the C library has to say.
bool keep_only(int socket) {
  const base::UniqueFd nothing(::open(paths::kNull, O_RDWR | O_CLOEXEC));
  if (!nothing || ::dup2(nothing.get(), 0) < 0 || ::dup2(nothing.get(), 1) < 0) return false;
  if (socket != kSocket && ::dup3(socket, kSocket, O_CLOEXEC) < 0) return false;
  return true;
}

std::string text_of(const char* path) {
  base::Buffer buffer;
  const auto text = base::read_once(AT_FDCWD, path, buffer);
  return text ? std::string(*text) : std::string();
}

// Signals to the whole service are the daemon's to understand: when it ends, we do.
void ignore_signals() {
  struct sigaction ignored {};
  ignored.sa_handler = SIG_IGN;
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2})
    ::sigaction(signal, &ignored, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// What making sandboxes takes.
constexpr base::CapabilitySet kNeeded{
    CAP_CHOWN,     CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER,  CAP_KILL,
    CAP_MKNOD,     CAP_NET_ADMIN,    CAP_SETGID,          CAP_SETPCAP, CAP_SETUID,
    CAP_SYS_ADMIN, CAP_SYS_CHROOT,   CAP_SYS_RESOURCE};

void supervise(base::UniqueFd socket, const Supervisor::Options& options) {
  ::prctl(PR_SET_NAME, "hostmeter-runs", 0, 0, 0);
  if (const auto failure = base::lock(kNeeded | options.grantable)) {
    std::fprintf(stderr, "hostmeter: no script is run: %s: %s\n",
                 std::string(failure->what).c_str(), std::strerror(failure->code));
    return;
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  const base::SystemClock clock;
  const Cgroups cgroups(text_of(paths::kSelfMounts), text_of(paths::kSelfCgroup), options.cgroup);
  Rules rules{{}, options.user, options.hidden};
  // Without them the probe finds that seccomp is not in force.
  if (auto filters = SeccompFilters::compile()) rules.filters = std::move(*filters);
  rules.features = probe(rules, cgroups);
  rules.pipe_bytes = pipe_bytes(text_of(paths::kPipeMaxSize), text_of(paths::kPipeUserPages),
                                std::size_t(::sysconf(_SC_PAGESIZE)), options.most);
  Pool({std::move(socket)}, {options.most, options.strict, options.grantable}, std::move(rules),
       cgroups, clock)
      .serve();
}

}  // namespace

Result<Supervisor> Supervisor::start(const Options& options) {
  auto ends = packet_socket();
  if (!ends) return ends.error();
  const pid_t pid = ::fork();
  if (pid < 0) return Error{errno, "fork the supervisor of scripts"};
  if (pid > 0) return Supervisor(pid, std::move((*ends)[0]));
  ::setsid();
  ignore_signals();
  if (!keep_only((*ends)[1].release())) ::_exit(1);
  close_from(kSocket + 1);
  supervise(base::UniqueFd(kSocket), options);
  ::_exit(0);
}

Supervisor::Supervisor(Supervisor&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), socket_(std::move(other.socket_)) {}

// It ends when it has killed all, which takes a moment, or when it has given up. One that a dead
// mount holds itself is left behind.
Supervisor::~Supervisor() {
  socket_.reset();
  for (int tries = 0; pid_ > 0 && tries < kLongestEndMs / kEndAgainMs; ++tries) {
    const pid_t gone = ::waitpid(pid_, nullptr, WNOHANG);
    if (gone == pid_ || (gone < 0 && errno != EINTR)) return;
    ::usleep(kEndAgainMs * 1000);
  }
}

bool Supervisor::is_over() {
  if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) != 0) pid_ = -1;
  return pid_ < 0;
}

std::optional<Error> Supervisor::ask(const Request& request) const {
  const std::string bytes = encode(request);
  if (bytes.empty() || !decode_request(bytes)) return Error{EMSGSIZE, "ask the supervisor"};
  return send_packet(socket_.get(), bytes);
}

Result<Supervisor::Told> Supervisor::hear() const {
  auto packet = receive_packet(socket_.get());
  if (!packet) return packet.error();
  auto answer =
      packet->is_cut ? Result<Answer>(Error{EBADMSG, "answer"}) : decode_answer(packet->bytes);
  if (!answer) return answer.error();
  return Told{std::move(*answer), std::move(packet->fds)};
}

}  // namespace hostmeter::source::script
