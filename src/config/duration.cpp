#include "config/duration.hpp"

#include "hostmeter/base/text.hpp"

namespace hostmeter::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t ns;
};
// From the longest: in "1h30m" each unit may come once, in this order.
constexpr Unit kUnits[] = {{"h", 3'600'000'000'000},
                           {"m", 60'000'000'000},
                           {"s", 1'000'000'000},
                           {"ms", 1'000'000},
                           {"us", 1'000}};

std::string_view take(std::string_view& text, std::string_view characters) {
  const auto end = std::min(text.find_first_not_of(characters), text.size());
  const std::string_view head = text.substr(0, end);
  text.remove_prefix(end);
  return head;
}

// "1.5" of a unit, exactly.
std::optional<std::uint64_t> in_unit(std::string_view number, std::uint64_t unit_ns) {
  const auto dot = number.find('.');
  const auto whole = Text::to_number(number.substr(0, dot));
  auto total = whole ? scaled(*whole, unit_ns) : std::nullopt;
  if (!total || dot == std::string_view::npos) return total;
  std::string_view digits = number.substr(dot + 1);
  if (digits.empty()) return {};
  for (std::uint64_t step = unit_ns; !digits.empty(); digits.remove_prefix(1)) {
    if (digits.front() < '0' || digits.front() > '9' || step % 10 != 0) return {};
    step /= 10;
    *total += step * std::uint64_t(digits.front() - '0');
    if (*total < step) return {};
  }
  return total;
}

}  // namespace

std::optional<std::uint64_t> parse_duration(std::string_view text) {
  if (text.empty() || text.size() > 40) return {};
  std::uint64_t total = 0;
  std::size_t next = 0;
  while (!text.empty()) {
    const std::string_view number = take(text, "0123456789.");
    const std::string_view name = take(text, "abcdefghijklmnopqrstuvwxyz");
    while (next < std::size(kUnits) && kUnits[next].name != name) ++next;
    if (next == std::size(kUnits)) return {};
    const auto part = in_unit(number, kUnits[next++].ns);
    if (!part || __builtin_add_overflow(total, *part, &total)) return {};
  }
  return total;
}

std::string write_duration(std::uint64_t ns) {
  for (const Unit& unit : kUnits)
    if (ns >= unit.ns && ns % unit.ns == 0) return std::to_string(ns / unit.ns) += unit.name;
  return std::to_string(ns / 1'000'000) + "ms";
}

}  // namespace hostmeter::config
