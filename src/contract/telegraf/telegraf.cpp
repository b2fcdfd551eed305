#include "contract/telegraf/telegraf.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "contract/telegraf/layout.hpp"
#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {
namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t kNever = ~std::uint64_t{0};
constexpr std::size_t kMostGone = 2'000;        // of an input, until they expire
constexpr std::size_t kMostGoneLines = 10'000;  // likewise, of what scripts printed
constexpr std::size_t kMostIdleNames = 10'000;  // that scripts no more use
constexpr std::string_view kProcess = "process_";
// Of those who tell how the agent does: itself, and what it depends on.
constexpr std::string_view kOwnCollectors[] = {"agent", "bpf_map", "disk_unseen", "driver",
                                               "script"};

// What it was that this script said; null: nothing.
const std::vector<MetricFamily>* said_by(const store::PrintedMetrics* printed,
                                         const std::string& by) {
  if (!printed) return nullptr;
  const auto at = std::ranges::lower_bound(printed->said, by, {}, &store::PrintedMetrics::Said::by);
  return at != printed->said.end() && at->by == by ? at->families.get() : nullptr;
}

// Whether it is served as it is: what is said of the agent itself.
bool is_own(const store::Family& family, const Options& options) {
  return std::ranges::find(kOwnCollectors, family.collector) != std::end(kOwnCollectors) &&
         (options.process_collector || !family.metric->name.starts_with(kProcess));
}

std::set<std::string, std::less<>> own_names(const store::Snapshot& snapshot,
                                             const Options& options) {
  std::set<std::string, std::less<>> names;
  for (const store::Family& family : *snapshot.families)
    if (is_own(family, options)) names.emplace(family.metric->name);
  return names;
}

}  // namespace

Telegraf::Telegraf(Options options) : options_(std::move(options)) {
  std::uint64_t seed = 0;
  inputs_.reserve(options_.inputs.size());
  for (const Input& input : options_.inputs)
    inputs_.push_back({.input = input,
                       .schedule = Schedule(input.timing, ++seed),
                       .seen = {},
                       .items = {},
                       .printed = {}});
  counts_.resize(inputs_.size() * std::size_t(InputCount::count));
}

void Telegraf::on_tick(const store::Snapshot& snapshot, const store::Identities& identities,
                       store::View& view) {
  for (Gathered& one : inputs_) look_if_due(one, snapshot, identities);
  if (has_other_lines_) put_together(snapshot);
  for (const Gathered& one : inputs_) gather_if_due(one, snapshot);
  if (snapshot.monotonic_ns >= next_expiry_ns_) expire(snapshot.monotonic_ns);
  if (has_other_lines_) put_together(snapshot);
  if (view.version == version_) return;
  view.layout = layout_;
  view.values = values_;
  view.version = version_;
}

void Telegraf::look_if_due(Gathered& one, const store::Snapshot& snapshot,
                           const store::Identities& identities) {
  if (const Exec* const exec = std::get_if<Exec>(&one.input.plugin)) {
    if (one.printed != snapshot.printed) take_printed(one, *exec, snapshot);
    return;
  }
  one.due = one.schedule.at(snapshot.realtime_ns);
  if (one.due != Schedule::Due::no && !one.seen.is_as_it_was(snapshot, identities))
    look(one, snapshot, identities);
}

void Telegraf::gather_if_due(const Gathered& one, const store::Snapshot& snapshot) {
  if (one.due == Schedule::Due::no) return;
  std::size_t metrics = 0;
  for (const auto& item : one.items) {
    if (item->is_gone) continue;
    if (one.due == Schedule::Due::soon) {
      item->figures.remember(snapshot);
      continue;
    }
    gather(*item, snapshot);
    metrics += item->points.size();
  }
  if (one.due == Schedule::Due::soon) return;
  ++count(one, InputCount::gathers);
  count(one, InputCount::metrics) += metrics;
}

std::uint64_t& Telegraf::count(const Gathered& one, InputCount what) {
  const auto place = std::size_t(&one - inputs_.data());
  return counts_[place * std::size_t(InputCount::count) + std::size_t(what)];
}

// Of the items there were, those that are to be there again, by key.
class Telegraf::Old {
 public:
  explicit Old(Items& items) : items_(items) {
    for (auto& item : items_) by_key_.emplace(item->key, &item);
  }
  // Null: there is none.
  std::shared_ptr<Item>* find(const std::string& key) const {
    const auto at = by_key_.find(key);
    return at == by_key_.end() || !*at->second ? nullptr : at->second;
  }
  std::shared_ptr<Item> take(const std::string& key) {
    std::shared_ptr<Item>* const known = find(key);
    return known ? std::move(*known) : nullptr;
  }
  // What a script printed before and does not print now stays until it expires.
  void outdate(const Item* before, const Item& newer, const Names& names) {
    if (before == &newer) return;  // the same lines
    const ItemLines lines = lines_of(newer, names);
    if (before)
      if (auto left = remains_of(*before, lines, names)) remains_.push_back(std::move(left));
    for (auto& item : items_)
      if (item && item->key == newer.key) item = remains_of(*item, lines, names);
  }
  // Who is no more stays until it expires. Whether that is new.
  bool leave(Items& to) {
    std::erase(items_, nullptr);
    items_.insert(items_.end(), remains_.begin(), remains_.end());
    const std::size_t skipped = too_many();
    bool is_new = skipped > 0;
    for (std::size_t i = skipped; i < items_.size(); ++i) {
      is_new |= !std::exchange(items_[i]->is_gone, true);
      to.push_back(items_[i]);
    }
    return is_new;
  }

 private:
  // The oldest of them.
  std::size_t too_many() const {
    std::size_t first = items_.size(), lines = 0;
    while (first > 0 && items_.size() - first < kMostGone) {
      const Item& item = *items_[first - 1];
      if (item.is_printed) lines += item.fields.size();
      if (lines > kMostGoneLines) break;
      --first;
    }
    return first;
  }

  Items& items_;
  Items remains_;
  std::unordered_map<std::string, std::shared_ptr<Item>*> by_key_;
};

// Makes items of drafts. What is as it was keeps what it remembers.
class Telegraf::Maker final : public Taker {
 public:
  Maker(Telegraf& self, Gathered& one) : self_(self), one_(one), old_(one.items) {}

  bool keeps(const std::string& key, std::uint64_t made_of) override {
    std::shared_ptr<Item>* const known = old_.find(key);
    if (!known || (*known)->is_gone || (*known)->made_of != made_of) return false;
    items_.push_back(std::move(*known));
    return true;
  }
  void take(Draft draft) override {
    draft.figures.count_with(self_.counts_.data());
    Item item = item_of(std::move(draft), one_.input, self_.options_, *self_.names_);
    items_.push_back(self_.renewed(old_, std::move(item)));
  }
  void finish() {
    self_.has_other_lines_ |= old_.leave(items_);
    one_.items = std::move(items_);
  }

 private:
  Telegraf& self_;
  Gathered& one_;
  Old old_;
  Items items_;
};

void Telegraf::look(Gathered& one, const store::Snapshot& snapshot,
                    const store::Identities& identities) {
  Source source(snapshot, identities);
  Maker maker(*this, one);
  std::visit(
      [&](const auto& plugin) {
        if constexpr (requires { drafts(plugin, source, maker); })
          drafts(plugin, source, maker);
        else
          for (Draft& draft : drafts(plugin, source)) maker.take(std::move(draft));
      },
      one.input.plugin);
  one.seen = Seen(source);
  maker.finish();
}

void Telegraf::take_printed(Gathered& one, const Exec& exec, const store::Snapshot& snapshot) {
  Items items;
  Old old(one.items);
  const store::PrintedMetrics* const now = snapshot.printed.get();
  for (std::size_t i = 0; now && i < now->said.size(); ++i) {
    const store::PrintedMetrics::Said& said = now->said[i];
    if (!is_wanted(exec, said)) continue;
    const bool is_said_again = said.families.get() != said_by(one.printed.get(), said.by);
    if (auto known = is_said_again ? nullptr : old.take(said.by)) {
      items.push_back(std::move(known));
      continue;
    }
    Item item = item_of(printed_draft(exec, said), one.input, options_, *names_);
    ++count(one, InputCount::gathers);
    count(one, InputCount::metrics) += item.points.size();
    const auto* const known = old.find(said.by);
    const std::shared_ptr<Item> before = known ? *known : nullptr;
    items.push_back(renewed(old, std::move(item)));
    old.outdate(before.get(), *items.back(), *names_);
    if (items.back()->first_value != Item::kNowhere) gather(*items.back(), snapshot);
  }
  has_other_lines_ |= old.leave(items);
  one.items = std::move(items);
  one.printed = snapshot.printed;
}

std::shared_ptr<Item> Telegraf::renewed(Old& old, Item item) {
  std::shared_ptr<Item> known = old.take(item.key);
  if (known && !known->is_gone && known->hash == item.hash) {
    if (item.is_printed) {  // its sums are numbered anew
      known->figures = std::move(item.figures);
      known->fields = std::move(item.fields);
      known->copies = std::move(item.copies);
      known->computed = std::move(item.computed);
    }
    known->made_of = item.made_of;
    return known;
  }
  if (known && known->thing == item.thing) item.figures.inherit(known->figures);
  has_other_lines_ = true;
  return std::make_shared<Item>(std::move(item));
}

void Telegraf::put_together(const store::Snapshot& snapshot) {
  Items all;
  for (const Gathered& one : inputs_) all.insert(all.end(), one.items.begin(), one.items.end());
  if (layout_ && names_->size() > 2 * layout_->families.size() + kMostIdleNames) {
    auto fewer = std::make_shared<Names>();
    for (const auto& item : all) rename(*item, *names_, *fewer);
    names_ = std::move(fewer);
  }
  std::vector<std::uint32_t> before;
  before.reserve(all.size());
  for (const auto& item : all) before.push_back(item->first_value);
  if (own_names_.empty()) own_names_ = own_names(snapshot, options_);
  Assembled made = assembled(all, names_, own_names_);
  layout_ = std::move(made.layout);
  say_left_out(made.left_out, made.left_out_of);
  std::vector<double> values(made.values, kAbsent);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (before[i] != Item::kNowhere)
      std::copy_n(values_.begin() + before[i], all[i]->fields.size(),
                  values.begin() + all[i]->first_value);
  values_ = std::move(values);
  // Who has just come need not wait for the next gather, unless that is now.
  std::size_t i = 0;
  for (const Gathered& one : inputs_)
    for (const auto& item : one.items)
      if (before[i++] == Item::kNowhere && one.due != Schedule::Due::now) gather(*item, snapshot);
  has_other_lines_ = false;
  ++version_;
}

void Telegraf::say_left_out(std::size_t series, const std::string& of) {
  left_out_ = series;
  if (std::exchange(left_out_of_, of) == of || of.empty()) return;
  remarks_.push_back(std::to_string(series) + " series that inputs.exec printed are left out: " +
                     of + " is a metric of the agent's own");
}

void Telegraf::gather(Item& item, const store::Snapshot& snapshot) {
  item.figures.gather(snapshot);
  double* const values = values_.data() + item.first_value;
  for (const Item::Copy& copy : item.copies)
    values[copy.field] = snapshot.present[copy.series] ? double(snapshot.values[copy.series])
                         : copy.or_zero                ? 0
                                                       : kAbsent;
  for (const std::uint32_t field : item.computed)
    values[field] = item.figures.value(item.fields[field].formula);
  if (!item.is_gone) item.renewed_ns = snapshot.monotonic_ns;
  next_expiry_ns_ = std::min(next_expiry_ns_, expiry_of(item));
  ++version_;
}

std::uint64_t Telegraf::expiry_of(const Item& item) const {
  return options_.expiration_ns == 0 ? kNever : item.renewed_ns + options_.expiration_ns;
}

void Telegraf::expire(std::uint64_t now_ns) {
  next_expiry_ns_ = kNever;
  for (Gathered& one : inputs_) {
    const auto is_over = [&](const auto& item) { return expiry_of(*item) < now_ns; };
    for (const auto& item : one.items) {
      if (!is_over(item)) {
        next_expiry_ns_ = std::min(next_expiry_ns_, expiry_of(*item));
        continue;
      }
      std::fill_n(values_.begin() + item->first_value, item->fields.size(), kAbsent);
      ++version_;
    }
    if (std::erase_if(one.items, [&](const auto& item) { return item->is_gone && is_over(item); }))
      has_other_lines_ = true;
  }
}

Shown Telegraf::shown(const store::Snapshot& snapshot, const Selection&) const {
  Shown shown{.view = view_of(snapshot)};
  for (std::size_t i = 0; i < snapshot.families->size(); ++i)
    if (is_own((*snapshot.families)[i], options_)) shown.families.push_back(i);
  return shown;
}

}  // namespace hostmeter::contract::telegraf
