#include "source/walk/groups.hpp"

#include "source/cgroup/spec.hpp"

namespace hostmeter::source::walk {
namespace {

constexpr std::uint64_t bits(std::initializer_list<unsigned> fields) {
  std::uint64_t mask = 0;
  for (const unsigned field : fields) mask |= bit(field);
  return mask;
}

// Which field of a row is which field of a group.
template <class Field>
struct Same {
  unsigned walk;
  Field field;
};
template <class Field, std::size_t N>
void copy(const Row& row, const Same<Field> (&fields)[N], Facts<Field>& facts) {
  for (const Same<Field>& same : fields) facts.set(same.field, row.get(same.walk));
}

// v2's files have times in whole us: with more digits in the walk a counter would go back when its
// cgroup is read from files again.
constexpr std::uint64_t as_in_file(std::uint64_t ns, bool v2) {
  return v2 ? ns - ns % 1000 : ns;
}
std::optional<std::uint64_t> time_of(const Row& row, unsigned field) {
  const auto ns = row.get(field);
  return ns ? std::optional(as_in_file(*ns, row.v2)) : ns;
}

constexpr std::uint64_t kMemoryFields =
    bits({WIRE_WALK_MEMORY_USAGE,    WIRE_WALK_MEMORY_PEAK,   WIRE_WALK_MEMORY_FAILCNT,
          WIRE_WALK_SWAP_USAGE,      WIRE_WALK_KERNEL_USAGE,  WIRE_WALK_EVENTS_LOW,
          WIRE_WALK_EVENTS_HIGH,     WIRE_WALK_EVENTS_MAX,    WIRE_WALK_EVENTS_OOM,
          WIRE_WALK_EVENTS_OOM_KILL, WIRE_WALK_ANON,          WIRE_WALK_FILE,
          WIRE_WALK_FILE_MAPPED,     WIRE_WALK_FILE_DIRTY,    WIRE_WALK_FILE_WRITEBACK,
          WIRE_WALK_ACTIVE_FILE,     WIRE_WALK_INACTIVE_FILE, WIRE_WALK_REFAULT_ANON,
          WIRE_WALK_REFAULT_FILE,    WIRE_WALK_KERNEL,        WIRE_WALK_SWAP,
          WIRE_WALK_PGFAULT,         WIRE_WALK_PGMAJFAULT,    WIRE_WALK_OWN_PGFAULT,
          WIRE_WALK_OWN_PGMAJFAULT,  WIRE_WALK_PGSCAN,        WIRE_WALK_PGSTEAL});

constexpr Same<CgroupMemory> kMemory[] = {
    {WIRE_WALK_MEMORY_USAGE, CgroupMemory::usage},
    {WIRE_WALK_MEMORY_PEAK, CgroupMemory::peak},
    {WIRE_WALK_EVENTS_OOM_KILL, CgroupMemory::oom_kills},
    {WIRE_WALK_ANON, CgroupMemory::rss},
    {WIRE_WALK_FILE, CgroupMemory::cache},
    {WIRE_WALK_FILE_MAPPED, CgroupMemory::mapped_file},
    {WIRE_WALK_FILE_DIRTY, CgroupMemory::file_dirty},
    {WIRE_WALK_FILE_WRITEBACK, CgroupMemory::file_writeback},
    {WIRE_WALK_ACTIVE_FILE, CgroupMemory::active_file},
    {WIRE_WALK_INACTIVE_FILE, CgroupMemory::inactive_file},
    {WIRE_WALK_REFAULT_ANON, CgroupMemory::refault_anon},
    {WIRE_WALK_REFAULT_FILE, CgroupMemory::refault_file},
    {WIRE_WALK_PGFAULT, CgroupMemory::pgfault},
    {WIRE_WALK_PGMAJFAULT, CgroupMemory::pgmajfault},
};
constexpr Same<CgroupMemory> kMemoryV2[] = {
    {WIRE_WALK_SWAP_USAGE, CgroupMemory::swap},
    {WIRE_WALK_KERNEL, CgroupMemory::kernel},
    {WIRE_WALK_EVENTS_LOW, CgroupMemory::events_low},
    {WIRE_WALK_EVENTS_HIGH, CgroupMemory::events_high},
    {WIRE_WALK_EVENTS_MAX, CgroupMemory::events_max},
    {WIRE_WALK_EVENTS_OOM, CgroupMemory::events_oom},
    {WIRE_WALK_PGSCAN, CgroupMemory::pgscan},
    {WIRE_WALK_PGSTEAL, CgroupMemory::pgsteal},
    {WIRE_WALK_PGFAULT, CgroupMemory::own_pgfault},  // v2 does not tell them apart
    {WIRE_WALK_PGMAJFAULT, CgroupMemory::own_pgmajfault},
};
constexpr Same<CgroupMemory> kMemoryV1[] = {
    {WIRE_WALK_SWAP, CgroupMemory::swap},
    {WIRE_WALK_KERNEL_USAGE, CgroupMemory::kernel},
    {WIRE_WALK_MEMORY_FAILCNT, CgroupMemory::failcnt},
    {WIRE_WALK_OWN_PGFAULT, CgroupMemory::own_pgfault},
    {WIRE_WALK_OWN_PGMAJFAULT, CgroupMemory::own_pgmajfault},
};
constexpr Column<CgroupMemory> kMemoryColumns[] = {
    {CgroupMemory::usage, "usage"},
    {CgroupMemory::rss, "anonymous memory"},
    {CgroupMemory::cache, "page cache"},
    {CgroupMemory::mapped_file, "mapped files"},
    {CgroupMemory::swap, "swap"},
    {CgroupMemory::active_file, "active files"},
    {CgroupMemory::inactive_file, "inactive files"},
    {CgroupMemory::file_dirty, "dirty files"},
    {CgroupMemory::file_writeback, "files being written"},
    {CgroupMemory::refault_file, "refaults of files"},
    {CgroupMemory::refault_anon, "refaults of anonymous memory"},
    {CgroupMemory::pgfault, "page faults"},
    {CgroupMemory::pgmajfault, "major page faults"},
    {CgroupMemory::own_pgfault, "own page faults"},
    {CgroupMemory::own_pgmajfault, "own major page faults"},
    {CgroupMemory::pgscan, "scanned pages"},
    {CgroupMemory::pgsteal, "reclaimed pages"},
    {CgroupMemory::kernel, "kernel memory", Match::charged},
    {CgroupMemory::peak, "peak"},
    {CgroupMemory::failcnt, "fail count"},
    {CgroupMemory::events_low, "low events"},
    {CgroupMemory::events_high, "high events"},
    {CgroupMemory::events_max, "max events"},
    {CgroupMemory::events_oom, "OOM events"},
    {CgroupMemory::oom_kills, "OOM kills"},
};

constexpr Same<CgroupCpu> kThrottling[] = {
    {WIRE_WALK_CPU_PERIODS, CgroupCpu::periods},
    {WIRE_WALK_CPU_THROTTLED_PERIODS, CgroupCpu::throttled_periods},
    {WIRE_WALK_CPU_BURST_PERIODS, CgroupCpu::burst_periods},
};
constexpr Column<CgroupCpu> kCpuColumns[] = {
    {CgroupCpu::usage_ns, "CPU usage", Match::us},
    {CgroupCpu::user_ns, "user CPU time", Match::sampled},
    {CgroupCpu::system_ns, "system CPU time", Match::sampled},
    {CgroupCpu::periods, "quota periods"},
    {CgroupCpu::throttled_periods, "throttled periods"},
    {CgroupCpu::throttled_ns, "throttled time", Match::us},
    {CgroupCpu::burst_periods, "burst periods"},
    {CgroupCpu::burst_ns, "burst time", Match::us},
};

constexpr Column<CgroupPids> kPidsColumns[] = {
    {CgroupPids::current, "tasks"},
    {CgroupPids::max, "most tasks"},
    {CgroupPids::events_max, "refused forks"},
    {CgroupPids::populated, "populated"},
    {CgroupPids::frozen, "frozen"},
};

constexpr Same<CgroupPressure> kPressure[] = {
    {WIRE_WALK_PSI_CPU_SOME, CgroupPressure::cpu_some},
    {WIRE_WALK_PSI_CPU_FULL, CgroupPressure::cpu_full},
    {WIRE_WALK_PSI_MEMORY_SOME, CgroupPressure::memory_some},
    {WIRE_WALK_PSI_MEMORY_FULL, CgroupPressure::memory_full},
    {WIRE_WALK_PSI_IO_SOME, CgroupPressure::io_some},
    {WIRE_WALK_PSI_IO_FULL, CgroupPressure::io_full},
};
constexpr Column<CgroupPressure> kPressureColumns[] = {
    {CgroupPressure::cpu_some, "CPU pressure", Match::us},
    {CgroupPressure::cpu_full, "full CPU pressure", Match::us},
    {CgroupPressure::memory_some, "memory pressure", Match::us},
    {CgroupPressure::memory_full, "full memory pressure", Match::us},
    {CgroupPressure::io_some, "I/O pressure", Match::us},
    {CgroupPressure::io_full, "full I/O pressure", Match::us},
};

constexpr Column<CgroupSpec> kSpecColumns[] = {
    {CgroupSpec::cpu_period_ns, "CPU period"},
    {CgroupSpec::cpu_quota_ns, "CPU quota"},
    {CgroupSpec::cpu_shares, "CPU shares"},
    {CgroupSpec::memory_limit, "memory limit"},
    {CgroupSpec::swap_limit, "swap limit"},
    {CgroupSpec::memory_reservation, "memory reservation"},
};

std::optional<std::uint64_t> quota_of(const Row& cpu) {
  const auto quota = cpu.get(WIRE_WALK_CPU_QUOTA);
  return quota == WIRE_WALK_NO_LIMIT ? std::nullopt : quota;
}

// 0 says that there is no limit; a limit of 0 must not be mistaken for that.
std::optional<std::uint64_t> limit_of(const Row& row, unsigned field) {
  const auto limit = row.get(field);
  if (limit == 0) return {};
  return limit == WIRE_WALK_NO_LIMIT ? 0 : limit;
}

}  // namespace

const std::array<Source, 2> CpuGroup::kSources{{
    {From::cpuacct, bits({WIRE_WALK_CPU_USAGE, WIRE_WALK_CPU_USER, WIRE_WALK_CPU_SYSTEM})},
    {From::cpu,
     bits({WIRE_WALK_CPU_PERIODS, WIRE_WALK_CPU_THROTTLED_PERIODS, WIRE_WALK_CPU_THROTTLED,
           WIRE_WALK_CPU_BURST_PERIODS, WIRE_WALK_CPU_BURST, WIRE_WALK_CPU_QUOTA})},
}};
const std::span<const Column<CgroupCpu>> CpuGroup::kColumns = kCpuColumns;

Facts<CgroupCpu> CpuGroup::facts(Subject subject, std::span<const Row> rows, Memory& memory) {
  Facts<CgroupCpu> facts;
  const auto usage = time_of(rows[0], WIRE_WALK_CPU_USAGE);
  const auto user = rows[0].get(WIRE_WALK_CPU_USER), system = rows[0].get(WIRE_WALK_CPU_SYSTEM);
  facts.set(CgroupCpu::usage_ns, usage);
  activity_.set(subject, usage);
  if (usage && user && system) {
    const auto [user_ns, system_ns] = cgroup::split(*usage, *user, *system, memory.split);
    memory.split = {as_in_file(user_ns, rows[0].v2), as_in_file(system_ns, rows[0].v2)};
    facts.set(CgroupCpu::user_ns, memory.split.user_ns);
    facts.set(CgroupCpu::system_ns, memory.split.system_ns);
  }
  if (!quota_of(rows[1])) return facts;
  copy(rows[1], kThrottling, facts);
  facts.set(CgroupCpu::throttled_ns, time_of(rows[1], WIRE_WALK_CPU_THROTTLED));
  facts.set(CgroupCpu::burst_ns, time_of(rows[1], WIRE_WALK_CPU_BURST));
  return facts;
}

CpuGroup::Shown& CpuGroup::shown(Subject subject) {
  if (subject.slot >= shown_.size()) shown_.resize(subject.slot + std::size_t{1});
  Shown& shown = shown_[subject.slot];
  if (shown.subject != subject) shown = {subject, {}};
  return shown;
}

void CpuGroup::begin(Subject subject, Memory& memory) const {
  if (subject.slot < shown_.size() && shown_[subject.slot].subject == subject)
    memory.split = shown_[subject.slot].split;
}

void CpuGroup::end(Subject subject, const Memory& memory) {
  shown(subject).split = memory.split;
}

void CpuGroup::from_files(Record& record) {
  constexpr unsigned kUser = unsigned(CgroupCpu::user_ns), kSystem = unsigned(CgroupCpu::system_ns);
  if (record.group != Group::cgroup_cpu || record.part != 0 || !(record.present >> kUser & 1U))
    return;
  cgroup::CpuSplit& split = shown(record.subject).split;
  split.user_ns = record.value[kUser] = std::max(record.value[kUser], split.user_ns);
  split.system_ns = record.value[kSystem] = std::max(record.value[kSystem], split.system_ns);
}

const std::array<Source, 1> MemoryGroup::kSources{{{From::memory, kMemoryFields}}};
const std::span<const Column<CgroupMemory>> MemoryGroup::kColumns = kMemoryColumns;

Facts<CgroupMemory> MemoryGroup::facts(Subject, std::span<const Row> rows, Memory&) {
  const Row& row = rows[0];
  Facts<CgroupMemory> facts;
  copy(row, kMemory, facts);
  if (row.v2)
    copy(row, kMemoryV2, facts);
  else
    copy(row, kMemoryV1, facts);
  const auto usage = row.get(WIRE_WALK_MEMORY_USAGE);
  const auto inactive = row.get(WIRE_WALK_INACTIVE_FILE);
  if (usage && inactive)
    facts.set(CgroupMemory::working_set, *usage > *inactive ? *usage - *inactive : 0);
  return facts;
}

const std::array<Source, 2> PidsGroup::kSources{{
    {From::pids, bits({WIRE_WALK_PIDS, WIRE_WALK_PIDS_MAX, WIRE_WALK_PIDS_EVENTS_MAX,
                       WIRE_WALK_THREADS, WIRE_WALK_POPULATED})},
    {From::unified, bits({WIRE_WALK_FROZEN})},
}};
const std::span<const Column<CgroupPids>> PidsGroup::kColumns = kPidsColumns;

Facts<CgroupPids> PidsGroup::facts(Subject subject, std::span<const Row> rows, Memory& memory) {
  Facts<CgroupPids> facts;
  if (memory.is_walked) activity_.set_tasks(subject, rows[0].get(WIRE_WALK_PIDS));
  facts.set(CgroupPids::current, rows[0].get(WIRE_WALK_PIDS));
  facts.set(CgroupPids::max, limit_of(rows[0], WIRE_WALK_PIDS_MAX));
  facts.set(CgroupPids::events_max, rows[0].get(WIRE_WALK_PIDS_EVENTS_MAX));
  facts.set(CgroupPids::populated, rows[0].get(WIRE_WALK_POPULATED));
  facts.set(CgroupPids::own, rows[0].get(WIRE_WALK_THREADS));
  facts.set(CgroupPids::frozen, rows[1].get(WIRE_WALK_FROZEN));
  return facts;
}

const std::array<Source, 1> PressureGroup::kSources{{
    {From::unified,
     bits({WIRE_WALK_PSI_IO_SOME, WIRE_WALK_PSI_IO_FULL, WIRE_WALK_PSI_MEMORY_SOME,
           WIRE_WALK_PSI_MEMORY_FULL, WIRE_WALK_PSI_CPU_SOME, WIRE_WALK_PSI_CPU_FULL})},
}};
const std::span<const Column<CgroupPressure>> PressureGroup::kColumns = kPressureColumns;

Facts<CgroupPressure> PressureGroup::facts(Subject, std::span<const Row> rows, Memory&) {
  Facts<CgroupPressure> facts;
  for (const auto& [walk, field] : kPressure) facts.set(field, time_of(rows[0], walk));
  return facts;
}

const std::array<Source, 2> SpecGroup::kSources{{
    {From::cpu, bits({WIRE_WALK_CPU_QUOTA, WIRE_WALK_CPU_PERIOD, WIRE_WALK_CPU_SHARES})},
    {From::memory, bits({WIRE_WALK_MEMORY_MAX, WIRE_WALK_MEMORY_LOW, WIRE_WALK_SWAP_MAX})},
}};
const std::span<const Column<CgroupSpec>> SpecGroup::kColumns = kSpecColumns;

Facts<CgroupSpec> SpecGroup::facts(Subject, std::span<const Row> rows, Memory&) {
  Facts<CgroupSpec> facts;
  const Row &cpu = rows[0], &memory = rows[1];
  facts.set(CgroupSpec::cpu_quota_ns, quota_of(cpu));
  facts.set(CgroupSpec::cpu_period_ns, cpu.get(WIRE_WALK_CPU_PERIOD));
  if (const auto shares = cpu.get(WIRE_WALK_CPU_SHARES)) {
    // cpu.weight is 100 where shares are 1024.
    const std::uint64_t weight = (*shares * 100 + 512) / 1024;
    facts.set(CgroupSpec::cpu_shares, cpu.v2 ? cgroup::shares_of_weight(weight) : *shares);
  }
  facts.set(CgroupSpec::memory_limit, limit_of(memory, WIRE_WALK_MEMORY_MAX));
  facts.set(CgroupSpec::swap_limit, limit_of(memory, WIRE_WALK_SWAP_MAX));
  const auto low = memory.get(WIRE_WALK_MEMORY_LOW);
  if (low && *low != WIRE_WALK_NO_LIMIT)
    facts.set(CgroupSpec::memory_reservation, *low);
  else if (low && !memory.v2)
    facts.set(CgroupSpec::memory_reservation, 0);
  return facts;
}

}  // namespace hostmeter::source::walk
