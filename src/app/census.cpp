#include "app/census.hpp"

namespace hostmeter::app {
namespace {

using Verdict = collect::Admission::Verdict;

// The most series that a container usually has.
constexpr std::size_t kSeriesOfOne = 256;

}  // namespace

Census::Census(std::span<const CollectorSpec* const> collectors, store::SeriesTable& series,
               collect::Bindings& bindings, InstanceIds& ids, Options options)
    : series_(series),
      bindings_(bindings),
      ids_(ids),
      admission_(options.max_shown),
      overflow_(collectors, bindings, ids, {}),
      ended_(bindings, ids, {.max_rows = options.max_ended_rows}) {}

bool Census::born(const Born& born) {
  if (born.subject == kHost) return true;
  const bool has_room = series_.has_room(kSeriesOfOne);
  const Verdict verdict = admission_.born(born.subject, born.identity, has_room);
  if (born.identity.kind == CgroupKind::container) ended_.born(born.subject);
  if (verdict == Verdict::summed) {
    if (!overflows_) open_overflow(!born.identity.pod_uid.empty());
    overflow_.born(born.subject);
  }
  return verdict == Verdict::shown;
}

// Labelled like the containers of this host, so that whoever picks out containers by a label takes
// these in, and no cgroup's path has this id.
void Census::open_overflow(bool of_pods) {
  overflows_ = true;
  std::string labels = R"({id="overflow",name="overflow",image="overflow")";
  if (of_pods) labels += R"(,namespace="overflow",pod="overflow",container="overflow")";
  series_.set_owner(kOverflow.slot, labels);
}

bool Census::know(Subject subject, const Who& who) {
  if (who.is_out) admission_.exclude(subject);
  const bool is_back = !who.is_out && include(subject, who);
  overflow_.show(subject, who.is_shown);
  ended_.exclude(subject, who.is_excluded);
  if (!who.is_excluded) ended_.named(subject, who.names, who.is_named);
  return is_back;
}

// Its place may have gone to another by now.
bool Census::include(Subject subject, const Who& who) {
  if (admission_.of(subject) != Verdict::excluded) return false;
  if (admission_.include(subject, series_.has_room(kSeriesOfOne)) != Verdict::summed) return true;
  if (!overflows_) open_overflow(!who.names.pod.empty());
  overflow_.born(subject);
  return true;
}

void Census::gone(Subject subject) {
  overflow_.gone(subject);
  ended_.gone(subject);
}

void Census::gone(const GoneInstance& gone) {
  overflow_.gone(gone);
  ended_.gone(gone);
}

void Census::forget(Subject subject) {
  admission_.forget(subject);
  overflow_.forget(subject);
  ended_.forget(subject);
}

void Census::apply(const Record& record) {
  if (has_series(record.subject))
    bindings_.apply(record);
  else
    overflow_.apply(record);
  ended_.apply(record);
}

void Census::end_tick(std::uint64_t monotonic_ns) {
  ended_.end_tick(monotonic_ns);
  overflow_.end_tick();
  admission_.report(bindings_, ids_, overflow_.living(), overflow_.refused());
}

}  // namespace hostmeter::app
