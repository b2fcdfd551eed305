#include "store/series_table.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/own_groups.hpp"
#include "store/labels.hpp"

namespace hostmeter::store {
namespace {

std::vector<Family> sorted(std::vector<Family> families) {
  std::sort(families.begin(), families.end(),
            [](const Family& a, const Family& b) { return a.metric->name < b.metric->name; });
  return families;
}

}  // namespace

SeriesTable::SeriesTable(std::vector<Family> families, Options options)
    : families_(sorted(std::move(families))),
      options_(std::move(options)),
      lines_(families_.size()) {
  for (std::uint32_t i = 0; i < families_.size(); ++i)
    family_by_metric_.emplace_back(families_[i].metric, i);
  std::sort(family_by_metric_.begin(), family_by_metric_.end());
  for (const auto& [name, value] : options_.labels) append_label(global_labels_, name, value);
  brace_ = LabelText::make("{");
  nothing_ = LabelText::make("");
  rest_ = LabelText::make(global_labels_.empty() ? "} " : "," + global_labels_ + "} ");
  only_global_ = LabelText::make(global_labels_.empty() ? " " : global_labels_ + "} ");
}

SeriesTable::~SeriesTable() = default;

void SeriesTable::set_owner(std::uint32_t slot, std::string_view labels, bool shown) {
  if (slot >= owners_.size()) owners_.resize(slot + 1);
  Owner& owner = owners_[slot];
  owner.shown = shown;
  if (owner.text && owner.text->view() == labels) return;
  if (owner.text) retired_.push_back({sequence_, std::move(owner.text), nullptr});
  owner.text = LabelText::make(labels);
}

void SeriesTable::refresh(SeriesId id) {
  const Series& series = series_[id];
  if (series.owner == kNoOwner) return;
  const Owner& owner = owners_[series.owner];
  if (owner.shown != (series.position != kHidden)) return owner.shown ? show(id) : hide(id);
  if (!owner.shown) return;
  FamilyLines& lines = lines_[series.family];
  Line& line = lines.working[series.position];
  if (line.owner == owner.text.get()) return;
  line.owner = owner.text.get();
  lines.changed = true;
}

void SeriesTable::drop_owner(std::uint32_t slot) {
  if (slot >= owners_.size() || !owners_[slot].text || owners_[slot].series > 0) return;
  retired_.push_back({sequence_, std::move(owners_[slot].text), nullptr});
}

SeriesId SeriesTable::bind(const MetricDesc& metric, std::uint32_t owner,
                           std::span<const std::string_view> values) {
  return bind_text(metric, owner, own_labels(metric, values));
}

SeriesId SeriesTable::bind_text(const MetricDesc& metric, std::uint32_t owner,
                                std::string_view labels) {
  // What tells that the limit is reached must have room, and those that it left out.
  const bool ours =
      (owner == kNoOwner && metric.name.starts_with("hostmeter_")) || owner == kOverflow.slot;
  if (bound_ + metric.lines() > options_.max_series && !ours) {
    ++refused_;
    return kNoSeries;
  }
  const SeriesId id = take_ids(metric.cells());
  Series& series = series_[id];
  series.family = family_of(metric);
  const bool has_owner = owner < owners_.size() && owners_[owner].text;
  series.owner = has_owner ? owner : kNoOwner;
  set_rest(series, labels);
  if (has_owner) ++owners_[owner].series;
  if (!has_owner || owners_[owner].shown) show(id);
  bound_ += metric.lines();
  return id;
}

void SeriesTable::unbind(SeriesId id) {
  hide(id);
  Series& series = series_[id];
  if (series.rest) retired_.push_back({sequence_, std::move(series.rest), nullptr});
  if (series.owner != kNoOwner) --owners_[series.owner].series;
  const MetricDesc& metric = *families_[series.family].metric;
  for (std::size_t cell = 0; cell < metric.cells(); ++cell) clear(id + SeriesId(cell));
  free_[metric.cells()].push_back(id);
  bound_ -= metric.lines();
}

void SeriesTable::show(SeriesId id) {
  Series& series = series_[id];
  const bool has_owner = series.owner != kNoOwner;
  const LabelText* const shared = has_owner ? rest_.get() : only_global_.get();
  const LabelText* const rest = series.rest ? series.rest.get() : shared;
  const bool bare = rest == only_global_.get() && global_labels_.empty();
  const LabelText* const none = bare ? nothing_.get() : brace_.get();
  FamilyLines& lines = lines_[series.family];
  series.position = std::uint32_t(lines.working.size());
  lines.working.push_back(
      {has_owner ? owners_[series.owner].text.get() : none, rest, id, series.owner});
  lines.changed = true;
}

void SeriesTable::hide(SeriesId id) {
  Series& series = series_[id];
  if (series.position == kHidden) return;
  FamilyLines& lines = lines_[series.family];
  lines.working[series.position] = lines.working.back();
  series_[lines.working[series.position].series].position = series.position;
  lines.working.pop_back();
  lines.changed = true;
  series.position = kHidden;
}

void SeriesTable::copy_to(Snapshot& snapshot) {
  copy_values(snapshot);
  snapshot.sequence = ++sequence_;
  round_ = sequence_ + 1;
  snapshot.families = &families_;
  snapshot.lines.resize(lines_.size());
  snapshot.lines_since.resize(lines_.size());
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    FamilyLines& lines = lines_[i];
    if (lines.changed) {
      if (lines.published) retired_.push_back({sequence_ - 1, nullptr, std::move(lines.published)});
      lines.published = std::make_unique<const Lines>(lines.working);
      lines.changed = false;
      lines.since = sequence_;
    }
    snapshot.lines[i] = lines.published.get();
    snapshot.lines_since[i] = lines.since;
  }
}

// What this snapshot held before and has not changed since is not copied.
void SeriesTable::copy_values(Snapshot& snapshot) const {
  if (snapshot.families != &families_) {
    snapshot.values = values_;
    snapshot.present = present_;
    return;
  }
  snapshot.values.resize(values_.size());
  snapshot.present.resize(present_.size());
  for (std::size_t block = 0; block < changed_.size(); ++block) {
    if (changed_[block] <= snapshot.sequence) continue;
    const std::size_t begin = block * kBlock, count = std::min(kBlock, values_.size() - begin);
    std::copy_n(values_.begin() + std::ptrdiff_t(begin), count,
                snapshot.values.begin() + std::ptrdiff_t(begin));
    std::copy_n(present_.begin() + std::ptrdiff_t(begin), count,
                snapshot.present.begin() + std::ptrdiff_t(begin));
  }
}

void SeriesTable::reclaim(std::uint64_t oldest_in_use) {
  while (!retired_.empty() && retired_.front().last_use < oldest_in_use) retired_.pop_front();
}

std::uint32_t SeriesTable::family_of(const MetricDesc& metric) const {
  const auto at = std::lower_bound(family_by_metric_.begin(), family_by_metric_.end(),
                                   std::pair<const MetricDesc*, std::uint32_t>(&metric, 0));
  return at->second;
}

// `device="vda",mode="user"`
std::string SeriesTable::own_labels(const MetricDesc& metric,
                                    std::span<const std::string_view> values) const {
  std::string text;
  std::size_t i = 0;
  for (Text names(metric.labels); !names.empty(); ++i) {
    const std::string_view name = names.until(',');
    if (i < values.size() && !values[i].empty()) append_label(text, name, values[i]);
  }
  return text;
}

void SeriesTable::set_rest(Series& series, std::string_view own) {
  if (own.empty()) return;
  std::string text = series.owner != kNoOwner ? "," : "";
  text += own;
  text += rest_->view();
  series.rest = LabelText::make(text);
}

SeriesId SeriesTable::take_ids(std::size_t count) {
  if (count >= free_.size()) free_.resize(count + 1);
  std::vector<SeriesId>& free = free_[count];
  if (free.empty()) {
    free.push_back(SeriesId(series_.size()));
    series_.resize(series_.size() + count);
    grow(series_.size());
  }
  const SeriesId id = free.back();
  free.pop_back();
  return id;
}

}  // namespace hostmeter::store
