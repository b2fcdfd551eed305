#include "tool/script/trial.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <variant>

#include "base/clock.hpp"

namespace hostmeter::tool {
namespace {

using namespace source::script;

std::optional<Error> wait(std::array<pollfd, 3>& waits, std::uint64_t most_ns) {
  const auto most_ms = int(std::min<std::uint64_t>(most_ns / 1'000'000 + 1, 60'000));
  if (::poll(waits.data(), waits.size(), most_ms) < 0 && errno != EINTR)
    return Error{errno, "wait for the supervisor of scripts"};
  return {};
}

class Listener {
 public:
  Listener(const Supervisor& supervisor, std::uint64_t patience_ns)
      : supervisor_(supervisor), until_ns_(clock_.monotonic_ns() + patience_ns) {}

  // Until the supervisor has something to say; what the script prints is taken meanwhile.
  Result<Supervisor::Told> hear(std::optional<RunOutput>& output, std::uint64_t id = 0) {
    while (true) {
      auto told = supervisor_.hear();
      if (told || told.error().code != EAGAIN) return told;
      if (const auto failure = take_output(output, id)) return *failure;
    }
  }

  void finish(RunOutput& output) { output.finish(buffer_); }

 private:
  // What has come once the supervisor or the script has something to say.
  std::optional<Error> take_output(std::optional<RunOutput>& output, std::uint64_t id) {
    const std::uint64_t now_ns = clock_.monotonic_ns();
    if (now_ns >= until_ns_) return Error{ETIMEDOUT, "hear of the supervisor of scripts"};
    std::array<pollfd, 3> waits{{{supervisor_.fd(), POLLIN, 0},
                                 {output ? output->fd(0) : -1, POLLIN, 0},
                                 {output ? output->fd(1) : -1, POLLIN, 0}}};
    if (const auto failure = wait(waits, until_ns_ - now_ns)) return failure;
    for (const std::size_t which : {0U, 1U})
      if (waits[which + 1].revents != 0) output->read(which, buffer_);
    // One that prints more than it may is not waited for.
    if (output && output->is_cut() && !std::exchange(is_stopped_, true))
      return supervisor_.ask(Stop{id});
    return {};
  }

  const base::SystemClock clock_;
  const Supervisor& supervisor_;
  const std::uint64_t until_ns_;
  std::string buffer_;
  bool is_stopped_ = false;
};

}  // namespace

Result<FeatureStates> hear_standing(const Supervisor& supervisor, std::uint64_t patience_ns) {
  std::optional<RunOutput> none;
  auto told = Listener(supervisor, patience_ns).hear(none);
  if (!told) return told.error();
  const auto* standing = std::get_if<Standing>(&told->answer);
  if (!standing) return Error{EPROTO, "hear of the sandbox"};
  return standing->features;
}

Result<Trial> try_once(const Supervisor& supervisor, const Run& run, std::size_t most_bytes,
                       std::uint64_t patience_ns) {
  if (const auto failure = supervisor.ask(run)) return *failure;
  Listener listener(supervisor, run.limits.wall_ns + run.limits.grace_ns + patience_ns);
  Trial trial;
  while (!trial.ended && !trial.refused) {
    auto told = listener.hear(trial.output, run.id);
    if (!told) return told.error();
    if (auto output = RunOutput::of(*told, most_bytes))
      trial.output = std::move(output);
    else if (std::holds_alternative<Started>(told->answer))
      return Error{EMFILE, "have what it prints"};
    if (auto* refused = std::get_if<Refused>(&told->answer)) trial.refused = std::move(*refused);
    if (const auto* ended = std::get_if<Ended>(&told->answer)) trial.ended = *ended;
  }
  if (trial.output) listener.finish(*trial.output);
  return trial;
}

}  // namespace hostmeter::tool
