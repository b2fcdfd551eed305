// A connection to a socket of the host that never blocks for longer than it is told.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/dir.hpp"
#include "base/unique_fd.hpp"
#include "hostmeter/base/clock.hpp"
#include "hostmeter/base/result.hpp"
#include "source/interrupt.hpp"

namespace hostmeter::source::runtime {

// Every deadline is on the monotonic clock. ETIMEDOUT: it has passed. ECANCELED: interrupted.
class UnixConnection {
 public:
  // path: relative to root, which it cannot leave by symbolic links. EAGAIN: nobody accepts there
  // and the queue of those who wait is full.
  static Result<UnixConnection> open(const base::Dir& root, const char* path, const Clock& clock,
                                     const Interrupt& interrupt);

  std::optional<Error> write(std::string_view bytes, std::uint64_t deadline_ns);
  // How many bytes came; 0 is the end.
  Result<std::size_t> read(std::span<char> bytes, std::uint64_t deadline_ns);

  // Who listens there, as far as our PID namespace knows it; who began to, if it was handed on.
  std::optional<pid_t> listener() const;

 private:
  UnixConnection(base::UniqueFd fd, const Clock& clock, const Interrupt& interrupt)
      : fd_(std::move(fd)), clock_(&clock), interrupt_(&interrupt) {}
  std::optional<Error> wait(short events, std::uint64_t deadline_ns) const;

  base::UniqueFd fd_;
  const Clock* clock_;
  const Interrupt* interrupt_;
};

}  // namespace hostmeter::source::runtime
