// Who of the cgroups gets series, who is added up with others, and what those did that ended.
#pragma once
#include <cstdint>

#include "collect/admission.hpp"
#include "collect/bindings.hpp"
#include "collect/ended_totals.hpp"
#include "collect/overflow.hpp"
#include "hostmeter/flow/news.hpp"
#include "store/series_table.hpp"

namespace hostmeter::app {

// Part of the pump: every Record goes through it.
class Census {
 public:
  struct Options {
    std::size_t max_shown = 5'000;  // containers with series of their own
    std::size_t max_ended_rows = 1'000;
  };
  struct Who {
    collect::EndedTotals::Who names{};
    bool is_shown = true;      // false: not (yet)
    bool is_named = false;     // a runtime said so, or the path is all there will be
    bool is_excluded = false;  // it is not to be counted at all
    bool is_out = false;       // by the filter, and for what its runtime says: it has no series
  };

  Census(std::span<const CollectorSpec* const> collectors, store::SeriesTable& series,
         collect::Bindings& bindings, InstanceIds& ids, Options options);

  // Whether it gets series of its own.
  bool born(const Born& born);
  bool has_series(Subject subject) const {
    return admission_.of(subject) == collect::Admission::Verdict::shown;
  }
  // Each time that something else is known of it; whether it has series may change with that. True
  // when its figures were dropped until now, and are wanted again.
  bool know(Subject subject, const Who& who);
  void gone(Subject subject);
  void gone(const GoneInstance& gone);
  void forget(Subject subject);

  void apply(const Record& record);

  // Before a tick is published.
  void end_tick(std::uint64_t monotonic_ns);

 private:
  bool include(Subject subject, const Who& who);
  void open_overflow(bool of_pods);

  store::SeriesTable& series_;
  collect::Bindings& bindings_;
  InstanceIds& ids_;
  collect::Admission admission_;
  collect::Overflow overflow_;
  collect::EndedTotals ended_;
  bool overflows_ = false;  // ever
};

}  // namespace hostmeter::app
