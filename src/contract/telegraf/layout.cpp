#include "contract/telegraf/layout.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

namespace hostmeter::contract::telegraf {
namespace {

struct Placed {
  const Item* item;
  const Item::Point* point;
};

using Taken = std::set<std::string, std::less<>>;

class Assembly {
 public:
  explicit Assembly(const Names& names) : names_(names), families_(names.size()) {}

  void add_sorted(const Placed& placed) {
    each_line(placed, [&](std::uint32_t, Family& family, const store::ViewLine& line) {
      const bool is_same = !family.lines.empty() && family.lines.back().name == line.name &&
                           family.lines.back().labels->view() == line.labels->view();
      if (!is_same)
        family.lines.push_back(line);
      else if (!placed.item->is_gone)
        family.lines.back() = line;
      return true;
    });
  }
  // Of those that are the same the first stands: two scripts that contradict each other, or one
  // and another input.
  void add_printed(const Placed& placed) {
    each_line(placed, [&](std::uint32_t sample, Family& family, const store::ViewLine& line) {
      remember_sorted(sample);
      const bool is_new = printed_.insert(key_of(line)).second;
      if (is_new) family.lines.push_back(line);
      return is_new;
    });
  }
  std::shared_ptr<store::ViewLayout> finish(const Taken& taken, Assembled& made) {
    auto layout = std::make_shared<store::ViewLayout>();
    for (Family& family : families_) {
      if (family.lines.empty()) continue;
      const Names::Name& name = names_[family.described_by];
      if (is_taken(taken, name.text, family.lines)) {
        if (made.left_out == 0) made.left_out_of = name.text;
        made.left_out += family.lines.size();
        continue;
      }
      layout->families.push_back({name.text, name.help, name.type, std::move(family.lines)});
    }
    std::ranges::sort(layout->families, {}, &store::ViewFamily::name);
    return layout;
  }

 private:
  // All of one text, whatever types it has: what is there says of which one it is.
  struct Family {
    std::vector<store::ViewLine> lines;
    std::uint32_t described_by = 0;
    bool is_described_by_gone = true;
    bool is_remembered = false;  // its sorted lines, in printed_
  };

  // What its samples are called counts too: of a histogram NAME_count …
  static bool is_taken(const Taken& taken, const std::string& family,
                       const std::vector<store::ViewLine>& lines) {
    return taken.contains(family) || std::ranges::any_of(lines, [&](const store::ViewLine& line) {
             return taken.contains(line.name->view());
           });
  }
  static std::string key_of(const store::ViewLine& line) {
    std::string key(line.name->view());
    return key += line.labels->view();
  }
  void remember_sorted(std::uint32_t sample) {
    Family& family = families_[sample];
    if (std::exchange(family.is_remembered, true)) return;
    for (const store::ViewLine& line : family.lines) printed_.insert(key_of(line));
  }
  // take(the sample's name, family, line): whether the family has something of it.
  template <class Take>
  void each_line(const Placed& placed, Take take) {
    const auto [item, point] = placed;
    for (std::uint32_t i = point->first; i < point->first + point->count; ++i) {
      const Item::Field& field = item->fields[i];
      const Names::Name& sample = names_[field.sample];
      Family& family = families_[names_[field.family].first];
      const bool is_first = family.lines.empty();
      const store::ViewLine line{sample.as_text.get(), point->labels.get(), item->first_value + i};
      if (!take(sample.first, family, line)) continue;
      if (!is_first && (item->is_gone || !family.is_described_by_gone)) continue;
      family.described_by = field.family;
      family.is_described_by_gone = item->is_gone;
    }
  }

  const Names& names_;
  std::vector<Family> families_;  // by the first name of their text
  std::unordered_set<std::string> printed_;
};

}  // namespace

Assembled assembled(const std::vector<std::shared_ptr<Item>>& items,
                    const std::shared_ptr<const Names>& names, const Taken& taken) {
  Assembled made;
  std::vector<Placed> sorted, printed;
  for (const auto& item : items) {
    item->first_value = std::uint32_t(made.values);
    made.values += item->fields.size();
    for (const Item::Point& point : item->points)
      (item->is_printed ? printed : sorted).push_back({item.get(), &point});
  }
  // Those that are gone behind those that are there.
  std::ranges::stable_sort(printed, {}, [](const Placed& one) { return one.item->is_gone; });
  std::ranges::stable_sort(sorted, [](const Placed& a, const Placed& b) {
    const int order = a.point->labels->view().compare(b.point->labels->view());
    return order != 0 ? order < 0 : a.item->is_gone && !b.item->is_gone;
  });
  Assembly assembly(*names);
  for (const Placed& placed : sorted) assembly.add_sorted(placed);
  for (const Placed& placed : printed) assembly.add_printed(placed);
  auto layout = assembly.finish(taken, made);
  layout->keeps.emplace_back(names);
  layout->keeps.insert(layout->keeps.end(), items.begin(), items.end());
  made.layout = std::move(layout);
  return made;
}

}  // namespace hostmeter::contract::telegraf
