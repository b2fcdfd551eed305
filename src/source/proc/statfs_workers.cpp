#include "source/proc/statfs_workers.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/kernel_file.hpp"
#include "base/open_file.hpp"
#include "hostmeter/base/text.hpp"
#include "source/proc/mountinfo.hpp"

namespace hostmeter::source::proc {
namespace {

// Two missed intervals are a slow neighbour, four are nobody asking.
constexpr std::uint64_t kStaleIntervals = 4;

// Of our own process, whichever host is read: its descriptors and its mounts.
std::uint64_t mount_id_of(int fd) {
  std::array<char, 48> path{};
  std::snprintf(path.data(), path.size(), "/proc/thread-self/fdinfo/%d", fd);
  base::Buffer buffer(1024);
  const auto text = base::read_once(AT_FDCWD, path.data(), buffer);
  for (Text rest(text ? *text : std::string_view()); !rest.empty();) {
    Text line = rest.line();
    if (line.word() == "mnt_id:") return line.number().value_or(0);
  }
  return 0;
}

// From the inode in memory: a server that is dead is not asked here.
Result<StatfsAnswer::Place> place_of(int fd) {
  struct statx status {};
  if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, 0, &status) != 0)
    return Error{errno, "statfs: stat"};
  StatfsAnswer::Place place{device_number(status.stx_dev_major, status.stx_dev_minor)};
  // Only filesystems without a disk's number give their files others than their own.
  if (status.stx_dev_major == 0) place.mount_id = mount_id_of(fd);
  return place;
}

// Whether what lay at the path is of the filesystem that was asked about.
bool is_of(const StatfsAnswer::Place& place, std::uint64_t device) {
  if (place.device == device) return true;
  if (place.mount_id == 0) return false;
  base::Buffer buffer;
  const auto mounts = base::read_once(AT_FDCWD, "/proc/thread-self/mountinfo", buffer);
  return mounts && device_of_mount(*mounts, place.mount_id) == device;
}

Result<StatfsAnswer> checked(const Result<StatfsAnswer>& answer, std::uint64_t device) {
  if (!answer || !answer->place || is_of(*answer->place, device)) return answer;
  return Error{StatfsWorkers::kElsewhere, "statfs: another filesystem"};
}

}  // namespace

Result<StatfsAnswer> statfs_below(const base::Dir& root, const char* path) {
  while (*path == '/') ++path;
  const base::UniqueFd place =
      base::open_file(root.fd(), *path == '\0' ? "." : path, O_PATH | O_NOFOLLOW);
  if (!place) return Error{errno, "statfs: open"};
  const auto seen = place_of(place.get());
  if (!seen) return seen.error();
  struct statfs raw {};
  if (::fstatfs(place.get(), &raw) != 0) return Error{errno, "statfs"};
  // Counted in fragments; FUSE filesystems do have blocks of another size.
  const auto unit = std::uint64_t(raw.f_frsize > 0 ? raw.f_frsize : raw.f_bsize);
  const auto size = scaled(raw.f_blocks, unit), free = scaled(raw.f_bfree, unit),
             avail = scaled(raw.f_bavail, unit);
  if (!size || !free || !avail) return Error{EOVERFLOW, "statfs: size"};
  return StatfsAnswer{*size, *free, *avail, raw.f_files, raw.f_ffree, *seen};
}

void StatfsWorkers::set_mounts(const std::vector<Mount>& mounts) {
  const std::lock_guard hold(lock_);
  std::vector<Entry> fresh;
  fresh.reserve(mounts.size());
  auto next = entries_.begin();  // both lists are in the kernel's order: mostly the next one fits
  for (const Mount& mount : mounts) {
    const auto is_same = [&](const Entry& entry) {
      return entry.mount.path == mount.path && entry.mount.device == mount.device;
    };
    auto same = std::find_if(next, entries_.end(), is_same);
    if (same == entries_.end()) same = std::find_if(entries_.begin(), next, is_same);
    if (same == entries_.end() || !is_same(*same)) {
      fresh.push_back({.mount = mount, .serial = ++serials_, .due_ns = now_ns_});
      continue;
    }
    fresh.push_back(std::move(*same));
    next = same + 1;
  }
  entries_ = std::move(fresh);
  changed_ = true;
}

bool StatfsWorkers::tick(std::uint64_t monotonic_ns) {
  const std::lock_guard hold(lock_);
  now_ns_ = monotonic_ns;
  for (Question& question : questions_) {
    if (question.given_up || now_ns_ - question.since_ns < options_.limit_ns) continue;
    question.given_up = true;
    --working_;
    ++stuck_;
  }
  for (Entry& entry : entries_) {
    const State state = state_of(entry);
    if (state == entry.shown) continue;
    entry.shown = state;
    changed_ = true;
  }
  if (next_due()) wake_.notify_one();
  return std::exchange(changed_, false);
}

void StatfsWorkers::look(std::vector<Seen>& into) const {
  const std::lock_guard hold(lock_);
  into.clear();
  for (const Entry& entry : entries_) {
    into.push_back(entry.last);
    into.back().state = state_of(entry);
  }
}

bool StatfsWorkers::start_one() {
  const std::lock_guard hold(lock_);
  if (stopping_ || working_ > 0 || stuck_ >= options_.most_stuck) return false;
  ++working_;
  return true;
}

void StatfsWorkers::start_failed() {
  const std::lock_guard hold(lock_);
  --working_;
}

void StatfsWorkers::run() {
  std::string path;
  std::unique_lock hold(lock_);
  while (true) {
    wake_.wait(hold, [this] { return stopping_ || next_due() != nullptr; });
    if (stopping_) break;
    const Entry* const entry = next_due();
    const std::uint64_t serial = entry->serial, device = entry->mount.device;
    path = entry->mount.path;
    questions_.push_back({serial, device, now_ns_, false});
    hold.unlock();
    const auto answer = checked(ask_(path.c_str()), device);
    hold.lock();
    if (!finish(serial, answer)) return;
  }
  --working_;
}

void StatfsWorkers::stop() {
  const std::lock_guard hold(lock_);
  stopping_ = true;
  wake_.notify_all();
}

bool StatfsWorkers::settled() const {
  const std::scoped_lock lock(lock_);
  return std::none_of(entries_.begin(), entries_.end(),
                      [&](const Entry& entry) { return state_of(entry) == State::unknown; });
}

unsigned StatfsWorkers::stuck() const {
  const std::lock_guard hold(lock_);
  return stuck_;
}

// The one that has waited longest, of those whose filesystem nobody is waiting for already.
StatfsWorkers::Entry* StatfsWorkers::next_due() {
  Entry* next = nullptr;
  for (Entry& entry : entries_) {
    if (entry.due_ns > now_ns_ || (next && next->due_ns <= entry.due_ns)) continue;
    if (!is_asked(entry.mount.device)) next = &entry;
  }
  return next;
}

StatfsWorkers::State StatfsWorkers::state_of(const Entry& entry) const {
  if (is_hung(entry.mount.device)) return State::hung;
  if (entry.last.state == State::unknown) return State::unknown;
  const std::uint64_t longest = kStaleIntervals * options_.interval_ns + options_.limit_ns;
  return now_ns_ - entry.answered_ns > longest ? State::stale : entry.last.state;
}

bool StatfsWorkers::is_asked(std::uint64_t device) const {
  return std::any_of(questions_.begin(), questions_.end(),
                     [&](const Question& question) { return question.device == device; });
}

bool StatfsWorkers::is_hung(std::uint64_t device) const {
  return std::any_of(questions_.begin(), questions_.end(), [&](const Question& question) {
    return question.device == device && question.given_up;
  });
}

// Whether the thread goes on.
bool StatfsWorkers::finish(std::uint64_t serial, const Result<StatfsAnswer>& answer) {
  const auto asked =
      std::find_if(questions_.begin(), questions_.end(),
                   [&](const Question& question) { return question.serial == serial; });
  const bool given_up = asked->given_up;
  questions_.erase(asked);
  for (Entry& entry : entries_) {
    if (entry.serial != serial) continue;
    entry.answered_ns = now_ns_;
    entry.due_ns = now_ns_ + options_.interval_ns;
    entry.last =
        answer ? Seen{State::answered, 0, *answer} : Seen{State::refused, answer.error().code, {}};
    changed_ = true;
  }
  if (!given_up) return true;
  --stuck_;
  if (working_ > 0) return false;
  ++working_;
  return true;
}

}  // namespace hostmeter::source::proc
