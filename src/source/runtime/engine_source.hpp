// Docker or podman, followed over its socket: asked once, then told of changes.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/flow/facts/engine.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/runtime/backoff.hpp"
#include "source/runtime/engine_client.hpp"
#include "source/runtime/engine_containers.hpp"
#include "source/runtime/engine_disk.hpp"
#include "source/runtime/engine_figures.hpp"
#include "source/runtime/engine_swarm.hpp"
#include "source/runtime/runtime_source.hpp"

namespace hostmeter::source::runtime {

struct EngineOptions {
  Runtime runtime = Runtime::docker;
  std::string socket{};    // relative to the host's root
  std::string pid_file{};  // likewise; of an engine whose socket systemd opened
  // False: a host without the socket is nothing to speak of.
  bool is_expected = false;
  std::uint64_t timeout_ns = 5'000'000'000;  // for an answer
  EngineDisk::Options disk{};
  // What it is, and its own state, also so often; 0: only when that has changed.
  std::uint64_t info_interval_ns = 0;
  std::uint64_t swarm_interval_ns = 0;     // 0: services of a swarm are never asked for
  std::vector<std::string> environment{};  // of containers, the variables that are kept
  EngineContainers::Options containers{};
};

// While nothing changes it asks nothing. That the engine was stopped by a signal is seen in /proc,
// that it hangs when a question is given up, or a container starts that it does not tell of.
class EngineSource final : public RuntimeSource {
 public:
  // proc: of the host.
  EngineSource(EngineOptions, const base::Dir& root, const base::Dir& proc, const Clock&,
               InstanceIds);

  Runtime runtime() const override { return options_.runtime; }
  void follow(Output&, bool resend) override;
  std::vector<Remark> take_remarks() override { return std::exchange(remarks_, {}); }
  // It is asked what it has, once in a while: an engine that hangs without being stopped and one
  // that has nothing to tell are alike.
  void doubt() override { is_doubted_ = true; }
  void interrupt() override { interrupt_.raise(); }

 private:
  struct Due {
    std::uint64_t at_ns = 0;
    unsigned failures = 0;
  };

  // Each of these: no error is success. One that is returned costs the connection.
  std::optional<Error> connect(Output&);
  std::optional<Error> listen(Output&);
  std::optional<Error> take_events(Output&);
  std::optional<Error> find_missing();
  std::optional<Error> inspect_due(Output&);
  std::optional<Error> inspect(Output&, const std::string& id);

  void note(Output&, const EngineEvent&);
  // What the engine may take long to answer: a failure of one costs what it tells, no more.
  void follow_figures(Output&);
  void follow_disk_usage(Output&);
  void follow_swarm(Output&);
  void pass_time(Output&);
  void miss(const Error&);
  std::uint64_t next_look_ns() const;
  bool is_stopped();
  void lose(Output&, const Error&);
  void set_up(Output&, bool up);
  void count(const Error&);
  void remark_trouble(int code, std::string what);
  void say_welcome();
  void send_engine(Output&);
  void send_client(Output&);
  std::uint64_t now() const { return clock_.monotonic_ns(); }

  const EngineOptions options_;
  const base::Dir& root_;
  const base::Dir& proc_;
  const Clock& clock_;
  InstanceIds ids_;
  Interrupt interrupt_;
  EngineClient client_;
  EngineContainers containers_;
  Backoff backoff_;
  InstanceSet engine_names_, info_names_;
  base::Buffer buffer_{4'096};

  std::optional<LineStream> events_;  // none: not connected
  std::map<std::string, Due, std::less<>> due_;
  EngineVersion version_;
  EngineFigures figures_;
  EngineDisk disk_;
  EngineSwarm swarm_;

  std::uint64_t retry_ns_ = 0, connected_ns_ = 0;
  std::optional<bool> up_;
  bool is_stopped_ = false, engine_changed_ = false, is_doubted_ = false;
  std::uint64_t doubt_again_ns_ = 0;
  int trouble_ = 0, oddity_ = 0;  // what was last remarked
  Facts<RuntimeClient> sent_;
  std::uint64_t unreachable_ = 0, timeouts_ = 0, malformed_ = 0, refused_ = 0, told_ = 0;
  std::vector<Remark> remarks_;
};

}  // namespace hostmeter::source::runtime
