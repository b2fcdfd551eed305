#include "collect/ended_totals.hpp"

#include <algorithm>

#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_life.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"

namespace hostmeter::collect {
namespace {

template <class Field>
bool holds(const Record& record, Field field) {
  return record.part == std::size_t(field) / kValuesPerRecord &&
         (record.present >> (std::size_t(field) % kValuesPerRecord) & 1U) != 0;
}
template <class Field>
std::uint64_t value_of(const Record& record, Field field) {
  return record.value[std::size_t(field) % kValuesPerRecord];
}

// The fields of block I/O that are added up are the first of their group, in the same order.
static_assert(std::size_t(Ended::discard_ops) - std::size_t(Ended::read_bytes) ==
              std::size_t(CgroupBlkio::discard_ops));
static_assert(std::size_t(CgroupBlkio::discard_ops) + 1 == kValuesPerRecord);

}  // namespace

EndedTotals::EndedTotals(Bindings& out, InstanceIds& ids, Options options)
    : out_(out),
      options_(options),
      images_(out, ids, {options.max_rows, 0}),
      pods_(out, ids, {options.max_rows, options.pod_idle_ns}) {}

void EndedTotals::born(Subject subject) {
  if (subject.slot >= lives_.size()) lives_.resize(subject.slot + 1);
  if (lives_[subject.slot]) forget(lives_[subject.slot]->subject);
  lives_[subject.slot] = std::make_unique<Life>();
  lives_[subject.slot]->subject = subject;
  fresh_.push_back(subject);
}

void EndedTotals::named(Subject subject, const Who& who, bool is_all) {
  Life* const life = find(subject);
  if (!life || life->is_counted) return;
  life->is_named = life->is_named || is_all;
  const bool says_nothing = who.image.empty() && who.pod_namespace.empty() && who.pod.empty();
  if (is_all || !says_nothing) place(*life, who);
}

void EndedTotals::place(Life& life, const Who& who) {
  EndedRows::Row* const image = &images_.hold(who.image, who.pod_namespace);
  EndedRows::Row* const pod = who.pod.empty() ? nullptr : &pods_.hold(who.pod_namespace, who.pod);
  leave(life);
  life.image = image;
  life.pod = pod;
  know(life, life.figures.present);
}

void EndedTotals::leave(Life& life) {
  if (life.image) images_.release(*life.image);
  if (life.pod) pods_.release(*life.pod);
  life.image = life.pod = nullptr;
}

void EndedTotals::exclude(Subject subject, bool excluded) {
  Life* const life = find(subject);
  if (!life) return;
  life->is_excluded = excluded;
  if (excluded && !life->is_counted) leave(*life);  // it may have been known by half as another
}

void EndedTotals::gone(Subject subject) {
  Life* const life = find(subject);
  if (!life || life->is_gone) return;
  life->is_gone = true;
  ended_.push_back(subject);
}

// What the kernel told of its end may follow in this tick.
void EndedTotals::forget(Subject subject) {
  if (subject.slot >= lives_.size() || !lives_[subject.slot]) return;
  if (lives_[subject.slot]->subject != subject) return;
  lives_[subject.slot]->is_closing = true;
  closing_.push_back(std::move(lives_[subject.slot]));
}

void EndedTotals::gone(const GoneInstance& gone) {
  Life* const life = find(gone.subject);
  if (life)
    std::erase_if(life->devices, [&](const Device& of) { return of.instance == gone.instance; });
}

EndedTotals::Life* EndedTotals::find(Subject subject) {
  if (subject.slot < lives_.size() && lives_[subject.slot] &&
      lives_[subject.slot]->subject == subject)
    return lives_[subject.slot].get();
  for (const auto& life : closing_)
    if (life->subject == subject) return life.get();
  return nullptr;
}

void EndedTotals::apply(const Record& record) {
  const bool is_cpu = record.group == Group::cgroup_cpu && holds(record, CgroupCpu::usage_ns);
  const bool is_oom =
      record.group == Group::cgroup_memory && holds(record, CgroupMemory::oom_kills);
  const bool is_life = record.group == Group::cgroup_life && holds(record, CgroupLife::lived_ns);
  const bool is_io = record.group == Group::cgroup_blkio && record.part == 0;
  if (!is_cpu && !is_oom && !is_life && !is_io) return;
  Life* const life = find(record.subject);
  if (!life) return;
  if (is_cpu) raise(*life, Ended::cpu_ns, value_of(record, CgroupCpu::usage_ns));
  if (is_oom) raise(*life, Ended::oom_kills, value_of(record, CgroupMemory::oom_kills));
  if (is_life) life->lived_ns = std::max(life->lived_ns, value_of(record, CgroupLife::lived_ns));
  if (is_io) apply_device(*life, record);
  if (life->is_counted) add_difference(*life);
}

void EndedTotals::apply_device(Life& life, const Record& record) {
  auto device = std::ranges::find(life.devices, record.instance, &Device::instance);
  if (device == life.devices.end()) {
    if (!out_.values_of(record.instance)) return;
    device = life.devices.insert(device, {record.instance, {}});
  }
  for (unsigned i = 0; i < kValuesPerRecord; ++i) {
    if ((record.present >> i & 1U) == 0) continue;
    const Ended field = Ended(unsigned(Ended::read_bytes) + i);
    const std::uint64_t greatest = std::max(device->value[i], record.value[i]);
    raise(life, field, life.figures[field] + greatest - device->value[i]);
    device->value[i] = greatest;
  }
}

void EndedTotals::raise(Life& life, Ended field, std::uint64_t value) {
  if ((life.figures.present & bit(field)) == 0) know(life, bit(field));
  life.figures[field] = std::max(life.figures[field], value);
}

void EndedTotals::know(Life& life, std::uint32_t fields) {
  life.figures.present |= fields;
  if (life.image) images_.know(*life.image, fields);
  if (life.pod) pods_.know(*life.pod, fields);
}

void EndedTotals::end_tick(std::uint64_t monotonic_ns) {
  now_ns_ = monotonic_ns;
  for (const Subject& subject : fresh_)
    if (Life* const life = find(subject)) life->born_ns = monotonic_ns;
  fresh_.clear();
  std::erase_if(ended_, [&](const Subject& subject) {
    Life* const life = find(subject);
    if (!life) return true;
    if (life->gone_ns == 0) life->gone_ns = monotonic_ns;
    if (!is_due(*life)) return false;
    if (!life->is_excluded) count(*life);
    return true;
  });
  for (const auto& life : closing_) leave(*life);
  closing_.clear();
  images_.send<Ended>(monotonic_ns);
  pods_.send<EndedInPod>(monotonic_ns);
}

// Whoever is forgotten is waited for no longer.
bool EndedTotals::is_due(const Life& life) const {
  return life.is_named || life.is_closing || now_ns_ - life.gone_ns >= options_.longest_wait_ns;
}

void EndedTotals::count(Life& life) {
  if (!life.image) place(life, {});
  life.is_counted = true;
  life.figures[Ended::containers] = 1;
  life.figures[Ended::lifetime_ns] =
      life.lived_ns != 0 ? life.lived_ns : life.gone_ns - life.born_ns;
  life.figures.present |= bit(Ended::containers) | bit(Ended::lifetime_ns);
  add_difference(life);
}

void EndedTotals::add_difference(Life& life) {
  for (std::size_t i = 0; i < EndedFigures::kFields; ++i) {
    const std::uint64_t more = life.figures.value[i] - life.counted.value[i];
    if (more == 0) continue;
    images_.add(*life.image, Ended(i), more);
    if (life.pod) pods_.add(*life.pod, Ended(i), more);
  }
  life.counted = life.figures;
}

}  // namespace hostmeter::collect
