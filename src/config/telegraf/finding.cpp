#include "config/telegraf/finding.hpp"

#include <algorithm>

#include "config/source_text.hpp"

namespace hostmeter::config::telegraf {
namespace {

// Longer ones do not move the columns of the others.
constexpr std::size_t kWidestColumn = 48;

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

}  // namespace

std::string_view to_string(Effect effect) {
  switch (effect) {
    case Effect::lost:
      return "LOST";
    case Effect::differs:
      return "differs";
    default:
      return "-";
  }
}

std::string to_string(const Place& place, const std::vector<std::string>& files) {
  std::string text = place.file < files.size() ? printable(files[place.file]) : std::string();
  if (place.line > 0) text += ':' + std::to_string(place.line);
  return text;
}

bool loses_something(std::span<const Finding> findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& each) { return each.effect == Effect::lost; });
}

std::vector<std::string> write_table(std::span<const Finding> findings,
                                     const std::vector<std::string>& files) {
  std::size_t places = 0, names = 0;
  for (const Finding& each : findings) {
    places = std::max(places, std::min(to_string(each.place, files).size(), kWidestColumn));
    names = std::max(names, std::min(each.what.size(), kWidestColumn));
  }
  std::vector<std::string> lines;
  for (const Finding& each : findings)
    lines.push_back(padded(to_string(each.place, files), places) + "  " + padded(each.what, names) +
                    "  " + padded(std::string(to_string(each.effect)), 7) + "  " + each.instead);
  return lines;
}

}  // namespace hostmeter::config::telegraf
