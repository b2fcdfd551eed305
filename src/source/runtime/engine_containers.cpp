#include "source/runtime/engine_containers.hpp"

#include <algorithm>
#include <utility>

#include "hostmeter/flow/facts/container.hpp"
#include "source/runtime/container_cgroup.hpp"

namespace hostmeter::source::runtime {
namespace {

Facts<ContainerState> state_of(const EngineContainer& one) {
  using Field = ContainerState;
  Facts<Field> facts;
  facts.set(Field::created_ns, one.created_ns);
  facts.set(Field::started_ns, one.started_ns);
  facts.set(Field::finished_ns, one.finished_ns);
  facts.set(Field::restarts, one.restarts);
  facts.set(Field::exit_code, one.exit_code);
  facts.set(Field::main_pid, one.pid);
  if (one.oom_killed) facts.set(Field::oom_killed, std::uint64_t(*one.oom_killed));
  constexpr std::pair<Status, Field> kStates[] = {
      {Status::created, Field::is_created},   {Status::running, Field::is_running},
      {Status::paused, Field::is_paused},     {Status::restarting, Field::is_restarting},
      {Status::removing, Field::is_removing}, {Status::exited, Field::is_exited},
      {Status::dead, Field::is_dead},
  };
  for (const auto& [status, field] : kStates)
    if (one.status != Status::unknown) facts.set(field, std::uint64_t(one.status == status));
  if (one.health == Health::none) {
    facts.set_real(Field::health, -1.0);
    return facts;
  }
  facts.set(Field::health_failures, one.health_failures);
  facts.set_real(Field::health, one.health == Health::healthy ? 1.0 : 0.0);
  facts.set(Field::health_starting, std::uint64_t(one.health == Health::starting));
  facts.set(Field::healthy, std::uint64_t(one.health == Health::healthy));
  facts.set(Field::unhealthy, std::uint64_t(one.health == Health::unhealthy));
  return facts;
}

Facts<ContainerConfig> config_of(const EngineContainer& one) {
  using Field = ContainerConfig;
  Facts<Field> facts;
  facts.set(Field::memory_limit, one.memory_limit);
  facts.set(Field::memory_reservation, one.memory_reservation);
  facts.set(Field::memory_swap_limit, one.memory_swap_limit);
  if (one.cpu_limit_milli) facts.set_real(Field::cpu_limit, double(*one.cpu_limit_milli) / 1'000);
  facts.set(Field::cpu_shares, one.cpu_shares);
  facts.set(Field::pids_limit, one.pids_limit);
  return facts;
}

}  // namespace

void EngineContainers::use_systemd(Output& out, bool by_systemd) {
  if (std::exchange(by_systemd_, by_systemd) == by_systemd) return;
  for (auto& [id, known] : known_) {
    find_cgroup(known);
    name(out, known);
    send(out, known);
  }
}

void EngineContainers::update(Output& out, EngineContainer one) {
  const std::string& id = one.description.container_id;
  auto found = known_.find(id);
  if (found == known_.end() && known_.size() >= options_.most) {
    ++left_out_;
    return;
  }
  const bool is_new = found == known_.end();
  if (is_new) found = known_.emplace(id, Known{}).first;
  Known& known = found->second;
  const bool is_described = known.is_described && known.now.description == one.description;
  const bool is_as_before = !is_new && known.now == one;
  known.now = std::move(one);
  if (!is_described) out.send(NewsItem(Described{known.now.description}));
  known.is_described = true;
  want(known);
  const std::string cgroup = known.cgroup;
  find_cgroup(known);
  if (is_as_before && cgroup == known.cgroup) return;
  name(out, known);
  send(out, known);
}

// Remembered when the container ends: its last state is of the same series.
void EngineContainers::find_cgroup(Known& known) {
  const EngineContainer& one = known.now;
  if (one.pid) {
    const std::string file = std::to_string(*one.pid) + "/cgroup";
    const auto text = base::read_once(proc_.fd(), file.c_str(), buffer_);
    const auto seen = text ? cgroup_with_id(*text, one.description.container_id) : std::nullopt;
    if (seen) {
      known.cgroup = *seen;
      known.cgroup_was_seen = true;
    }
  }
  if (!known.cgroup_was_seen)
    known.cgroup =
        usual_cgroup(runtime_, one.description.container_id, by_systemd_, one.cgroup_parent);
}

void EngineContainers::want(Known& known) {
  const bool wants = !options_.is_shown || options_.is_shown(known.now.description);
  if (wants && !known.is_wanted) ++wanted_;
  if (!wants && known.is_wanted) --wanted_;
  known.is_wanted = wants;
}

void EngineContainers::name(Output& out, Known& known) {
  if (!known.is_wanted) return unname(out, known);
  if (known.instance == 0 && shown_ >= options_.most_shown) return;
  const Description& who = known.now.description;
  std::vector<std::string> labels{known.cgroup,      who.name, who.image,
                                  who.pod_namespace, who.pod,  who.pod_container};
  if (known.instance != 0 && known.labels == labels) return;
  unname(out, known);
  known.instance = ids_.take();
  if (known.instance == 0) return;  // no number is free
  ++shown_;
  known.labels = std::move(labels);
  out.send(NewsItem(NamedInstance{kHost, known.instance, known.labels}));
}

void EngineContainers::unname(Output& out, Known& known) {
  if (known.instance == 0) return;
  out.send(NewsItem(GoneInstance{kHost, known.instance}));
  ids_.give_back(std::exchange(known.instance, 0));
  --shown_;
}

void EngineContainers::send(Output& out, const Known& known) const {
  if (known.instance == 0) return;
  out.send(kHost, state_of(known.now), known.instance);
  out.send(kHost, config_of(known.now), known.instance);
  Facts<ContainerDisk> disk;
  disk.set(ContainerDisk::written_bytes, known.written_bytes);
  disk.set(ContainerDisk::root_fs_bytes, known.root_fs_bytes);
  out.send(kHost, disk, known.instance);
}

EngineContainers::All::iterator EngineContainers::remove(Output& out, All::iterator at) {
  out.send(NewsItem(Undescribed{runtime_, at->first}));
  unname(out, at->second);
  if (at->second.is_wanted) --wanted_;
  return known_.erase(at);
}

void EngineContainers::remove(Output& out, std::string_view id) {
  if (const auto found = known_.find(id); found != known_.end()) remove(out, found);
}

void EngineContainers::describe_again() {
  for (auto& [id, known] : known_) known.is_described = false;
}

void EngineContainers::keep_only(Output& out, const std::vector<std::string>& ids) {
  for (auto at = known_.begin(); at != known_.end();)
    at = std::ranges::binary_search(ids, at->first) ? std::next(at) : remove(out, at);
}

void EngineContainers::set_disk(Output& out, const std::vector<DiskUsage::Container>& used) {
  for (auto& [id, known] : known_) known.written_bytes = known.root_fs_bytes = std::nullopt;
  for (const DiskUsage::Container& one : used) {
    const auto found = known_.find(one.id);
    if (found == known_.end()) continue;
    found->second.written_bytes = one.written_bytes;
    found->second.root_fs_bytes = one.root_fs_bytes;
  }
  resend(out);
}

void EngineContainers::resend(Output& out) const {
  for (const auto& [id, known] : known_) send(out, known);
}

std::array<std::uint64_t, EngineContainers::kStates> EngineContainers::by_state() const {
  std::array<std::uint64_t, kStates> counts{};
  for (const auto& [id, known] : known_) ++counts[std::size_t(known.now.status)];
  return counts;
}

}  // namespace hostmeter::source::runtime
