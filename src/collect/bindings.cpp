#include "collect/bindings.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/instances.hpp"

namespace hostmeter::collect {
namespace {

constexpr std::uint32_t kDead = ~0U;

std::vector<std::string_view> split(std::string_view names) {
  std::vector<std::string_view> parts;
  for (Text rest(names); !rest.empty();) parts.push_back(rest.until(','));
  return parts;
}

std::size_t index_of(Instance instance) {
  return instance & ((1U << InstanceIds::kIndexBits) - 1);
}
std::size_t producer_of(Instance instance) {
  return instance >> (InstanceIds::kIndexBits + InstanceIds::kGenerationBits);
}

}  // namespace

Bindings::Bindings(std::span<const CollectorSpec* const> collectors, SeriesSink& series)
    : series_(series) {
  for (const CollectorSpec* collector : collectors)
    for (const GroupSeries& group : collector->groups) add(*collector, group);
  born(kHost);
}

void Bindings::add(const CollectorSpec& collector, const GroupSeries& group) {
  Plan& plan = plans_[std::size_t(group.group)];
  plan.parts.resize((group.fields + kValuesPerRecord - 1) / kValuesPerRecord);
  plan.instance_labels = split(group.instance_labels);
  std::uint32_t first_part = 0, first_index = 0;
  for (const FieldSeries& row : group.series) {
    const std::uint32_t part = row.field / kValuesPerRecord;
    if (row.cell == 0) {
      first_part = part;
      first_index = std::uint32_t(plan.parts[part].size());
    }
    plan.parts[part].push_back(
        {row.field % kValuesPerRecord, row.metric, row.fixed, collector.scope == Scope::container,
         row.cell, first_part, first_index,
         row.metric->kind != Kind::gauge && row.metric->kind != Kind::untyped, row.is_now});
    if (row.is_now && (plans_with_now_.empty() || plans_with_now_.back() != &plan))
      plans_with_now_.push_back(&plan);
  }
}

void Bindings::born(Subject subject) {
  if (subject.slot >= generations_.size()) {
    generations_.resize(subject.slot + 1, kDead);
    lingers_.resize(subject.slot + 1);
  }
  generations_[subject.slot] = subject.generation;
  lingers_[subject.slot] = false;
}

void Bindings::gone(Subject subject) {
  if (!is_known(subject)) return;
  lingers_[subject.slot] = true;
  for (Plan& plan : plans_) {
    if (subject.slot >= plan.by_slot.size()) continue;
    Rows& rows = plan.by_slot[subject.slot];
    for (const Row& row : rows.rows) {
      SeriesId* series = &rows.series[row.first];
      for (const Target& target : plan.parts[row.part]) {
        if (!target.is_counter && is_bound(*series)) {
          series_.unbind(*series);
          *series = kNoSeries;
        }
        ++series;
      }
    }
  }
}

void Bindings::release(Subject subject) {
  if (!is_known(subject)) return;
  for (Plan& plan : plans_) unbind_rows(plan, subject.slot, nullptr);
}

void Bindings::forget(Subject subject) {
  release(subject);
  if (is_known(subject)) generations_[subject.slot] = kDead;
  // Instances may be named of those that are not born here.
  for (auto& of_producer : instances_)
    for (Known& known : of_producer)
      if (known.subject == subject && known.instance != 0) known = {};
}

void Bindings::named(const NamedInstance& named) {
  if (named.instance == 0) return;
  auto& of_producer = instances_[producer_of(named.instance)];
  const std::size_t index = index_of(named.instance);
  if (index >= of_producer.size()) of_producer.resize(index + 1);
  of_producer[index] = {named.instance, named.subject, named.values};
}

void Bindings::gone(const GoneInstance& gone) {
  Known* const instance = known(gone.instance);
  if (!instance) return;
  for (Plan& plan : plans_) unbind_rows(plan, gone.subject.slot, &gone.instance);
  *instance = {};
}

void Bindings::apply(const Record& record) {
  Plan& plan = plans_[std::size_t(record.group)];
  if (record.part >= plan.parts.size() || plan.parts[record.part].empty()) return;
  if (!is_known(record.subject)) {
    ++stale_records_;
    return;
  }
  if (record.subject.slot >= plan.by_slot.size()) plan.by_slot.resize(record.subject.slot + 1);
  Rows& rows = plan.by_slot[record.subject.slot];
  const Row* const row = row_of(plan, rows, record);
  if (!row) return;
  SeriesId* series = &rows.series[row->first];
  if (lingers_[record.subject.slot]) {
    apply_late(plan, rows, record, series);
    return;
  }
  for (const Target& target : plan.parts[record.part]) {
    if (!(record.present >> target.position & 1U)) {
      if (is_bound(*series)) series_.clear(*series);
    } else {
      if (*series == kNoSeries) *series = series_for(plan, rows, target, record);
      if (is_bound(*series)) series_.set(*series, record.value[target.position]);
    }
    ++series;
  }
}

void Bindings::set_now(std::uint64_t realtime_ns) {
  for (const Plan* plan : plans_with_now_)
    for (std::size_t slot = 0; slot < plan->by_slot.size(); ++slot) {
      if (lingers_[slot]) continue;  // it ended then, not now
      const Rows& rows = plan->by_slot[slot];
      for (const Row& row : rows.rows) {
        const SeriesId* series = &rows.series[row.first];
        for (const Target& target : plan->parts[row.part]) {
          if (target.is_now && is_bound(*series)) series_.renew(*series, realtime_ns);
          ++series;
        }
      }
    }
}

// Of a Subject that lingers: figures of its last ticks that were still under way, or its final
// ones.
void Bindings::apply_late(const Plan& plan, const Rows& rows, const Record& record,
                          SeriesId* series) {
  const bool is_final = (record.present & kFinalFigures) != 0;
  for (const Target& target : plan.parts[record.part]) {
    const bool taken = target.is_counter || is_final;
    if (taken && (record.present >> target.position & 1U)) {
      if (*series == kNoSeries) *series = series_for(plan, rows, target, record);
      if (is_bound(*series) && target.is_counter)
        series_.raise(*series, record.value[target.position]);
      else if (is_bound(*series))
        series_.set(*series, record.value[target.position]);
    }
    ++series;
  }
}

Bindings::Row* Bindings::row_of(Plan& plan, Rows& rows, const Record& record) {
  const auto matches = [&](const Row& row) {
    return row.instance == record.instance && row.part == record.part;
  };
  if (rows.next >= rows.rows.size()) rows.next = 0;
  if (rows.next < rows.rows.size() && matches(rows.rows[rows.next])) return &rows.rows[rows.next++];
  const auto found = std::find_if(rows.rows.begin(), rows.rows.end(), matches);
  if (found == rows.rows.end())
    return (record.present & ~kFinalFigures) != 0 ? add_row(plan, rows, record) : nullptr;
  rows.next = std::uint32_t(found - rows.rows.begin()) + 1;
  return &*found;
}

Bindings::Row* Bindings::add_row(const Plan& plan, Rows& rows, const Record& record) {
  const bool has_instances = !plan.instance_labels.empty() || record.instance != 0;
  if (has_instances && !known(record.instance)) {
    ++stale_records_;
    return nullptr;
  }
  rows.rows.push_back({record.instance, record.part, std::uint32_t(rows.series.size())});
  rows.series.resize(rows.series.size() + plan.parts[record.part].size(), kNoSeries);
  return &rows.rows.back();
}

// The number of a device that is gone may name another by now: nothing new is bound to it.
SeriesId Bindings::series_for(const Plan& plan, const Rows& rows, const Target& target,
                              const Record& record) {
  if (record.instance != 0 && !known(record.instance)) return kNoSeries;
  return target.cell == 0 ? bind(plan, target, record) : cell_of(rows, target, record.instance);
}

SeriesId Bindings::bind(const Plan& plan, const Target& target, const Record& record) {
  const Known* const instance = record.instance == 0 ? nullptr : known(record.instance);
  std::vector<std::string_view> values;
  Text fixed(target.fixed);
  for (const std::string_view label : split(target.metric->labels)) {
    const auto at = std::find(plan.instance_labels.begin(), plan.instance_labels.end(), label);
    const auto index = std::size_t(at - plan.instance_labels.begin());
    if (at == plan.instance_labels.end())
      values.push_back(fixed.until(','));
    else if (instance && index < instance->values.size())
      values.push_back(instance->values[index]);
    else
      values.push_back({});
  }
  const std::uint32_t owner = target.has_owner ? record.subject.slot : kNoOwner;
  const SeriesId bound = series_.bind(*target.metric, owner, values);
  return bound == kNoSeries ? kRefused : bound;
}

SeriesId Bindings::cell_of(const Rows& rows, const Target& target, Instance instance) {
  for (const Row& row : rows.rows) {
    if (row.instance != instance || row.part != target.first_part) continue;
    const SeriesId first = rows.series[row.first + target.first_index];
    return is_bound(first) ? first + target.cell : first;
  }
  return kNoSeries;
}

// All rows of a slot, or only those of one instance.
void Bindings::unbind_rows(Plan& plan, std::uint32_t slot, const Instance* only) {
  if (slot >= plan.by_slot.size()) return;
  Rows& rows = plan.by_slot[slot];
  Rows kept;
  for (const Row& row : rows.rows) {
    const auto first = rows.series.begin() + row.first;
    const auto last = first + std::ptrdiff_t(plan.parts[row.part].size());
    if (!only || row.instance == *only) {
      auto series = first;
      for (const Target& target : plan.parts[row.part]) {
        if (target.cell == 0 && is_bound(*series)) series_.unbind(*series);
        ++series;
      }
    } else {
      kept.rows.push_back({row.instance, row.part, std::uint32_t(kept.series.size())});
      kept.series.insert(kept.series.end(), first, last);
    }
  }
  if (kept.rows.size() != rows.rows.size()) rows = std::move(kept);
}

Bindings::Known* Bindings::known(Instance instance) {
  if (instance == 0) return nullptr;
  auto& of_producer = instances_[producer_of(instance)];
  const std::size_t index = index_of(instance);
  if (index >= of_producer.size() || of_producer[index].instance != instance) return nullptr;
  return &of_producer[index];
}

const std::vector<std::string>* Bindings::values_of(Instance instance) const {
  const Known* const found = const_cast<Bindings*>(this)->known(instance);
  return found ? &found->values : nullptr;
}

bool Bindings::is_known(Subject subject) const {
  return subject.slot < generations_.size() && generations_[subject.slot] == subject.generation;
}

}  // namespace hostmeter::collect
