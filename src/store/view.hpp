// Lines that a contract makes of a snapshot, under names, types and labels of its own.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hostmeter/metric/family.hpp"
#include "store/label_text.hpp"

namespace hostmeter::store {

struct ViewLine {
  const LabelText* name;    // of the sample: the family's, or of a histogram NAME_bucket …
  const LabelText* labels;  // `{cpu="cpu-total",host="web1"} `, or ` `
  std::uint32_t value;      // index into View::values
};

struct ViewFamily {
  std::string name, help;
  MetricType type = MetricType::unknown;
  std::vector<ViewLine> lines;
};

// Never changed once made: what is new has another layout. Texts are as long-lived as it is.
struct ViewLayout {
  std::vector<ViewFamily> families;                  // sorted by name
  std::vector<std::shared_ptr<const void>> keeps{};  // what the texts belong to
};

// One for each contract that makes lines, in every snapshot: filled by the pump, read by whoever
// holds the snapshot.
struct View {
  std::shared_ptr<const ViewLayout> layout;  // null: nothing yet
  std::vector<double> values;                // NaN: absent
  std::uint64_t version = 0;                 // the contract's own
};

}  // namespace hostmeter::store
