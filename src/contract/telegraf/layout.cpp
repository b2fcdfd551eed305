#include "contract/telegraf/layout.hpp"

#include <algorithm>
#include <unordered_set>

namespace hostmeter::contract::telegraf {
namespace {

struct Placed {
  const Item* item;
  const Item::Point* point;
};

class Assembly {
 public:
  explicit Assembly(const Names& names) : names_(names), lines_(names.size()) {}

  void add_sorted(const Placed& placed) {
    each_line(placed, [&](std::uint32_t family, const store::ViewLine& line) {
      auto& lines = lines_[family];
      const bool is_same = !lines.empty() && lines.back().name == line.name &&
                           lines.back().labels->view() == line.labels->view();
      if (!is_same)
        lines.push_back(line);
      else if (!placed.item->is_gone)
        lines.back() = line;
    });
  }
  // Of those that are the same the first stands: two scripts that contradict each other.
  void add_printed(const Placed& placed) {
    each_line(placed, [&](std::uint32_t family, const store::ViewLine& line) {
      std::string key(line.name->view());
      if (printed_.insert(key += line.labels->view()).second) lines_[family].push_back(line);
    });
  }
  std::shared_ptr<store::ViewLayout> finish() {
    auto layout = std::make_shared<store::ViewLayout>();
    for (std::uint32_t i = 0; i < lines_.size(); ++i)
      if (!lines_[i].empty())
        layout->families.push_back(
            {names_[i].text, names_[i].help, names_[i].type, std::move(lines_[i])});
    std::ranges::sort(layout->families, {}, &store::ViewFamily::name);
    return layout;
  }

 private:
  template <class Take>
  void each_line(const Placed& placed, Take take) const {
    const auto [item, point] = placed;
    for (std::uint32_t i = point->first; i < point->first + point->count; ++i) {
      const Item::Field& field = item->fields[i];
      take(field.family, store::ViewLine{names_[field.sample].as_text.get(), point->labels.get(),
                                         item->first_value + i});
    }
  }

  const Names& names_;
  std::vector<std::vector<store::ViewLine>> lines_;  // by family
  std::unordered_set<std::string> printed_;
};

}  // namespace

std::shared_ptr<const store::ViewLayout> layout_of(const std::vector<std::shared_ptr<Item>>& items,
                                                   const std::shared_ptr<const Names>& names,
                                                   std::size_t& size) {
  std::vector<Placed> sorted, printed;
  size = 0;
  for (const auto& item : items) {
    item->first_value = std::uint32_t(size);
    size += item->fields.size();
    for (const Item::Point& point : item->points)
      (item->is_printed ? printed : sorted).push_back({item.get(), &point});
  }
  // Those that are gone before those that are there.
  std::ranges::stable_sort(printed, {}, [](const Placed& one) { return one.item->is_gone; });
  std::ranges::stable_sort(sorted, [](const Placed& a, const Placed& b) {
    const int order = a.point->labels->view().compare(b.point->labels->view());
    return order != 0 ? order < 0 : a.item->is_gone && !b.item->is_gone;
  });
  Assembly assembly(*names);
  for (const Placed& placed : sorted) assembly.add_sorted(placed);
  for (const Placed& placed : printed) assembly.add_printed(placed);
  auto layout = assembly.finish();
  layout->keeps.emplace_back(names);
  layout->keeps.insert(layout->keeps.end(), items.begin(), items.end());
  return layout;
}

}  // namespace hostmeter::contract::telegraf
