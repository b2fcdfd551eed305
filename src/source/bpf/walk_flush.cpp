#include "source/bpf/walk_flush.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <string>

#include "flush_cgroup.skel.h"
#include "flush_css.skel.h"
#include "flush_memory.skel.h"

namespace hostmeter::source::bpf {
namespace {

// A controller may be switched on later, and its files appear.
constexpr unsigned kReopenEach = 60;

template <auto bytes>
ObjectBytes object() {
  std::size_t size = 0;
  const void* data = bytes(&size);
  return {data, size};
}

// One byte of it costs the kernel the whole file.
std::optional<Error> read(const base::UniqueFd& file) {
  char byte = 0;
  if (!file || ::pread(file.get(), &byte, 1, 0) >= 0 || errno == ENODEV) return {};
  return Error{errno, "read a file that flushes the cgroup's counters"};
}

// The top itself where it is not the root.
bool is_part(const wire_walk_cgroup& cgroup, const wire_walk_cgroup& top) {
  return top.level == 0 ? cgroup.level == 1 : cgroup.id == top.id;
}

// The subdirectories by the kernfs id of their cgroups, and the directory itself as ".".
Result<std::map<std::uint64_t, std::string>> directories(const base::Dir& top) {
  auto names = top.subdirectories();
  if (!names) return names.error();
  names->emplace_back(".");
  std::map<std::uint64_t, std::string> found;
  for (std::string& name : *names) {
    struct stat status {};
    if (::fstatat(top.fd(), name.c_str(), &status, 0) == 0)
      found.emplace(status.st_ino, std::move(name));
  }
  return found;
}

}  // namespace

WalkFlush WalkFlush::choose(const KernelTypes& types, const base::Dir& top, const base::Dir& sys,
                            const wire_walk_setup& setup) {
  WalkFlush chosen(top);
  chosen.plan(types, sys, setup);
  return chosen;
}

// Whether a program may call a function is known only when it is loaded: BTF has every function.
void WalkFlush::plan(const KernelTypes& types, const base::Dir& sys, const wire_walk_setup& setup) {
  // Until 5.13 (2d146aa3aa84) memory was summed up as it was counted.
  const bool has_memory =
      (setup.controllers & WIRE_WALK_ON_MEMORY) != 0 && types.has_struct("memcg_vmstats");
  if (!setup.v2 && !has_memory) return;
  const bool has_iterator = types.has_struct("bpf_iter__cgroup");
  const auto may_call = [&](const char* function) {
    return has_iterator && types.has_function(function);
  };
  // Until 6.16 (5da3bfa029d6) all controllers are flushed at once.
  if (types.has_member("cgroup", "rstat_cpu")) {
    if (may_call("cgroup_rstat_flush") && add_program(object<flush_cgroup__elf_bytes>(), sys))
      return;
    if (setup.v2) {
      names_.push_back("cpu.stat");
      return;
    }
  }
  if (setup.v2 &&
      !(may_call("css_rstat_flush") && add_program(object<flush_css__elf_bytes>(), sys)))
    names_.push_back("cpu.stat");
  if (has_memory && !(may_call("bpf_mem_cgroup_flush_stats") &&
                      add_program(object<flush_memory__elf_bytes>(), sys)))
    memory_stat_ = base::UniqueFd(::openat(top_->fd(), "memory.stat", O_RDONLY | O_CLOEXEC));
}

Flush WalkFlush::kind() const {
  const bool reads = memory_stat_ || !names_.empty();
  if (programs_.empty()) return reads ? Flush::files : Flush::none;
  return reads ? Flush::programs_and_files : Flush::programs;
}

bool WalkFlush::add_program(ObjectBytes bytes, const base::Dir& sys) {
  auto program = IteratorObject::open(bytes);
  if (!program || program->load(sys) || program->attach(top_->fd(), BPF_CGROUP_ITER_SELF_ONLY))
    return false;
  programs_.push_back(std::move(*program));
  return true;
}

std::optional<Error> WalkFlush::flush() {
  for (IteratorObject& program : programs_)
    if (const auto failure = program.run()) return failure;
  if (const auto failure = read(memory_stat_)) return failure;
  ++flushes_;
  for (const Part& part : parts_)
    for (const base::UniqueFd& file : part.files)
      if (const auto failure = read(file)) return failure;
  return {};
}

bool WalkFlush::is_known(std::span<const wire_walk_cgroup> cgroups) const {
  auto part = parts_.begin();
  for (const wire_walk_cgroup& cgroup : cgroups) {
    if (!is_part(cgroup, cgroups.front())) continue;
    if (part == parts_.end() || part->id != cgroup.id) return false;
    ++part;
  }
  return part == parts_.end();
}

Result<bool> WalkFlush::meet(std::span<const wire_walk_cgroup> cgroups) {
  if (names_.empty()) return false;
  if (is_known(cgroups) && flushes_ % kReopenEach != 0) return false;
  const std::vector<std::uint64_t> before = [&] {
    std::vector<std::uint64_t> ids;
    for (const Part& part : parts_) ids.push_back(part.id);
    return ids;
  }();
  if (const auto failure = reopen(cgroups)) return *failure;
  return std::ranges::any_of(
      parts_, [&](const Part& part) { return std::ranges::find(before, part.id) == before.end(); });
}

std::optional<Error> WalkFlush::reopen(std::span<const wire_walk_cgroup> cgroups) {
  const auto names = directories(*top_);
  if (!names) return names.error();
  std::vector<Part> parts;
  for (const wire_walk_cgroup& cgroup : cgroups) {
    if (!is_part(cgroup, cgroups.front())) continue;
    const auto old = std::ranges::find(parts_, cgroup.id, &Part::id);
    Part part{cgroup.id, {}};
    if (old != parts_.end()) part.files = std::move(old->files);
    part.files.resize(names_.size());
    const auto name = names->find(cgroup.id);
    if (name == names->end()) continue;  // removed meanwhile
    const auto dir = base::Dir::open_at(top_->fd(), name->second.c_str());
    if (!dir) continue;
    if (const auto failure = open(part, dir->fd())) return failure;
    parts.push_back(std::move(part));
  }
  parts_ = std::move(parts);
  return {};
}

std::optional<Error> WalkFlush::open(Part& part, int dir_fd) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (part.files[i]) continue;
    const int file = ::openat(dir_fd, names_[i], O_RDONLY | O_CLOEXEC);
    if (file < 0 && errno != ENOENT && errno != ENODEV)
      return Error{errno, "open a file that flushes the cgroup's counters"};
    part.files[i] = base::UniqueFd(file);
    if (const auto failure = read(part.files[i])) return failure;
  }
  return {};
}

}  // namespace hostmeter::source::bpf
