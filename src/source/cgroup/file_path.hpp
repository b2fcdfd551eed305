// The path of a cgroup's file, below its hierarchy's directory.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace hostmeter::source::cgroup {

// "docker/0123…/memory.stat", put together in place: no tick allocates for it.
class FilePath {
 public:
  // False when it is longer than the kernel takes. cgroup: begins with a slash.
  bool set(std::string_view cgroup, std::string_view name) {
    cgroup.remove_prefix(1);
    if (cgroup.size() + name.size() + 2 > text_.size()) return false;
    char* end = text_.data() + cgroup.copy(text_.data(), cgroup.size());
    if (!cgroup.empty()) *end++ = '/';
    end[name.copy(end, name.size())] = '\0';
    return true;
  }
  const char* c_str() const { return text_.data(); }

 private:
  std::array<char, 4096 + 256> text_;
};

}  // namespace hostmeter::source::cgroup
