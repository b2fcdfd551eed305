#include "source/cgroup/file_cache.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <utility>

namespace hostmeter::source::cgroup {
namespace {

// Three fifths of what this process may open: the rest is for scrapes, watches and BPF.
std::size_t affordable(std::size_t wanted) {
  rlimit most{};
  if (::getrlimit(RLIMIT_NOFILE, &most) != 0) return wanted;
  return std::min(wanted, std::size_t(most.rlim_cur / 5 * 3));
}

bool is_absent(const Error& error) {
  return is_gone(error) || error.code == EOPNOTSUPP;
}

}  // namespace

FileCache::FileCache(const Hierarchies& hierarchies, const Inventory& inventory,
                     base::Buffer& buffer, const Options& options)
    : hierarchies_(hierarchies),
      inventory_(inventory),
      buffer_(buffer),
      unified_(hierarchies.unified()),
      limit_(affordable(options.max_open_files)) {
  for (std::size_t i = 0; i < kControllers; ++i) of_[i] = hierarchies.of(Controller(i));
}

void FileCache::File::close() {
  if (!kept_) return;
  kept_ = {};
  std::vector<File*>& all = cache_->kept_;
  all[index_] = all.back();
  all[index_]->index_ = index_;
  all.pop_back();
}

void FileCache::File::stand_for(std::size_t hierarchy) {
  if (hierarchy_ == hierarchy) return;
  close();
  wait_ = last_wait_ = 0;
  hierarchy_ = std::uint8_t(hierarchy);
}

void FileCache::File::absent(std::uint8_t most) {
  wait_ = last_wait_ = std::min(most, std::uint8_t(last_wait_ == 0 ? 1 : last_wait_ * 2));
}

bool FileCache::File::skips() {
  if (wait_ == 0) return false;
  --wait_;
  return true;
}

std::uint8_t FileCache::File::use(std::uint32_t now) const {
  const std::uint32_t ticks = now - read_at_, lost = ticks > 1 ? 2 * std::min(ticks - 1, 255U) : 0;
  return use_ > lost ? std::uint8_t(use_ - lost) : std::uint8_t{0};
}

void FileCache::File::count_use(std::uint32_t now) {
  use_ = use(now);
  if (now - read_at_ == 1 && use_ < kMostUse) ++use_;
  read_at_ = now;
}

std::optional<Where> FileCache::where(Controller controller, const Cgroup& cgroup) const {
  const auto own = of_[std::size_t(controller)];
  if (own && own != unified_ && cgroup.kernfs_id[*own] != 0) return Where{*own, false};
  return unified(cgroup);
}

std::optional<Where> FileCache::unified(const Cgroup& cgroup) const {
  if (!unified_ || cgroup.kernfs_id[*unified_] == 0) return {};
  return Where{*unified_, true};
}

Result<base::KernelFile> FileCache::open(const Cgroup& cgroup, std::size_t hierarchy,
                                         std::string_view name) {
  if (!path_.set(cgroup.path, name)) return Error{ENAMETOOLONG, "cgroup path"};
  return base::KernelFile::open_at(hierarchies_.all()[hierarchy].dir.fd(), path_.c_str());
}

Result<std::string_view> FileCache::read_hot(File& file, const Cgroup& cgroup,
                                             std::size_t hierarchy, std::string_view name) {
  file.stand_for(hierarchy);
  file.count_use(now());
  base::KernelFile unkept;
  if (!file.kept_) {
    if (file.skips()) return Error{ENOENT, "absent cgroup file"};
    auto opened = open(cgroup, hierarchy, name);
    if (!opened) {
      if (is_absent(opened.error())) file.absent(kRetryReads);
      return opened.error();
    }
    if (!keep(file, *opened)) unkept = std::move(*opened);
  }
  auto text = (file.kept_ ? file.kept_ : unkept).read_single(buffer_);
  if (text) {
    file.last_wait_ = 0;
  } else if (is_absent(text.error())) {
    file.close();
    file.absent(kRetryReads);
  }
  return text;
}

bool FileCache::keep(File& file, base::KernelFile& opened) {
  if (kept_.size() >= limit_ && (file.use_ < kSomeUse || !give_up_useless(now()))) return false;
  file.kept_ = std::move(opened);
  file.cache_ = this;
  file.index_ = std::uint32_t(kept_.size());
  kept_.push_back(&file);
  return true;
}

bool FileCache::give_up_useless(std::uint32_t now) {
  if (std::exchange(steps_tick_, now) != now) steps_ = kSteps;
  for (; steps_ > 0 && !kept_.empty(); --steps_) {
    if (hand_ >= kept_.size()) hand_ = 0;
    File& file = *kept_[hand_++];
    if (file.use(now) > 0) continue;
    file.close();
    return true;
  }
  return false;
}

Result<std::string_view> FileCache::read_slow(File& file, const Cgroup& cgroup,
                                              std::size_t hierarchy, std::string_view name) {
  file.stand_for(hierarchy);
  file.count_use(now());
  if (file.skips()) return Error{ENOENT, "absent cgroup file"};
  auto text = read_cold(cgroup, hierarchy, name);
  if (text)
    file.last_wait_ = 0;
  else if (is_absent(text.error()))
    file.absent(kRetryReadsSlow);
  return text;
}

Result<std::string_view> FileCache::read_cold(const Cgroup& cgroup, std::size_t hierarchy,
                                              std::string_view name) {
  const auto opened = open(cgroup, hierarchy, name);
  if (!opened) return opened.error();
  return opened->read_single(buffer_);
}

}  // namespace hostmeter::source::cgroup
