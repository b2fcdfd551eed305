// Which container lives in which network namespace.
#include "source/net/residents.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/capabilities.hpp"

namespace hostmeter::source::net {
namespace {

// Directories get ascending numbers; of which hierarchy does not matter as long as all use one
// that they share, and the first that has a container has them all.
std::uint64_t age_order(const cgroup::Cgroup& cgroup) {
  for (const std::uint64_t id : cgroup.kernfs_id)
    if (id != 0) return id;
  return ~std::uint64_t{0};
}

}  // namespace

bool Residents::update(std::uint64_t round) {
  error_ = {};
  // Where a process of another lives is told to who may trace it; raised once for all of a round.
  std::optional<base::Raised> rights;
  const auto raise = [&] {
    if (!rights) rights.emplace(base::CapabilitySet{CAP_SYS_PTRACE});
  };
  if (host_netns_ == 0) {
    raise();
    const auto inode = netns_of_host(host_);
    if (!inode) {
      error_ = inode.error();
      return false;
    }
    host_netns_ = *inode;
  }
  const auto cgroups = inventory_.slots();
  bool changed = false;
  for (std::size_t slot = cgroups.size(); slot < slots_.size(); ++slot)
    changed |= slots_[slot].subject != kHost;
  slots_.resize(cgroups.size());
  doubted_.resize(cgroups.size());
  const Turn turn = whose_turn(round);
  for (std::size_t slot = turn.first; slot < cgroups.size(); slot += turn.step) {
    const cgroup::Cgroup* cgroup = cgroups[slot];
    Resident& resident = slots_[slot];
    if (!cgroup || cgroup->identity.kind != CgroupKind::container ||
        !inventory_.is_served(*cgroup)) {
      changed |= resident.subject != kHost;
      resident = {};
      continue;
    }
    if (resident.subject != cgroup->subject) {
      resident = {.subject = cgroup->subject, .order = age_order(*cgroup), .since = round};
      young_until_ = round + kYoung;
      changed = true;
    } else if (!is_due(resident, slot, round) && !doubted_[slot]) {
      continue;
    }
    doubted_[slot] = false;
    raise();
    if (!locate(*cgroup, resident)) continue;
    resident.moved = round;
    changed = true;
  }
  return changed;
}

// All, after someone came or went, or a tick was missed in which they may have, and while one is
// young or in doubt; else those who may be due.
Residents::Turn Residents::whose_turn(std::uint64_t round) {
  const bool follows = inventory_.tick() == std::exchange(tick_, inventory_.tick()) + 1;
  const bool all = !follows || !inventory_.born().empty() || !inventory_.gone().empty() ||
                   round < young_until_ || std::exchange(any_doubted_, false);
  if (all) return {1, 1};
  return {std::size_t(kCheck - round % kCheck), std::size_t(kCheck)};
}

// A runtime moves a container right after its start; one that stays where it is for long is asked
// seldom. Of one in a netns of its own it is noticed, too, when that is no longer there.
bool Residents::is_due(const Resident& resident, std::size_t slot, std::uint64_t round) const {
  static_assert(kSettled % kCheck == 0 && kIdle % kSettled == 0);
  if (round < resident.since + kYoung) return true;
  if ((round + slot) % kCheck != 0) return false;
  const bool settled = resident.netns != 0 && round >= resident.moved + kSettled;
  if (settled && (round + slot) % kSettled != 0) return false;
  return (round + slot) % kIdle == 0 || !is_idle(resident);
}

bool Residents::is_idle(const Resident& resident) const {
  return resident.netns != 0 && activity_ && resident.usage_ns && resident.tasks &&
         activity_->usage_ns(resident.subject) == resident.usage_ns &&
         activity_->tasks(resident.subject) == resident.tasks;
}

// The process may be gone between the two questions: then there is one more try.
bool Residents::locate(const cgroup::Cgroup& cgroup, Resident& resident) {
  if (activity_) {
    resident.usage_ns = activity_->usage_ns(resident.subject);
    resident.tasks = activity_->tasks(resident.subject);
  }
  NetnsInode netns = 0;
  int pid = 0;
  for (int attempt = 0; attempt < 2 && netns == 0; ++attempt) {
    pid = inventory_.first_pid(cgroup);
    if (pid <= 0) break;
    const auto inode = netns_of_process(host_.proc, pid);
    refused_ = !inode && (inode.error().code == EACCES || inode.error().code == EPERM);
    if (inode)
      netns = *inode;
    else if (!is_gone(inode.error()))
      error_ = inode.error();
  }
  if (netns == 0) pid = 0;
  const bool moved = resident.netns != netns || resident.pid != pid;
  resident.netns = netns;
  resident.pid = pid;
  return moved;
}

}  // namespace hostmeter::source::net
