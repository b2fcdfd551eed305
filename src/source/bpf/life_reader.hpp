// Births and deaths of cgroups and processes, from bpf/life.bpf.c.
#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "hostmeter/flow/facts/cgroup_oom.hpp"
#include "source/bpf/life_events.hpp"
#include "source/bpf/life_object.hpp"
#include "source/cgroup/tree.hpp"
#include "source/host.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::bpf {

// Called after the tree, which it tells of what the kernel told. Final figures are sent once a
// cgroup is gone from all hierarchies; those of directories that it left before wait.
class LifeReader final : public Reader {
 public:
  struct Where {
    std::size_t counted;                // in which hierarchy processes are counted
    std::optional<std::size_t> memory;  // which one OOM kills are of
  };
  LifeReader(Host&, cgroup::Tree&, std::vector<LifeEvents::Hierarchy>, Where,
             std::unique_ptr<LifeTable>);

  void read(const Tick&, Output&) override;
  Mode mode() const override { return Mode::bpf; }

 private:
  struct Waiting {
    Subject subject;
    LifeFigures figures;
  };
  struct Killed {
    Subject subject;
    std::string comm;
    Instance instance = 0;
    Facts<CgroupOom> facts;
  };
  struct Sent {
    Subject subject;
    wire_life_processes counts{};
    bool is_sent = false;
  };

  void read_ends(Output&);
  void send_end(Output&, Subject, const LifeFigures&);
  void read_kills(const Tick&, Output&);
  void end_kills(Output&);
  std::optional<Subject> served(const cgroup::Cgroup*) const;
  const cgroup::Cgroup* departed(Subject) const;
  std::optional<Subject> victim_of(const OomKill&) const;
  void read_processes(const Tick&, Output&);
  void send_processes(const Tick&, Output&);
  void send_health(Output&);

  Host& host_;
  cgroup::Tree& tree_;
  Where where_;
  std::unique_ptr<LifeTable> table_;
  LifeEvents events_;
  InstanceSet maps_;
  std::unordered_map<std::uint32_t, Waiting> waiting_;  // by slot
  std::unordered_map<std::uint32_t, Killed> killed_;    // by slot
  std::vector<Instance> released_;           // kept for a tick: their last Records are under way
  std::vector<wire_life_processes> counts_;  // by slot, in this tick
  std::vector<Sent> sent_;                   // by slot
  std::uint64_t process_events_ = ~std::uint64_t{0};
  std::size_t rows_ = 0;
  LifeHealth health_;
};

struct MadeLife {
  std::unique_ptr<Reader> reader;
  std::optional<Error> lacks_cpu;  // why final CPU time is absent
};

// Loads and attaches the programs and has the tree follow them. The error says what is missing, and
// nothing is left behind in the kernel. What the reader refers to outlives it; the tree is not read
// once the reader is gone.
Result<MadeLife> make_life_reader(Host&, cgroup::Tree&, const cgroup::Hierarchies&,
                                  const LifeOptions&);

}  // namespace hostmeter::source::bpf
