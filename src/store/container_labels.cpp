#include "store/container_labels.hpp"

#include <map>
#include <set>
#include <string_view>

#include "store/labels.hpp"

namespace hostmeter::store {
namespace {

std::string sanitised(std::string_view name) {
  std::string made = "container_label_";
  for (const char c : name) {
    const bool stays = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    made += stays ? c : '_';
  }
  return made;
}

}  // namespace

std::string container_labels(std::span<const std::pair<std::string, std::string>> labels) {
  std::map<std::string, unsigned> wanted;
  for (const auto& [name, value] : labels)
    if (!value.empty()) ++wanted[sanitised(name)];
  std::string text;
  std::set<std::string> given;
  for (const auto& [name, value] : labels) {
    if (value.empty()) continue;
    const std::string plain = sanitised(name);
    std::string shown = plain;
    for (unsigned i = 1; wanted[plain] > 1 && (shown == plain || given.contains(shown)); ++i) {
      shown = plain + "_conflict" + std::to_string(i);
      if (wanted.contains(shown)) shown = plain;  // that is a label of its own
    }
    given.insert(shown);
    append_label(text, shown, value);
  }
  return text;
}

}  // namespace hostmeter::store
