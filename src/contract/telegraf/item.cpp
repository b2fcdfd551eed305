#include "contract/telegraf/item.hpp"

#include <bit>
#include <functional>
#include <unordered_set>

#include "contract/telegraf/filter.hpp"

namespace hostmeter::contract::telegraf {
namespace {

// A field as a metric. Version 1 has no special case for what scripts print; both leave out a field
// that is only called after its kind.
std::string metric_of(const std::string& measurement, const DraftField& field, MetricType type,
                      const Options& options) {
  if (field.is_bare) return measurement;
  const std::string name = field.name.substr(0, field.name.size() - field.suffix.size());
  if (options.metric_version == 1) {
    const bool is_bare = field.name == "value" ||
                         (field.name == "counter" && type == MetricType::counter) ||
                         (field.name == "gauge" && type == MetricType::gauge);
    return is_bare ? measurement : measurement + '_' + name;
  }
  return measurement == "prometheus" ? name : measurement + '_' + name;
}

bool shows(const DraftField& field, const Options& options) {
  return !field.is_bool || options.metric_version > 1;
}

// How each field gets its value.
void plan(Item& item) {
  std::vector<Formula> formulas;
  for (std::uint32_t i = 0; i < item.fields.size(); ++i) {
    const Formula& formula = item.fields[i].formula;
    if (const auto term = item.figures.copied(formula)) {
      item.copies.push_back({term->series, i, term->or_zero});
      continue;
    }
    formulas.push_back(formula);
    item.computed.push_back(i);
  }
  item.figures.want(formulas);
}

std::uint64_t hash_of(const std::string& text) {
  return std::hash<std::string>()(text);
}

class Shaper {
 public:
  Shaper(const Input& input, const Options& options, Names& names)
      : input_(input), options_(options), names_(names) {}

  void add(Item& item, DraftPoint point) const {
    if (!selects(input_.rules, point.measurement, point.tags)) return;
    const std::string called = renamed(input_.renaming, point.measurement);
    add_all(point.tags, input_.tags);
    add_all(point.tags, options_.global_tags);
    drop_tags(input_.rules, point.tags);
    if (options_.always_local_tags) add_all(point.tags, input_.tags);
    if (options_.always_global_tags) add_all(point.tags, options_.global_tags);
    if (!selects(options_.output_rules, called, point.tags)) return;
    drop_tags(options_.output_rules, point.tags);
    const std::string measurement = renamed(options_.renaming, called);
    if (options_.string_as_label)
      for (const auto& [name, value] : point.strings)
        if (keeps(name)) add_string(point.tags, name, value);
    const auto first = std::uint32_t(item.fields.size());
    for (const DraftField& field : point.fields) add(item, measurement, field, point.type);
    const auto count = std::uint32_t(item.fields.size()) - first;
    if (count == 0) return;
    const std::string labels = as_labels(point.tags);
    item.points.push_back({store::LabelText::make(labels), first, count});
    item.hash = mixed(item.hash, hash_of(labels));
  }

 private:
  static void add_all(Tags& tags, const Tags& more) {
    for (const auto& [name, value] : more) telegraf::add(tags, name, value);
  }
  bool keeps(const std::string& field) const {
    return keeps_field(input_.rules, field) && keeps_field(options_.output_rules, field);
  }
  // In version 1 a field stands before a tag of its name.
  void add_string(Tags& tags, const std::string& name, const std::string& value) const {
    if (options_.metric_version == 1)
      set(tags, name, value);
    else
      telegraf::add(tags, name, value);
  }
  void add(Item& item, const std::string& measurement, const DraftField& field,
           MetricType type) const {
    if (!keeps(field.name) || !shows(field, options_)) return;
    const std::string metric =
        as_metric_name(metric_of(measurement, field, type, options_), options_.metric_version);
    if (metric.empty()) return;
    constexpr const char* kHelp = "Telegraf collected metric";
    const std::uint32_t family = names_.of(metric, type, field.help.empty() ? kHelp : field.help);
    const std::uint32_t sample =
        field.suffix.empty() ? family : names_.of(metric + field.suffix, type, {});
    item.fields.push_back({family, sample, field.formula});
    item.hash =
        mixed(mixed(item.hash, hash_of(names_[sample].text)), std::uint64_t(field.formula.how));
    item.hash = mixed(mixed(item.hash, hash_of(names_[family].help)), std::uint64_t(type));
    if (item.is_printed) return;
    item.hash = mixed(item.hash, std::bit_cast<std::uint64_t>(field.formula.scale));
    item.hash = mixed(item.hash, field.formula.a | std::uint64_t{field.formula.b} << 16U |
                                     std::uint64_t{field.formula.c} << 32U);
  }

  const Input& input_;
  const Options& options_;
  Names& names_;
};

std::string line_of(const Item::Field& field, const Item::Point& point, const Names& names) {
  return std::string(names[field.sample].as_text->view()) += point.labels->view();
}

}  // namespace

std::uint32_t Names::of(const std::string& text, MetricType type, const std::string& help) {
  std::string key = text;
  ((key += '\0') += char(type)) += help;
  const auto next = std::uint32_t(names_.size());
  const auto [at, is_new] = index_.try_emplace(std::move(key), next);
  if (!is_new) return at->second;
  const std::uint32_t first = first_.try_emplace(text, next).first->second;
  auto as_text = first == next ? store::LabelText::make(text) : names_[first]->as_text;
  names_.push_back(std::make_unique<const Name>(Name{text, help, type, first, std::move(as_text)}));
  return next;
}

void rename(Item& item, const Names& from, Names& to) {
  const auto again = [&](std::uint32_t index) {
    return to.of(from[index].text, from[index].type, from[index].help);
  };
  for (Item::Field& field : item.fields) {
    field.family = again(field.family);
    field.sample = again(field.sample);
  }
}

ItemLines lines_of(const Item& item, const Names& names) {
  ItemLines all;
  for (const Item::Point& point : item.points)
    for (std::uint32_t i = point.first; i < point.first + point.count; ++i)
      all.insert(line_of(item.fields[i], point, names));
  return all;
}

std::shared_ptr<Item> remains_of(const Item& item, const ItemLines& newer, const Names& names) {
  auto left = std::make_shared<Item>(Item{.key = item.key, .is_printed = true});
  left->renewed_ns = item.renewed_ns;
  left->is_gone = true;
  for (const Item::Point& point : item.points) {
    const auto first = std::uint32_t(left->fields.size());
    for (std::uint32_t i = point.first; i < point.first + point.count; ++i) {
      Item::Field field = item.fields[i];
      if (newer.contains(line_of(field, point, names))) continue;
      const double value = item.figures.value(field.formula);
      field.formula = {.a = left->figures.sum({{.series = Term::kOne, .scale = value}})};
      left->fields.push_back(field);
    }
    const auto count = std::uint32_t(left->fields.size()) - first;
    if (count > 0)
      left->points.push_back({store::LabelText::make(point.labels->view()), first, count});
  }
  if (left->fields.empty()) return nullptr;
  plan(*left);
  return left;
}

Item item_of(Draft draft, const Input& input, const Options& options, Names& names) {
  Item item{.key = std::move(draft.key),
            .made_of = draft.made_of,
            .thing = draft.thing,
            .hash = draft.thing,
            .is_printed = draft.is_printed};
  const Shaper shaper(input, options, names);
  for (DraftPoint& point : draft.points) shaper.add(item, std::move(point));
  if (!item.is_printed) item.hash = draft.figures.hash(item.hash);
  item.figures = std::move(draft.figures);
  plan(item);
  return item;
}

}  // namespace hostmeter::contract::telegraf
