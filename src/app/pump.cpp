#include "app/pump.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

#include "hostmeter/flow/facts/agent.hpp"

namespace hostmeter::app {
namespace {

constexpr std::uint64_t kLongestSleepNs = 1'000'000'000;

template <class... Case>
struct Cases : Case... {
  using Case::operator()...;
};
template <class... Case>
Cases(Case...) -> Cases<Case...>;

bool shows_printed(const std::vector<contract::Contract*>& contracts) {
  return std::ranges::any_of(contracts, [](const auto* one) { return one->shows_printed(); });
}

}  // namespace

std::vector<store::Family> families_of(std::span<const CollectorSpec* const> collectors) {
  std::vector<store::Family> families;
  for (const CollectorSpec* collector : collectors)
    for (const MetricDesc& metric : collector->metrics)
      families.push_back({&metric, collector->name});
  return families;
}

Pump::Pump(std::vector<Channel*> channels, std::span<const CollectorSpec* const> collectors,
           const store::SeriesTable::Options& options, store::SnapshotPool& pool,
           std::vector<contract::Contract*> contracts, store::Identities::Options identities,
           Census::Options census, std::size_t most_printed_bytes)
    : channels_(std::move(channels)),
      series_(families_of(collectors), options),
      printers_({.max_series = options.max_series,
                 .labels = options.labels,
                 .is_taken = [this](std::string_view name) { return is_ours(name); },
                 .max_bytes = most_printed_bytes,
                 .are_together = shows_printed(contracts)}),
      bindings_(collectors, series_),
      pool_(pool),
      contracts_(std::move(contracts)),
      census_(collectors, series_, bindings_, instances_, census),
      registrar_(std::move(identities), series_, bindings_, instances_, census_) {
  for (std::size_t i = 0; i < contracts_.size(); ++i) contracts_[i]->set_place(i);
  for (const Channel* channel : channels_) {
    rings_.push_back(instances_.take());
    bindings_.named({kHost, rings_.back(), {channel->name}});
  }
}

// Of a histogram its samples' names too.
bool Pump::is_ours(std::string_view metric) const {
  const auto& families = series_.families();  // sorted
  const auto is_a_family = [&](std::string_view wanted, bool histogram) {
    const auto found = std::ranges::lower_bound(
        families, wanted, {}, [](const store::Family& family) { return family.metric->name; });
    return found != families.end() && found->metric->name == wanted &&
           (!histogram || found->metric->kind == Kind::histogram);
  };
  if (is_a_family(metric, false)) return true;
  return std::ranges::any_of(std::array{"_bucket", "_sum", "_count"}, [&](std::string_view end) {
    return metric.ends_with(end) && is_a_family(metric.substr(0, metric.size() - end.size()), true);
  });
}

void Pump::run(const Doorbell& bell, const std::atomic<bool>& stop) {
  while (!stop.load(std::memory_order_acquire)) {
    bell.wait(kLongestSleepNs);
    drain();
  }
  drain();
}

// The sampler's ring comes last: a snapshot then has all that others sent before its mark.
void Pump::drain() {
  for (auto channel = channels_.rbegin(); channel != channels_.rend(); ++channel) drain(**channel);
}

// The tail is noted before News is read: whatever a Record before it speaks of was announced
// before that Record, and so is known by now.
void Pump::drain(Channel& channel) {
  const std::size_t end = channel.records.tail();
  channel.news.drain_until(channel.news.tail(), [&](const News& news) { on_news(*news); });
  channel.records.drain_until(end, [&](const Record& record) { on_record(record); });
}

void Pump::on_record(const Record& record) {
  if (record.group != Group::tick)
    census_.apply(record);
  else if (record.value[std::size_t(TickField::abandoned)] == 0)
    publish(record);
}

void Pump::on_news(NewsItem& item) {
  std::visit(Cases{
                 [&](const auto& identity) { registrar_.on(identity); },
                 [&](const NamedInstance& named) { bindings_.named(named); },
                 [&](const GoneInstance& gone) {
                   bindings_.gone(gone);
                   census_.gone(gone);
                 },
                 [&](Printed& printed) { printers_.set(printed.by, std::move(printed.families)); },
             },
             item);
}

void Pump::publish(const Record& mark) {
  registrar_.on_tick();
  if (registrar_.take_wants_resend())
    channels_.front()->wants_resend.store(true, std::memory_order_relaxed);
  for (const Runtime runtime : registrar_.take_doubted())
    for (Channel* const channel : channels_)
      if (channel->name == to_string(runtime))
        channel->doubts.store(true, std::memory_order_relaxed);
  census_.end_tick(mark.value[std::size_t(TickField::monotonic_ns)]);
  store::Snapshot* const snapshot = pool_.take_free();
  if (!snapshot) return;
  snapshot->printed = printers_.metrics();
  report_printers();
  report(mark);
  bindings_.set_now(mark.value[std::size_t(TickField::realtime_ns)]);
  series_.copy_to(*snapshot);
  snapshot->realtime_ns = mark.value[std::size_t(TickField::realtime_ns)];
  snapshot->monotonic_ns = mark.value[std::size_t(TickField::monotonic_ns)];
  snapshot->views.resize(contracts_.size());
  for (std::size_t i = 0; i < contracts_.size(); ++i)
    contracts_[i]->on_tick(*snapshot, registrar_.identities(), snapshot->views[i]);
  for (contract::Contract* const contract : contracts_)
    for (const std::string& remark : contract->take_remarks()) spdlog::warn("{}", remark);
  pool_.publish(snapshot);
  series_.reclaim(pool_.oldest_in_use());
}

void Pump::report_printers() {
  if (std::exchange(reported_changes_, printers_.changes()) == printers_.changes()) return;
  for (const std::string& remark : printers_.take_remarks()) spdlog::warn("{}", remark);
  printers_.for_each([this](const std::string& by, std::size_t left_out) {
    Reported& reported = reported_[by];
    if (reported.instance == 0) {
      reported.instance = instances_.take();
      bindings_.named({kHost, reported.instance, {"", by}});
    }
    reported.is_there = true;
    Facts<RingField> facts;
    facts.set(RingField::printer_left_out, std::uint64_t(left_out));
    bindings_.apply(facts.part(0, kHost, reported.instance));
  });
  for (auto at = reported_.begin(); at != reported_.end();) {
    const Instance instance = at->second.instance;
    if (std::exchange(at->second.is_there, false)) {
      ++at;
      continue;
    }
    bindings_.gone({kHost, instance});
    instances_.give_back(instance);
    at = reported_.erase(at);
  }
  instances_.settle();  // nobody sends what the pump hands out
}

void Pump::report(const Record& mark) {
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    Facts<RingField> ring;
    ring.set(RingField::dropped, channels_[i]->dropped.load(std::memory_order_relaxed));
    ring.set(RingField::capacity, std::uint64_t(channels_[i]->records.capacity()));
    ring.set(RingField::news_delayed, channels_[i]->news_delayed.load(std::memory_order_relaxed));
    bindings_.apply(ring.part(0, kHost, rings_[i]));
  }
  Facts<SeriesTableField> facts;
  facts.set(SeriesTableField::series, std::uint64_t(series_.size()));
  facts.set(SeriesTableField::refused, series_.refused());
  facts.set(SeriesTableField::stale_records, bindings_.stale_records());
  facts.set(SeriesTableField::snapshot_monotonic_ns,
            mark.value[std::size_t(TickField::monotonic_ns)]);
  facts.set(SeriesTableField::scrapes_refused, pool_.refused());
  facts.set(SeriesTableField::printed, std::uint64_t(printers_.series()));
  std::uint64_t left_out = printers_.left_out();
  for (const contract::Contract* const contract : contracts_) left_out += contract->left_out();
  facts.set(SeriesTableField::printed_left_out, left_out);
  for (std::size_t part = 0; part < Facts<SeriesTableField>::kParts; ++part)
    bindings_.apply(facts.part(part, kHost, 0));
}

}  // namespace hostmeter::app
