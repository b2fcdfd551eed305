#include "source/cgroup/file_cache.hpp"

#include <sys/resource.h>

#include <algorithm>

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

FileCache::FileCache(const Hierarchies& hierarchies, base::Buffer& buffer, const Options& options)
    : hierarchies_(hierarchies),
      buffer_(buffer),
      unified_(hierarchies.unified()),
      limit_(affordable(options.max_open_files)) {
  for (std::size_t i = 0; i < kControllers; ++i) of_[i] = hierarchies.of(Controller(i));
}

void FileCache::File::close() {
  if (!kept_) return;
  kept_ = {};
  --*count_;
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
  if (!file.kept_ && kept_ >= limit_) return read_slow(file, cgroup, hierarchy, name);
  if (!file.kept_) {
    if (file.skips()) return Error{ENOENT, "absent cgroup file"};
    auto opened = open(cgroup, hierarchy, name);
    if (!opened) {
      if (is_absent(opened.error())) file.absent(kRetryReads);
      return opened.error();
    }
    file.kept_ = std::move(*opened);
    file.count_ = &kept_;
    ++kept_;
  }
  auto text = file.kept_.read_single(buffer_);
  if (text) {
    file.last_wait_ = 0;
  } else if (is_absent(text.error())) {
    file.close();
    file.absent(kRetryReads);
  }
  return text;
}

Result<std::string_view> FileCache::read_slow(File& file, const Cgroup& cgroup,
                                              std::size_t hierarchy, std::string_view name) {
  file.stand_for(hierarchy);
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
