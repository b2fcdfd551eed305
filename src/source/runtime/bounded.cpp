#include "source/runtime/bounded.hpp"

namespace hostmeter::source::runtime {

std::string cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  while (most > 0 && continues(text[most])) --most;
  return std::string(text.substr(0, most));
}

std::vector<std::pair<std::string, std::string>> bounded(
    const std::map<std::string, std::string, std::less<>>& labels) {
  std::vector<std::pair<std::string, std::string>> kept;
  for (const auto& [name, value] : labels) {
    if (kept.size() == Description::kMostLabels) break;
    if (name.empty() || name.size() > Description::kLongestName) continue;
    kept.emplace_back(name, cut(value, Description::kLongestLabel));
  }
  return kept;
}

}  // namespace hostmeter::source::runtime
