// The containers an engine has: what was told of each, and telling what changes.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.hpp"
#include "base/kernel_file.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/runtime/engine_answers.hpp"
#include "source/runtime/engine_container.hpp"

namespace hostmeter::source::runtime {

class EngineContainers {
 public:
  static constexpr std::size_t kStates = std::size_t(Status::dead) + 1;

  struct Options {
    std::size_t most = 20'000;  // beyond that, new ones are left out and counted
    // Whose state is shown: of those that is_shown lets through (of all, if there is none) so many,
    // each until it is removed. Who the others are is told all the same.
    std::size_t most_shown = 5'000;
    std::function<bool(const Description&)> is_shown{};
  };

  // proc: of the host.
  EngineContainers(Runtime runtime, const base::Dir& proc, InstanceIds& ids, Options options)
      : runtime_(runtime), proc_(proc), ids_(ids), options_(std::move(options)) {}

  // How the engine makes cgroups, for those that do not run.
  void use_systemd(Output&, bool by_systemd);

  // One that is new or may have changed.
  void update(Output&, EngineContainer);
  void remove(Output&, std::string_view id);
  // What was said of them may have been taken back by others since: update() says it again.
  void describe_again();
  // Removes all but these, which are in ascending order.
  void keep_only(Output&, const std::vector<std::string>& ids);
  // Of those not named it is not known.
  void set_disk(Output&, const std::vector<DiskUsage::Container>& used);

  // Every Record again.
  void resend(Output&) const;

  bool has(std::string_view id) const { return known_.contains(id); }
  std::size_t size() const { return known_.size(); }
  std::array<std::uint64_t, kStates> by_state() const;
  std::uint64_t left_out() const { return left_out_; }
  // Whose state would be shown if there were room.
  std::size_t without_state() const { return wanted_ - shown_; }

 private:
  struct Known {
    EngineContainer now{};
    std::string cgroup{};
    bool cgroup_was_seen = false, is_described = false, is_wanted = false;
    std::vector<std::string> labels{};
    Instance instance = 0;
    std::optional<std::uint64_t> written_bytes{}, root_fs_bytes{};
  };
  using All = std::map<std::string, Known, std::less<>>;

  void find_cgroup(Known&);
  void want(Known&);
  void name(Output&, Known&);
  void unname(Output&, Known&);
  void send(Output&, const Known&) const;
  All::iterator remove(Output&, All::iterator);

  const Runtime runtime_;
  const base::Dir& proc_;
  InstanceIds& ids_;
  const Options options_;
  bool by_systemd_ = false;
  All known_;
  base::Buffer buffer_{4'096};
  std::size_t wanted_ = 0, shown_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace hostmeter::source::runtime
