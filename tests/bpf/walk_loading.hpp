// Walks of the running kernel, and what is in their rows.
#pragma once
#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "source/bpf/walk_object.hpp"
#include "source/cgroup/hierarchies.hpp"

namespace hostmeter::test::walks {

using namespace source::bpf;
using source::cgroup::Hierarchy;

constexpr std::array kRungs{Rung::css_iterator, Rung::cgroup_iterator, Rung::stepper};

inline source::Host& live_host() {
  static source::Host host = [] {
    source::Host live;
    live.root = std::move(*base::Dir::open("/"));
    live.proc = std::move(*base::Dir::open("/proc"));
    live.sys = std::move(*base::Dir::open("/sys"));
    return live;
  }();
  return host;
}

inline const source::cgroup::Hierarchies& hierarchies() {
  static const auto found = source::cgroup::Hierarchies::discover(live_host());
  return found;
}

// Some machines refuse all programs of its kind, before the verifier has looked at one, and let
// those of better rungs load.
inline bool is_refused_here(Rung rung, const Hierarchy& hierarchy, std::string_view said) {
  return rung == Rung::stepper && said.find("processed 0 insns") != said.npos &&
         load_walk_on(Rung::cgroup_iterator, live_host(), hierarchy, {});
}

// What no kernel of that rung lacks must load; others say that they lack it.
inline std::unique_ptr<WalkTable> load(Rung rung, const Hierarchy& hierarchy,
                                       Options options = {}) {
  std::string said;  // by the verifier
  options.log = [&](std::string_view line) { said.append(line).append("\n"); };
  auto table = load_walk_on(rung, live_host(), hierarchy, options);
  if (table) return std::move(*table);
  if (is_refused_here(rung, hierarchy, said)) {
    MESSAGE("SKIPPED: " << to_string(rung) << ": this machine refuses such programs");
    return nullptr;
  }
  MESSAGE(to_string(rung) << ": " << table.error().what);
  if (table.error().code != ENOENT) FAIL(said);
  return nullptr;
}

inline const wire_walk_cgroup* find(const WalkRows& rows, std::uint64_t id) {
  for (const wire_walk_cgroup& cgroup : rows.cgroups)
    if (cgroup.id == id) return &cgroup;
  return nullptr;
}

inline std::optional<std::uint64_t> value(const wire_walk_cgroup& cgroup, wire_walk_field field) {
  if ((cgroup.present >> field & 1) == 0) return {};
  return cgroup.value[field];
}

inline const Hierarchy& any_hierarchy() {
  return hierarchies().all().front();
}

}  // namespace hostmeter::test::walks
