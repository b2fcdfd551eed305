#include "source/bpf/walk_object.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/capabilities.hpp"
#include "hostmeter/wire/walk_setup.h"
#include "source/bpf/iterator_object.hpp"
#include "source/bpf/kernel_types.hpp"
#include "source/bpf/libbpf_log.hpp"
#include "source/bpf/mapped_array.hpp"
#include "source/bpf/rights.hpp"
#include "source/bpf/swap_counters.hpp"
#include "source/bpf/walk_flush.hpp"
#include "source/bpf/walk_setup.hpp"
#include "walk_cgroup.skel.h"
#include "walk_cgroup_plain.skel.h"
#include "walk_css.skel.h"
#include "walk_step.skel.h"

namespace hostmeter::source::bpf {
namespace {

constexpr unsigned kTornTries = 5;

template <auto bytes>
ObjectBytes object() {
  std::size_t size = 0;
  const void* data = bytes(&size);
  return {data, size};
}

// Of that rung, or why this kernel has none.
Result<ObjectBytes> choose_object(Rung rung, const KernelTypes& types) {
  const bool has_iterator = types.has_struct("bpf_iter__cgroup");
  const bool has_plain_loads = types.has_function("bpf_rdonly_cast");
  switch (rung) {
    case Rung::css_iterator:
      if (has_iterator && has_plain_loads && types.has_function("bpf_iter_css_new") &&
          types.has_tracepoint("cgroup_mkdir") && types.has_tracepoint("cgroup_rmdir"))
        return object<walk_css__elf_bytes>();
      return Error{ENOENT, "the kernel has no css iterator (6.7), or no cgroup tracepoints"};
    case Rung::cgroup_iterator:
      if (has_iterator && has_plain_loads) return object<walk_cgroup_plain__elf_bytes>();
      if (has_iterator) return object<walk_cgroup__elf_bytes>();
      return Error{ENOENT, "the kernel has no cgroup iterator (6.1)"};
    case Rung::stepper:
      if (types.has_struct("bpf_iter__bpf_map_elem")) return object<walk_step__elf_bytes>();
      return Error{ENOENT, "the kernel has no iterator over a map's elements (5.9)"};
  }
  std::abort();
}

class WalkObject final : public WalkTable {
 public:
  WalkObject(Rung rung, const std::optional<Error>& refused, base::Dir top)
      : top_(std::move(top)), way_{.rung = rung, .refused = refused} {}

  std::optional<Error> load(ObjectBytes bytes, const KernelTypes& types, const Host& host,
                            wire_walk_setup setup, const Options& options) {
    setup.start_fd = top_.fd();
    auto opened = IteratorObject::open(bytes);
    if (!opened) return opened.error();
    object_.emplace(std::move(*opened));
    if (const auto failure = object_->set_constants(&setup, sizeof setup)) return failure;
    const std::uint32_t cgroups = std::max(options.max_cgroups, 1U);
    object_->set_entries("walk_cgroups", cgroups);
    object_->set_entries("walk_changed", cgroups);
    if (way_.rung == Rung::css_iterator) {
      object_->set_entries("walk_known", cgroups);
      object_->set_entries("walk_asked", cgroups);
      object_->set_entries("walk_due", cgroups);
    }
    // Those that are being removed take a step, too.
    if (way_.rung == Rung::stepper) object_->set_entries("walk_steps", 2 * cgroups);
    if (const auto failure = object_->load(host.sys)) return failure;
    if (const auto failure = attach()) return failure;
    cgroups_ = {object_->map_fd("walk_cgroups"), cgroups, PROT_READ};
    state_ = {object_->map_fd(".bss"), 1, PROT_READ | PROT_WRITE};
    changed_ = {object_->map_fd("walk_changed"), cgroups, PROT_READ};
    if (way_.rung == Rung::css_iterator)
      asked_ = {object_->map_fd("walk_asked"), cgroups, PROT_READ | PROT_WRITE};
    if (!cgroups_ || !changed_ || !state_ || (way_.rung == Rung::css_iterator && !asked_))
      return Error{errno, "map a BPF array"};
    flush_.emplace(WalkFlush::choose(types, top_, host.sys, setup));
    way_.flush = flush_->kind();
    v2_ = setup.v2 != 0;
    const bool has_memory = (setup.controllers & WIRE_WALK_ON_MEMORY) != 0;
    has_swap_ = has_memory ? keeps_swap_counters(top_, v2_) : false;
    return {};
  }

  Result<WalkRows> walk(const Look& look) override {
    if (std::exchange(wanted_, look.wanted) != look.wanted) owes_all_ = true;
    for (bool is_second = false;; is_second = true) {
      if (const auto failure = flush_->flush()) return *failure;
      const Look all{look.wanted};
      if (const auto failure = walk_to_the_end(owes_all_ || is_second ? all : look))
        return *failure;
      const auto met = flush_->meet(cgroups());
      if (!met) return met.error();
      const bool found_swap = look_for_swap(cgroups());
      owes_all_ = found_swap;
      if ((found_swap || *met) && !is_second) continue;
      WalkRows rows = this->rows();
      rows.is_rearranged |= std::exchange(is_behind_, false);
      return rows;
    }
  }

  const WalkWay& way() const override { return way_; }

 private:
  std::optional<Error> attach() {
    switch (way_.rung) {
      case Rung::css_iterator:
        return object_->attach(top_.fd(), BPF_CGROUP_ITER_SELF_ONLY);
      case Rung::cgroup_iterator:
        return object_->attach(top_.fd(), BPF_CGROUP_ITER_DESCENDANTS_PRE);
      case Rung::stepper:
        return object_->attach("walk_steps");
    }
    std::abort();
  }

  wire_walk_state& state() const { return state_.values().front(); }

  // Whether it is known now, of the first cgroups with memory, and was not for this walk.
  bool look_for_swap(std::span<const wire_walk_cgroup> cgroups) {
    constexpr std::uint64_t kUsage = std::uint64_t{1} << WIRE_WALK_MEMORY_USAGE;
    if (has_swap_ || std::ranges::none_of(cgroups, [](const wire_walk_cgroup& cgroup) {
          return (cgroup.present & kUsage) != 0;
        }))
      return false;
    has_swap_ = keeps_swap_counters(top_, v2_);
    return has_swap_.value_or(false);
  }

  // What a walk finds changed, the next does not, whether anyone was told of it or not.
  std::optional<Error> walk_to_the_end(const Look& look) {
    for (unsigned tries = 0; tries < kTornTries; ++tries) {
      is_behind_ |= is_begun_;
      is_begun_ = true;
      state() = {};
      state().has_swap = has_swap_.value_or(false);
      state().wanted = wanted_;
      state().turn = look.turn;
      if (look.only) ask_for(*look.only);
      std::atomic_signal_fence(std::memory_order_seq_cst);
      if (const auto failure = object_->run()) return failure;
      std::atomic_signal_fence(std::memory_order_seq_cst);
      if (state().is_torn == 0) return {};
    }
    return Error{EAGAIN, "cgroups were removed faster than they could be walked"};
  }

  void ask_for(const std::vector<std::uint32_t>& places) const {
    const auto asked = asked_.values();
    if (places.size() > asked.size()) return;
    std::ranges::copy(places, asked.begin());
    state().is_partial = 1;
    state().asked = std::uint32_t(places.size());
  }

  std::span<const wire_walk_cgroup> cgroups() const {
    return cgroups_.values().first(state().cgroups);
  }

  WalkRows rows() {
    const wire_walk_state& found = state();
    // The stepper ran out of steps: how many were left, nobody knows.
    const std::uint64_t left = found.next != 0 ? 1 : 0;
    const bool resized = std::exchange(size_, found.cgroups) != found.cgroups;
    is_begun_ = false;
    return {.cgroups = cgroups(),
            .unseen = found.unseen + left,
            .changed = changed_.values().first(found.changed),
            .is_rearranged = resized || found.moved != 0};
  }

  const base::Dir top_;
  WalkWay way_;
  std::optional<IteratorObject> object_;
  MappedArray<const wire_walk_cgroup> cgroups_;
  MappedArray<const std::uint64_t> changed_;
  MappedArray<std::uint64_t> asked_;  // none: it looks at all
  MappedArray<wire_walk_state> state_;
  std::optional<WalkFlush> flush_;
  bool v2_ = false;
  std::uint64_t wanted_ = 0;      // in the last walk
  bool owes_all_ = true;          // to the next: no cgroup may wait for its turn
  std::optional<bool> has_swap_;  // not known before there are cgroups with memory
  std::size_t size_ = 0;          // of the walk last told of
  bool is_begun_ = false;         // a walk nobody has been told of yet
  bool is_behind_ = false;        // and another after it
};

// What a kernel and our rights must have on any rung.
std::optional<Error> walk_lacks(const KernelTypes& types) {
  if (!types.enumerator("CSS_ONLINE") || !types.has_member("cgroup", "subsys"))
    return Error{ENOENT, "the kernel's BTF does not describe cgroups"};
  if (!base::may(kLoadRights))
    return Error{EPERM, "needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN"};
  return {};
}

Result<std::unique_ptr<WalkTable>> load_best(std::span<const Rung> rungs, const Host& host,
                                             const cgroup::Hierarchy& hierarchy,
                                             const Options& options) {
  const LibbpfLog log(options.log);
  if (!host.live) return Error{EOPNOTSUPP, "a recorded host has no kernel to walk in"};
  const auto types = KernelTypes::load();
  if (!types) return types.error();
  if (const auto lacking = walk_lacks(*types)) return *lacking;
  const LoadRights rights;
  const wire_walk_setup setup = make_walk_setup(*types, host, hierarchy);
  std::optional<Error> failure, refused;
  for (const Rung rung : rungs) {
    const auto bytes = choose_object(rung, *types);
    if (!bytes) {
      failure = bytes.error();
      continue;
    }
    auto top = base::Dir::open_at(hierarchy.dir.fd(), ".");
    if (!top) return top.error();
    auto table = std::make_unique<WalkObject>(rung, refused, std::move(*top));
    failure = table->load(*bytes, *types, host, setup, options);
    if (!failure) return std::unique_ptr<WalkTable>(std::move(table));
    if (!refused) refused = failure;
  }
  return refused ? *refused : *failure;
}

}  // namespace

Result<std::unique_ptr<WalkTable>> load_walk(const Host& host, const cgroup::Hierarchy& hierarchy,
                                             const Options& options) {
  constexpr std::array kRungs{Rung::css_iterator, Rung::cgroup_iterator, Rung::stepper};
  return load_best(kRungs, host, hierarchy, options);
}

Result<std::unique_ptr<WalkTable>> load_walk_on(Rung rung, const Host& host,
                                                const cgroup::Hierarchy& hierarchy,
                                                const Options& options) {
  return load_best({&rung, 1}, host, hierarchy, options);
}

}  // namespace hostmeter::source::bpf
