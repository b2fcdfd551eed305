#include "tool/diff/report.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hostmeter::tool {
namespace {

using Json = nlohmann::ordered_json;
using Kind = Difference::Kind;

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::string value_of(const Difference& one, bool of_a) {
  const bool has_it = one.kind == (of_a ? Kind::missing : Kind::extra);
  if (has_it) return one.series == 1 ? "1 series" : std::to_string(one.series) + " series";
  const std::string& text = of_a ? one.a : one.b;
  return text.empty() ? "-" : text;
}

std::string line_of(const DiffReport::Who& who, const char* side) {
  std::string line = std::string(side) + " " + who.url + ": " + std::to_string(who.series) +
                     " series of " + std::to_string(who.families) + " metrics\n";
  for (const std::string& note : who.notes) line += "  " + note + "\n";
  return line;
}

std::size_t count(const Comparison& comparison, Kind kind) {
  return std::size_t(std::ranges::count(comparison.differences, kind, &Difference::kind));
}

Json json_of(const DiffReport::Who& who) {
  return {
      {"url", who.url}, {"series", who.series}, {"families", who.families}, {"notes", who.notes}};
}

}  // namespace

std::string diff_table(const DiffReport& report, std::size_t most) {
  std::string text = line_of(report.a, "A") + line_of(report.b, "B");
  const std::vector<Difference>& all = report.comparison.differences;
  std::size_t width = 0, width_a = 0;
  for (const Difference& one : all) {
    width = std::min(std::max(width, one.what.size()), std::size_t{80});
    width_a = std::min(std::max(width_a, value_of(one, true).size()), std::size_t{40});
  }
  std::size_t rows = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Difference& one = all[i];
    rows = i > 0 && all[i - 1].kind == one.kind ? rows + 1 : 0;
    if (rows == 0) text += '\n';
    if (rows == most) {
      text += padded(std::string(to_string(one.kind)), 9) + "and " +
              std::to_string(count(report.comparison, one.kind) - most) +
              " more (--rows, --json)\n";
    }
    if (rows >= most) continue;
    text += padded(std::string(to_string(one.kind)), 9) + padded(one.what, width) + "  " +
            padded(value_of(one, true), width_a) + "  " + value_of(one, false) + "\n";
  }
  text += "\n" + std::to_string(report.comparison.same) + " series are the same";
  if (report.comparison.not_compared != 0)
    text += ", " + std::to_string(report.comparison.not_compared) + " have no rate to compare";
  for (const Kind kind :
       {Kind::missing, Kind::extra, Kind::type, Kind::labels, Kind::value, Kind::rate})
    if (const std::size_t number = count(report.comparison, kind); number != 0)
      text += ", " + std::string(to_string(kind)) + ": " + std::to_string(number);
  return text + "\n";
}

std::string diff_json(const DiffReport& report) {
  Json rows = Json::array();
  for (const Difference& one : report.comparison.differences) {
    Json row{{"kind", to_string(one.kind)}, {"what", one.what}, {"series", one.series}};
    if (!one.a.empty()) row["a"] = one.a;
    if (!one.b.empty()) row["b"] = one.b;
    rows.push_back(std::move(row));
  }
  const Json all{{"a", json_of(report.a)},
                 {"b", json_of(report.b)},
                 {"scrapes", report.scrapes},
                 {"same", report.comparison.same},
                 {"not_compared", report.comparison.not_compared},
                 {"differences", std::move(rows)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hostmeter::tool
