// From Records to series: looked up and labelled once, then a few stores for each Record.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "hostmeter/collect/collector.hpp"
#include "hostmeter/flow/news.hpp"
#include "hostmeter/flow/own_groups.hpp"
#include "hostmeter/metric/sink.hpp"

namespace hostmeter::collect {

// Lives on the pump thread. A steady tick allocates nothing and hashes nothing: Records come in the
// same order every tick, so a Subject's next row is nearly always the one behind the last.
class Bindings {
 public:
  Bindings(std::span<const CollectorSpec* const> collectors, SeriesSink& series);

  void born(Subject subject);
  // Takes its gauges away. Its counters stay until it is forgotten: what is still under way raises
  // them, and final figures are taken whatever they are.
  void gone(Subject subject);
  void forget(Subject subject);
  // Takes all its series away. Its devices stay known: it may have series again.
  void release(Subject subject);
  void named(const NamedInstance& named);
  void gone(const GoneInstance& gone);
  // Its label values; nullptr when it is not known (any more).
  const std::vector<std::string>* values_of(Instance instance) const;

  void apply(const Record& record);

  // Every series of whoever has this slot; a histogram's first.
  template <class Take>
  void each_series(std::uint32_t slot, Take&& take) const {
    for (const Plan& plan : plans_) {
      if (slot >= plan.by_slot.size()) continue;
      const Rows& rows = plan.by_slot[slot];
      for (const Row& row : rows.rows) {
        const SeriesId* series = &rows.series[row.first];
        for (const Target& target : plan.parts[row.part]) {
          if (target.cell == 0 && is_bound(*series)) take(*series);
          ++series;
        }
      }
    }
  }

  // Before a tick is published: what is to be its moment becomes that.
  void set_now(std::uint64_t realtime_ns);

  // Records of Subjects or instances that are not known (any more): dropped, and counted here.
  std::uint64_t stale_records() const { return stale_records_; }

 private:
  struct Target {
    unsigned position;  // in Record::value
    const MetricDesc* metric;
    std::string_view fixed;
    bool has_owner;
    // Of a histogram's later cells: where the first is bound.
    std::uint8_t cell;
    std::uint32_t first_part, first_index;
    bool is_counter;
    bool is_now;
  };
  using Part = std::vector<Target>;

  struct Row {
    Instance instance;
    std::uint32_t part;
    std::uint32_t first;  // in Rows::series
  };
  struct Rows {
    std::vector<Row> rows;
    std::vector<SeriesId> series;  // kNoSeries until the field was there for the first time
    std::uint32_t next = 0;        // the row expected next
  };
  struct Plan {
    std::vector<Part> parts;
    std::vector<std::string_view> instance_labels;
    std::vector<Rows> by_slot;
  };
  struct Known {
    Instance instance = 0;
    Subject subject;
    std::vector<std::string> values;
  };

  // There was no room for it, and it is not asked again.
  static constexpr SeriesId kRefused = kNoSeries - 1;
  static bool is_bound(SeriesId series) { return series < kRefused; }

  void add(const CollectorSpec& collector, const GroupSeries& group);
  void apply_late(const Plan& plan, const Rows& rows, const Record& record, SeriesId* series);
  SeriesId series_for(const Plan& plan, const Rows& rows, const Target& target,
                      const Record& record);
  Row* row_of(Plan& plan, Rows& rows, const Record& record);
  Row* add_row(const Plan& plan, Rows& rows, const Record& record);
  SeriesId bind(const Plan& plan, const Target& target, const Record& record);
  static SeriesId cell_of(const Rows& rows, const Target& target, Instance instance);
  void unbind_rows(Plan& plan, std::uint32_t slot, const Instance* only);
  Known* known(Instance instance);
  bool is_known(Subject subject) const;

  SeriesSink& series_;
  std::array<Plan, kGroups> plans_;
  std::vector<const Plan*> plans_with_now_;
  std::vector<std::uint32_t> generations_;        // by slot; kDead where no Subject is
  std::vector<bool> lingers_;                     // by slot
  std::array<std::vector<Known>, 16> instances_;  // by producer, by index
  std::uint64_t stale_records_ = 0;
};

}  // namespace hostmeter::collect
