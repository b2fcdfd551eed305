// The process that runs scripts, as the daemon knows it.
#pragma once
#include <sys/types.h>

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/capabilities.hpp"
#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"
#include "source/cgroup/script_runs.hpp"
#include "source/script/job.hpp"
#include "source/script/request.hpp"

namespace hostmeter::source::script {

// One thread may use it. When it, or the process that started it, goes, all scripts die, and the
// supervisor ends.
class Supervisor {
 public:
  struct Options {
    unsigned most = 4;    // runs at once; one more is refused as busy
    bool strict = false;  // nothing is run unless every part of the sandbox is in force
    User user;
    std::vector<std::string> hidden;  // files and directories that no script sees
    base::CapabilitySet grantable{};  // what a request may ask for
    std::string cgroup = std::string(cgroup::kScripts);
  };
  struct Told {
    Answer answer;
    std::array<base::UniqueFd, 2> output;  // of Started, or of Ended that came instead
  };

  // Forks: before any other thread of the process exists. The supervisor keeps of
  // the rights that we have now what sandboxes take, and what may be granted.
  static Result<Supervisor> start(const Options& options);
  // One that somebody else started and waits for: our end of its socket.
  static Supervisor at(base::UniqueFd socket) { return {-1, std::move(socket)}; }
  ~Supervisor();
  Supervisor(Supervisor&& other) noexcept;
  Supervisor& operator=(Supervisor&&) = delete;

  // It is of no use any more: our end is closed, so that it kills all and ends, if it lives.
  void give_up() { socket_.reset(); }
  // After that, without waiting: whether it is over and no zombie any more.
  bool is_over();

  // Readable when an answer waits, or when the supervisor is gone.
  int fd() const { return socket_.get(); }
  pid_t pid() const { return pid_; }

  // EAGAIN: it is busy reading; later. EMSGSIZE: more than a message holds. EPIPE: it is gone.
  std::optional<Error> ask(const Request& request) const;

  // EAGAIN: there is none yet. EPIPE: it is gone. Others: is_passing() in packets.hpp.
  Result<Told> hear() const;

 private:
  Supervisor(pid_t pid, base::UniqueFd socket) : pid_(pid), socket_(std::move(socket)) {}

  pid_t pid_ = -1;
  base::UniqueFd socket_;
};

}  // namespace hostmeter::source::script
