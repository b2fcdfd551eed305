// Tracepoint programs that stay loaded while they are detached: to attach them takes a fraction of
// what it takes to load them.
#pragma once
#include <bpf/bpf.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <vector>

#include "base/unique_fd.hpp"
#include "bpf_stats.hpp"

namespace hostmeter::bench {

// What is there while a load runs.
using Loaded = std::shared_ptr<void>;

class KeptPrograms {
 public:
  // load: loads them, and holds them as long as what it returns lives; null: there are none.
  explicit KeptPrograms(const std::function<Loaded()>& load) {
    const std::set<std::uint32_t> before = held_programs();
    const Loaded loaded = load();
    for (const std::uint32_t id : held_programs()) {
      if (before.contains(id)) continue;
      programs_.emplace_back(bpf_prog_get_fd_by_id(id));
      if (!programs_.back()) throw std::runtime_error("a program that was loaded is not to be had");
    }
    if (loaded && programs_.empty())
      throw std::runtime_error("programs that were loaded are not in /proc/self/fdinfo");
  }

  // For as long as what is returned lives.
  Loaded attach() const {
    auto links = std::make_shared<std::vector<base::UniqueFd>>();
    for (const base::UniqueFd& program : programs_) {
      links->emplace_back(bpf_raw_tracepoint_open(nullptr, program.get()));
      if (!links->back()) throw std::runtime_error("a program was not attached again");
    }
    return links;
  }

 private:
  std::vector<base::UniqueFd> programs_;
};

}  // namespace hostmeter::bench
