#include "source/runtime/bounded.hpp"

namespace hostmeter::source::runtime {

std::string cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  while (most > 0 && continues(text[most])) --most;
  return std::string(text.substr(0, most));
}

void set_labels(Description& description,
                const std::map<std::string, std::string, std::less<>>& labels) {
  description.labels.clear();
  for (const auto& [name, value] : labels) {
    if (description.labels.size() == Description::kMostLabels) return;
    if (name.empty() || name.size() > Description::kLongestName) continue;
    description.labels.emplace_back(name, cut(value, Description::kLongestLabel));
  }
}

}  // namespace hostmeter::source::runtime
