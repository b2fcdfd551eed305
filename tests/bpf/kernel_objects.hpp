// What of this process is in the kernel, and whether it still is: others may load programs too.
#pragma once
#include <bpf/bpf.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace hostmeter::test {

class KernelObjects {
 public:
  // Of all descriptors of this process.
  static KernelObjects ours() {
    KernelObjects found;
    for (const auto& file : std::filesystem::directory_iterator("/proc/self/fdinfo")) {
      std::ifstream lines(file.path());
      std::string word;
      __u32 id = 0;
      while (lines >> word)
        for (const Kind& kind : kKinds)
          if (word == kind.word && lines >> id) found.all_.push_back({&kind, id});
    }
    std::sort(found.all_.begin(), found.all_.end());
    found.all_.erase(std::unique(found.all_.begin(), found.all_.end()), found.all_.end());
    return found;
  }
  std::size_t count(std::string_view word) const {
    return std::size_t(std::count_if(all_.begin(), all_.end(),
                                     [&](const auto& one) { return one.first->word == word; }));
  }
  // A descriptor of the first map of that name; -1: there is none.
  int map_named(std::string_view name) const {
    for (const auto& [kind, id] : all_) {
      if (kind->word != "map_id:") continue;
      const int fd = kind->open(id);
      bpf_map_info info{};
      __u32 length = sizeof info;
      if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &length) == 0 && name == info.name)
        return fd;
      if (fd >= 0) ::close(fd);
    }
    return -1;
  }
  // The kernel frees in its own time.
  bool are_gone() const {
    for (int tries = 0; tries < 100; ++tries) {
      if (std::none_of(all_.begin(), all_.end(), is_there)) return true;
      ::usleep(20'000);
    }
    return false;
  }

 private:
  struct Kind {
    std::string_view word;
    int (*open)(__u32 id);
  };
  static constexpr Kind kKinds[] = {{"prog_id:", bpf_prog_get_fd_by_id},
                                    {"map_id:", bpf_map_get_fd_by_id},
                                    {"link_id:", bpf_link_get_fd_by_id}};
  using Object = std::pair<const Kind*, __u32>;

  static bool is_there(const Object& object) {
    const int fd = object.first->open(object.second);
    if (fd < 0) return false;
    ::close(fd);
    return true;
  }
  std::vector<Object> all_;
};

}  // namespace hostmeter::test
