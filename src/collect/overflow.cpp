#include "collect/overflow.hpp"

#include <algorithm>

namespace hostmeter::collect {
namespace {

std::uint64_t key_of(Group group, std::uint8_t part, Instance instance) {
  return std::uint64_t{std::uint16_t(group)} << 40 | std::uint64_t{part} << 32 | instance;
}

}  // namespace

Overflow::Overflow(std::span<const CollectorSpec* const> collectors, Bindings& out,
                   InstanceIds& ids, Options options)
    : out_(out), ids_(ids), options_(options) {
  for (const CollectorSpec* const collector : collectors) {
    if (collector->scope != Scope::container) continue;
    for (const GroupSeries& group : collector->groups) {
      std::vector<Ways>& parts = ways_[std::size_t(group.group)];
      parts.resize((group.fields + kValuesPerRecord - 1) / kValuesPerRecord);
      for (const FieldSeries& row : group.series) {
        const Kind kind = row.metric->kind;
        Way& way = parts[row.field / kValuesPerRecord][row.field % kValuesPerRecord];
        if (kind == Kind::counter || kind == Kind::histogram)
          way = Way::counter;
        else if (row.adds_up)
          way = Way::gauge;
      }
    }
  }
}

void Overflow::born(Subject subject) {
  if (!is_born_) out_.born(kOverflow);
  is_born_ = true;
  if (subject.slot >= lives_.size()) lives_.resize(subject.slot + 1);
  Life& life = lives_[subject.slot];
  if (life.is_here) forget({subject.slot, life.generation});
  life.is_here = true;
  life.generation = subject.generation;
  ++living_;
}

const Overflow::Life* Overflow::find(Subject subject) const {
  if (subject.slot >= lives_.size()) return nullptr;
  const Life& life = lives_[subject.slot];
  return life.is_here && life.generation == subject.generation ? &life : nullptr;
}

void Overflow::show(Subject subject, bool shown) {
  Life* const life = find(subject);
  if (!life || life->shown == shown) return;
  for (Row& row : life->rows) {
    if (shown)
      enter(row, !life->was_shown);
    else
      leave(row);
  }
  life->shown = shown;
  life->was_shown = true;
}

void Overflow::gone(Subject subject) {
  Life* const life = find(subject);
  if (!life || life->lingers) return;
  life->lingers = true;
  --living_;
  for (Row& row : life->rows) {
    if (life->shown) leave(row);
    const Ways& ways = *ways_of(row.group, row.part);
    for (unsigned i = 0; i < kValuesPerRecord; ++i)
      if (ways[i] == Way::gauge) row.seen &= std::uint8_t(~(1U << i));
  }
}

void Overflow::gone(const GoneInstance& gone) {
  Life* const life = find(gone.subject);
  if (!life) return;
  const std::size_t before = life->rows.size();
  std::erase_if(life->rows, [&](Row& row) {
    if (row.instance != gone.instance) return false;
    if (life->shown) leave(row);
    return true;
  });
  rows_ -= before - life->rows.size();
}

void Overflow::forget(Subject subject) {
  gone(subject);
  Life* const life = find(subject);
  if (!life) return;
  rows_ -= life->rows.size();
  *life = {};
}

void Overflow::apply(const Record& record) {
  Life* const life = find(record.subject);
  const Ways* const ways = ways_of(record.group, record.part);
  if (!life || !ways) return;
  Row* const row = row_of(*life, record);
  if (!row) return;
  for (unsigned i = 0; i < kValuesPerRecord; ++i) {
    const bool there = (record.present >> i & 1U) != 0;
    if ((*ways)[i] == Way::counter && there)
      apply_counter(*life, *row, i, record.value[i]);
    else if ((*ways)[i] == Way::gauge && !life->lingers)
      apply_gauge(*life, *row, i, there ? &record.value[i] : nullptr);
  }
}

// A counter that falls is another source's or late: what it was stands until it is more again.
void Overflow::apply_counter(const Life& life, Row& row, unsigned field, std::uint64_t value) {
  const bool seen = (row.seen >> field & 1U) != 0;
  const std::uint64_t last = seen ? row.last[field] : 0;
  const std::uint64_t greatest = std::max(last, value);
  if (life.shown && (greatest != last || !seen)) add(row, field, greatest - last, seen ? 0 : 1);
  row.last[field] = greatest;
  row.seen |= std::uint8_t(1U << field);
}

void Overflow::apply_gauge(const Life& life, Row& row, unsigned field, const std::uint64_t* value) {
  const bool seen = (row.seen >> field & 1U) != 0;
  if (!seen && !value) return;
  const std::uint64_t last = seen ? row.last[field] : 0, next = value ? *value : 0;
  const int living = (value ? 1 : 0) - (seen ? 1 : 0);
  if (life.shown && (next != last || living != 0)) add(row, field, next - last, living);
  row.last[field] = next;
  if (living != 0) row.seen ^= std::uint8_t(1U << field);
}

// more is added modulo 2^64: it may be negative.
void Overflow::add(Row& row, unsigned field, std::uint64_t more, int living) {
  Sum& sum = sums_[row.sum];
  sum.record.value[field] += more;
  sum.living[field] += std::uint32_t(living);
  const std::uint8_t bit = std::uint8_t(1U << field);
  if (sum.living[field] > 0)
    sum.record.present |= bit;
  else
    sum.record.present &= std::uint8_t(~bit);
  if (!sum.changed) changed_.push_back(row.sum);
  sum.changed = true;
}

void Overflow::enter(Row& row, bool first) {
  const Ways& ways = *ways_of(row.group, row.part);
  for (unsigned i = 0; i < kValuesPerRecord; ++i)
    if ((row.seen >> i & 1U) != 0 && (first || ways[i] == Way::gauge)) add(row, i, row.last[i], 1);
}

// Counters stay: living only says that there once was one.
void Overflow::leave(Row& row) {
  const Ways& ways = *ways_of(row.group, row.part);
  for (unsigned i = 0; i < kValuesPerRecord; ++i)
    if ((row.seen >> i & 1U) != 0 && ways[i] == Way::gauge) add(row, i, 0 - row.last[i], -1);
}

void Overflow::end_tick() {
  for (const std::uint32_t index : changed_) {
    sums_[index].changed = false;
    out_.apply(sums_[index].record);
  }
  changed_.clear();
}

const Overflow::Ways* Overflow::ways_of(Group group, std::uint8_t part) const {
  const std::vector<Ways>& parts = ways_[std::size_t(group)];
  if (part >= parts.size()) return nullptr;
  const bool any = std::ranges::any_of(parts[part], [](Way way) { return way != Way::leave_out; });
  return any ? &parts[part] : nullptr;
}

Overflow::Row* Overflow::row_of(Life& life, const Record& record) {
  const auto matches = [&](const Row& row) {
    return row.group == record.group && row.part == record.part && row.instance == record.instance;
  };
  if (life.next >= life.rows.size()) life.next = 0;
  if (life.next < life.rows.size() && matches(life.rows[life.next])) return &life.rows[life.next++];
  const auto found = std::ranges::find_if(life.rows, matches);
  if (found == life.rows.end()) return add_row(life, record);
  life.next = std::uint32_t(found - life.rows.begin()) + 1;
  return &*found;
}

Overflow::Row* Overflow::add_row(Life& life, const Record& record) {
  if ((record.present & ~kFinalFigures) == 0) return nullptr;
  const Instance instance = record.instance == 0 ? 0 : instance_of(record.instance);
  if (rows_ >= options_.max_rows || (record.instance != 0 && instance == 0)) {
    ++refused_;
    return nullptr;
  }
  const auto [found, is_new] = sum_by_key_.try_emplace(key_of(record.group, record.part, instance),
                                                       std::uint32_t(sums_.size()));
  if (is_new) {
    Sum& sum = sums_.emplace_back();
    sum.record.subject = kOverflow;
    sum.record.group = record.group;
    sum.record.part = record.part;
    sum.record.instance = instance;
  }
  ++rows_;
  life.rows.push_back({record.group, record.part, 0, record.instance, found->second, {}});
  return &life.rows.back();
}

// The overflow's own number for a device or interface of this name. 0: there is no room, or it is
// not known.
Instance Overflow::instance_of(Instance theirs) {
  const std::vector<std::string>* const values = out_.values_of(theirs);
  if (!values) return 0;
  std::string key;
  for (const std::string& value : *values) (key += value) += '\0';
  const auto found = instances_.find(key);
  if (found != instances_.end()) return found->second;
  if (instances_.size() >= options_.max_instances) return 0;
  const Instance ours = ids_.take();
  out_.named({kOverflow, ours, *values});
  instances_.emplace(std::move(key), ours);
  return ours;
}

}  // namespace hostmeter::collect
