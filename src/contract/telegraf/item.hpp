// A draft with its final names: what one thing adds to the lines that are served.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "contract/telegraf/draft.hpp"
#include "contract/telegraf/options.hpp"
#include "store/view.hpp"

namespace hostmeter::contract::telegraf {

// Names of families and samples with their type and help, each once. Texts are shared by all lines,
// whatever type they have.
class Names {
 public:
  struct Name {
    std::string text, help;
    MetricType type;
    std::uint32_t first;  // of those with that text
    std::shared_ptr<const store::LabelText> as_text;
  };

  std::uint32_t of(const std::string& text, MetricType type, const std::string& help);
  const Name& operator[](std::uint32_t index) const { return *names_[index]; }
  std::size_t size() const { return names_.size(); }

 private:
  std::unordered_map<std::string, std::uint32_t> index_, first_;
  std::vector<std::unique_ptr<const Name>> names_;
};

struct Item {
  struct Field {
    std::uint32_t family, sample;  // names
    Formula formula;
  };
  struct Point {
    store::LabelText::Owned labels;
    std::uint32_t first = 0, count = 0;  // fields
  };

  // A field that is what a series is: most are.
  struct Copy {
    SeriesId series;
    std::uint32_t field;
    bool or_zero;
  };

  std::string key;
  std::uint64_t made_of = 0;  // as of the draft
  std::uint64_t thing = 0;    // which one of that key
  std::uint64_t hash = 0;     // of all but values
  bool is_printed = false;
  std::vector<Point> points{};
  std::vector<Field> fields{};
  std::vector<Copy> copies{};
  std::vector<std::uint32_t> computed{};  // all other fields
  Figures figures{};
  static constexpr std::uint32_t kNowhere = ~0U;
  std::uint32_t first_value = kNowhere;  // of its fields, in View::values
  std::uint64_t renewed_ns = 0;          // monotonic: 0: never
  bool is_gone = false;                  // it stays until it expires
};

// The same in other names' indices.
void rename(Item& item, const Names& from, Names& to);

// Names and labels of an item's fields.
using ItemLines = std::unordered_set<std::string>;
ItemLines lines_of(const Item& item, const Names& names);

// What of a printed item is not among those of a newer one, with its values, as one that is gone.
// Null: nothing.
std::shared_ptr<Item> remains_of(const Item& item, const ItemLines& newer, const Names& names);

// Filters and names as the input and the output say.
Item item_of(Draft draft, const Input& input, const Options& options, Names& names);

}  // namespace hostmeter::contract::telegraf
