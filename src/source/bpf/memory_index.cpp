#include "source/bpf/memory_index.hpp"

#include <algorithm>
#include <cstring>

#include "source/bpf/kernel_symbols.hpp"

namespace hostmeter::source::bpf {
namespace {

using Table = std::optional<std::vector<std::int16_t>>;

// In the order of the wire's fields from WIRE_WALK_ANON on.
constexpr std::array<std::string_view, WIRE_WALK_STATES> kStates{"NR_ANON_MAPPED",
                                                                 "NR_FILE_PAGES",
                                                                 "NR_FILE_MAPPED",
                                                                 "NR_FILE_DIRTY",
                                                                 "NR_WRITEBACK",
                                                                 "NR_ACTIVE_FILE",
                                                                 "NR_INACTIVE_FILE",
                                                                 "WORKINGSET_REFAULT_ANON",
                                                                 "WORKINGSET_REFAULT_FILE",
                                                                 "MEMCG_KMEM",
                                                                 "MEMCG_SWAP"};
constexpr std::array<std::string_view, WIRE_WALK_RECLAIMERS> kScan{
    "PGSCAN_KSWAPD", "PGSCAN_DIRECT", "PGSCAN_PROACTIVE", "PGSCAN_KHUGEPAGED"};
constexpr std::array<std::string_view, WIRE_WALK_RECLAIMERS> kSteal{
    "PGSTEAL_KSWAPD", "PGSTEAL_DIRECT", "PGSTEAL_PROACTIVE", "PGSTEAL_KHUGEPAGED"};

// Kernels built without KALLSYMS_ALL name their functions only: some that look into the table.
struct TableNames {
  std::string_view table;
  std::array<std::string_view, 4> functions;
};
constexpr TableNames kStateNames{
    "mem_cgroup_stats_index",
    {"memcg_page_state", "memcg_page_state_local", "mod_memcg_state", "__mod_memcg_state"}};
constexpr TableNames kEventNames{
    "mem_cgroup_events_index",
    {"memcg_events", "memcg_events_local", "count_memcg_events", "__count_memcg_events"}};
constexpr std::size_t kCode = 160;  // of a function, within which it looks into the table

Table identity(std::size_t count) {
  std::vector<std::int16_t> places(count);
  for (std::size_t i = 0; i < count; ++i) places[i] = std::int16_t(i);
  return places;
}

Table read_table(KernelMemory& memory, const Symbols& symbols, const TableNames& names,
                 std::size_t enumerators, std::size_t places) {
  if (const auto known = symbols.find(names.table); known != symbols.end())
    return parse_index_table(memory.at(known->second), enumerators, places);
  for (const std::string_view function : names.functions) {
    const auto known = symbols.find(function);
    if (known == symbols.end()) continue;
    const auto bytes = memory.at(known->second);
    for (const std::uint64_t address :
         addresses_in_code(bytes.first(std::min(kCode, bytes.size()))))
      if (auto table = parse_index_table(memory.at(address), enumerators, places)) return table;
  }
  return {};
}

template <class Entry>
Table parse_entries(std::span<const std::uint8_t> bytes, std::size_t enumerators,
                    std::size_t places, Entry none) {
  if (bytes.size() < enumerators * sizeof(Entry)) return {};
  std::vector<std::int16_t> table(enumerators, -1);
  std::vector<bool> taken(places, false);
  std::size_t count = 0;
  for (std::size_t i = 0; i < enumerators; ++i) {
    Entry entry{};
    std::memcpy(&entry, bytes.data() + i * sizeof(Entry), sizeof(Entry));
    if (entry == none) continue;
    const auto place = std::int64_t(entry) - (none == 0 ? 1 : 0);
    if (place < 0 || place >= std::int64_t(places) || taken[std::size_t(place)]) return {};
    taken[std::size_t(place)] = true;
    table[i] = std::int16_t(place);
    ++count;
  }
  if (count != places) return {};
  return table;
}

class Finder {
 public:
  Finder(const KernelTypes& types, KernelMemory& memory, const base::Dir& proc)
      : types_(types), memory_(memory), proc_(proc) {}

  MemoryIndex find() {
    find_tables();
    MemoryIndex index;
    for (std::size_t i = 0; i < kStates.size(); ++i) index.state[i] = state(kStates[i]);
    index.pgfault = event("PGFAULT");
    index.pgmajfault = event("PGMAJFAULT");
    index.reclaim_is_state = types_.enumerator("node_stat_item", kScan[0]).has_value();
    index.pgscan = sum(kScan, index.reclaim_is_state);
    index.pgsteal = sum(kSteal, index.reclaim_is_state);
    return index;
  }

 private:
  void find_tables() {
    const bool old = !types_.has_struct("memcg_vmstats");
    const auto states =
        types_.elements(old ? "mem_cgroup" : "memcg_vmstats", old ? "vmstats" : "state");
    const auto events =
        types_.elements(old ? "mem_cgroup" : "memcg_vmstats", old ? "vmevents" : "events");
    const auto all_states = types_.enumerator("memcg_stat_item", "MEMCG_NR_STAT");
    const auto all_events = types_.enumerator("vm_event_item", "NR_VM_EVENT_ITEMS");
    if (!states || !events || !all_states || !all_events) return;
    states_ = find_table(kStateNames, std::size_t(*all_states), *states);
    events_ = find_table(kEventNames, std::size_t(*all_events), *events);
  }

  Table find_table(const TableNames& names, std::size_t enumerators, std::size_t places) {
    if (enumerators == places) return identity(places);
    if (symbols_.empty()) {
      std::vector<std::string_view> wanted;
      for (const TableNames& all : {kStateNames, kEventNames}) {
        wanted.push_back(all.table);
        wanted.insert(wanted.end(), all.functions.begin(), all.functions.end());
      }
      symbols_ = find_symbols(proc_, wanted);
    }
    return read_table(memory_, symbols_, names, enumerators, places);
  }

  static std::int16_t place(const Table& table, std::optional<std::int32_t> enumerator) {
    if (!table || !enumerator || *enumerator < 0 || std::size_t(*enumerator) >= table->size())
      return -1;
    return (*table)[std::size_t(*enumerator)];
  }
  std::int16_t state(std::string_view name) const {
    const auto memory = types_.enumerator("memcg_stat_item", name);
    return place(states_, memory ? memory : types_.enumerator("node_stat_item", name));
  }
  std::int16_t event(std::string_view name) const {
    return place(events_, types_.enumerator("vm_event_item", name));
  }

  // Whoever is an enumerator must have a place, or the sum would lack his part.
  std::array<std::int16_t, WIRE_WALK_RECLAIMERS> sum(
      const std::array<std::string_view, WIRE_WALK_RECLAIMERS>& names, bool of_states) const {
    std::array<std::int16_t, WIRE_WALK_RECLAIMERS> places;
    places.fill(-1);
    std::size_t count = 0;
    for (const std::string_view name : names) {
      if (!types_.enumerator(of_states ? "node_stat_item" : "vm_event_item", name)) continue;
      places[count] = of_states ? state(name) : event(name);
      if (places[count++] < 0) {
        places.fill(-1);
        return places;
      }
    }
    return places;
  }

  const KernelTypes& types_;
  KernelMemory& memory_;
  const base::Dir& proc_;
  Symbols symbols_;
  Table states_, events_;
};

}  // namespace

Table parse_index_table(std::span<const std::uint8_t> bytes, std::size_t enumerators,
                        std::size_t places) {
  if (auto table = parse_entries<std::int8_t>(bytes, enumerators, places, -1)) return table;
  if (auto table = parse_entries<std::int8_t>(bytes, enumerators, places, 0)) return table;
  return parse_entries<std::int32_t>(bytes, enumerators, places, 0);
}

std::vector<std::uint64_t> addresses_in_code(std::span<const std::uint8_t> code) {
  std::vector<std::uint64_t> addresses;
  for (std::size_t i = 0; i + sizeof(std::int32_t) <= code.size(); ++i) {
    std::int32_t address = 0;
    std::memcpy(&address, code.data() + i, sizeof address);
    if (address < 0) addresses.push_back(std::uint64_t(std::int64_t{address}));
  }
  return addresses;
}

MemoryIndex find_memory_index(const KernelTypes& types, KernelMemory& memory,
                              const base::Dir& proc) {
  return Finder(types, memory, proc).find();
}

}  // namespace hostmeter::source::bpf
