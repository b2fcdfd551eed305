#include "tool/script/trial.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>
#include <variant>

namespace hostmeter::tool {
namespace {

using namespace source::script;

std::optional<Error> wait(std::array<pollfd, 3>& waits) {
  if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR)
    return Error{errno, "wait for the supervisor of scripts"};
  return {};
}

class Listener {
 public:
  explicit Listener(const Supervisor& supervisor) : supervisor_(supervisor) {}

  // Until the supervisor has something to say; what the script prints is taken meanwhile.
  Result<Supervisor::Told> hear(std::optional<RunOutput>& output, std::uint64_t id = 0) {
    while (true) {
      auto told = supervisor_.hear();
      if (told || told.error().code != EAGAIN) return told;
      std::array<pollfd, 3> waits{{{supervisor_.fd(), POLLIN, 0},
                                   {output ? output->fd(0) : -1, POLLIN, 0},
                                   {output ? output->fd(1) : -1, POLLIN, 0}}};
      if (const auto failure = wait(waits)) return *failure;
      for (const std::size_t which : {0U, 1U})
        if (waits[which + 1].revents != 0) output->read(which, buffer_);
      // One that prints more than it may is not waited for.
      if (output && output->is_cut() && !std::exchange(is_stopped_, true))
        if (const auto failure = supervisor_.ask(Stop{id})) return *failure;
    }
  }

  void finish(RunOutput& output) { output.finish(buffer_); }

 private:
  const Supervisor& supervisor_;
  std::string buffer_;
  bool is_stopped_ = false;
};

}  // namespace

Result<FeatureStates> hear_standing(const Supervisor& supervisor) {
  std::optional<RunOutput> none;
  auto told = Listener(supervisor).hear(none);
  if (!told) return told.error();
  const auto* standing = std::get_if<Standing>(&told->answer);
  if (!standing) return Error{EPROTO, "hear of the sandbox"};
  return standing->features;
}

Result<Trial> try_once(const Supervisor& supervisor, const Run& run, std::size_t most_bytes) {
  if (const auto failure = supervisor.ask(run)) return *failure;
  Listener listener(supervisor);
  Trial trial;
  while (!trial.ended && !trial.refused) {
    auto told = listener.hear(trial.output, run.id);
    if (!told) return told.error();
    if (std::holds_alternative<Started>(told->answer))
      trial.output.emplace(std::move(told->output), most_bytes);
    if (auto* refused = std::get_if<Refused>(&told->answer)) trial.refused = std::move(*refused);
    if (const auto* ended = std::get_if<Ended>(&told->answer)) trial.ended = *ended;
  }
  if (trial.output) listener.finish(*trial.output);
  return trial;
}

}  // namespace hostmeter::tool
