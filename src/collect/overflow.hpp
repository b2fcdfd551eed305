// Containers that there is no room to show, added up.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "collect/bindings.hpp"
#include "hostmeter/flow/instances.hpp"

namespace hostmeter::collect {

// Counters: the sum of all that ever were here, so that it never falls. Gauges that add up: the
// sum of those that live. What cannot be added up is left out. The sums are Records of kOverflow.
// Keeps the last value of every field of everybody, boundedly. Lives on the pump thread; a steady
// tick allocates nothing.
class Overflow {
 public:
  struct Options {
    std::size_t max_rows = 262'144;     // Records kept, 64 bytes each
    std::size_t max_instances = 1'024;  // devices and interfaces by name, over all containers
  };
  Overflow(std::span<const CollectorSpec* const> collectors, Bindings& out, InstanceIds& ids,
           Options options);

  void born(Subject subject);
  bool has(Subject subject) const { return find(subject) != nullptr; }
  // Whether it counts; before the first time it does not. What a counter rose by while it did not
  // is never made up.
  void show(Subject subject, bool shown);
  void gone(Subject subject);
  void gone(const GoneInstance& gone);
  void forget(Subject subject);

  void apply(const Record& record);

  // Gives the sums that changed to the bindings.
  void end_tick();

  std::size_t living() const { return living_; }
  std::uint64_t refused() const { return refused_; }  // Records there was no room for

 private:
  enum class Way : std::uint8_t { leave_out, counter, gauge };
  using Ways = std::array<Way, kValuesPerRecord>;

  struct Row {
    Group group;
    std::uint8_t part;
    std::uint8_t seen;  // bit i: last[i] is there
    Instance instance;
    std::uint32_t sum;
    std::uint64_t last[kValuesPerRecord];  // of a counter the greatest
  };
  static_assert(sizeof(Row) == 64);
  struct Life {
    std::uint32_t generation = 0;
    bool is_here = false, shown = false, was_shown = false, lingers = false;
    std::uint32_t next = 0;  // the row expected next
    std::vector<Row> rows;
  };
  struct Sum {
    Record record;
    std::array<std::uint32_t, kValuesPerRecord> living{};  // how many have the gauge
    bool changed = false;
  };

  const Life* find(Subject subject) const;
  Life* find(Subject subject) {
    return const_cast<Life*>(static_cast<const Overflow*>(this)->find(subject));
  }
  const Ways* ways_of(Group group, std::uint8_t part) const;
  Row* row_of(Life& life, const Record& record);
  Row* add_row(Life& life, const Record& record);
  Instance instance_of(Instance theirs);
  void apply_counter(const Life& life, Row& row, unsigned field, std::uint64_t value);
  void apply_gauge(const Life& life, Row& row, unsigned field, const std::uint64_t* value);
  void add(Row& row, unsigned field, std::uint64_t more, int living);
  void enter(Row& row, bool first);
  void leave(Row& row);

  Bindings& out_;
  InstanceIds& ids_;
  const Options options_;
  std::array<std::vector<Ways>, kGroups> ways_;  // by group, by part
  std::vector<Life> lives_;                      // by slot
  std::vector<Sum> sums_;
  std::unordered_map<std::uint64_t, std::uint32_t> sum_by_key_;
  std::unordered_map<std::string, Instance> instances_;  // by their label values
  std::vector<std::uint32_t> changed_;
  std::size_t rows_ = 0, living_ = 0;
  std::uint64_t refused_ = 0;
  bool is_born_ = false;
};

}  // namespace hostmeter::collect
