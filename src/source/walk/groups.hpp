// The value groups of a cgroup, from its rows in the walks: the same fields, in the same meaning,
// as the readers of files in source/cgroup.
#pragma once
#include <array>
#include <span>

#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/cgroup_pids.hpp"
#include "hostmeter/flow/facts/cgroup_pressure.hpp"
#include "hostmeter/flow/facts/cgroup_spec.hpp"
#include "source/cgroup/activity.hpp"
#include "source/cgroup/cpu_time.hpp"
#include "source/walk/self_check.hpp"
#include "source/walk/walks.hpp"

namespace hostmeter::source::walk {

// A group names its field enum, its reader, which rows and fields it is made of, and the columns
// that are compared with files; Memory is what it remembers of each cgroup.
struct Nothing {};

class CpuGroup {
 public:
  using Field = CgroupCpu;
  struct Memory {
    cgroup::CpuSplit split;
  };
  static constexpr std::string_view kName = "cgroup_cpu";
  static const std::array<Source, 2> kSources;
  static const std::span<const Column<Field>> kColumns;

  explicit CpuGroup(cgroup::Activity& activity) : activity_(activity) {}
  Facts<Field> facts(Subject, std::span<const Row> rows, Memory&);

  // A cgroup that changes between files and walk: what one said last the other does not go below.
  void begin(Subject, Memory&) const;
  void end(Subject, const Memory&);
  void from_files(Record&);

 private:
  struct Shown {
    Subject subject{0, ~0U};
    cgroup::CpuSplit split;
  };
  Shown& shown(Subject);

  cgroup::Activity& activity_;
  std::vector<Shown> shown_;  // by slot
};

// Groups whose figures come from the same counters in either way need no care in between.
struct PlainGroup {
  using Memory = Nothing;
  static void begin(Subject, Memory&) {}
  static void end(Subject, const Memory&) {}
  static void from_files(Record&) {}
};

struct MemoryGroup : PlainGroup {
  using Field = CgroupMemory;
  static constexpr std::string_view kName = "cgroup_memory";
  static const std::array<Source, 1> kSources;
  static const std::span<const Column<Field>> kColumns;
  static Facts<Field> facts(Subject, std::span<const Row> rows, Memory&);
};

class PidsGroup {
 public:
  using Field = CgroupPids;
  struct Memory {
    bool is_walked = false;  // its figures are the walk's, at every tick
  };
  static constexpr std::string_view kName = "cgroup_pids";
  static const std::array<Source, 2> kSources;
  static const std::span<const Column<Field>> kColumns;

  explicit PidsGroup(cgroup::Activity& activity) : activity_(activity) {}
  Facts<Field> facts(Subject, std::span<const Row> rows, Memory&);
  static void begin(Subject, Memory& memory) { memory.is_walked = true; }
  void end(Subject subject, const Memory&) { activity_.set_tasks(subject, {}); }
  static void from_files(Record&) {}

 private:
  cgroup::Activity& activity_;
};

struct PressureGroup : PlainGroup {
  using Field = CgroupPressure;
  static constexpr std::string_view kName = "cgroup_pressure";
  static const std::array<Source, 1> kSources;
  static const std::span<const Column<Field>> kColumns;
  static Facts<Field> facts(Subject, std::span<const Row> rows, Memory&);
};

struct SpecGroup : PlainGroup {
  using Field = CgroupSpec;
  static constexpr std::string_view kName = "cgroup_spec";
  static const std::array<Source, 2> kSources;
  static const std::span<const Column<Field>> kColumns;
  static Facts<Field> facts(Subject, std::span<const Row> rows, Memory&);
};

}  // namespace hostmeter::source::walk
