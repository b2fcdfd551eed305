#include "config/telegraf/go_duration.hpp"

#include <algorithm>
#include <limits>

#include "hostmeter/base/text.hpp"

namespace hostmeter::config::telegraf {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t ns;
};
// Both letters that look like a micro sign; days since Telegraf 1.30.
constexpr Unit kUnits[] = {{"ns", 1},
                           {"us", 1'000},
                           {"\xC2\xB5s", 1'000},
                           {"\xCE\xBCs", 1'000},
                           {"ms", 1'000'000},
                           {"s", 1'000'000'000},
                           {"m", 60'000'000'000},
                           {"h", 3'600'000'000'000},
                           {"d", 86'400'000'000'000}};
constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();

std::string_view take_digits(std::string_view& text) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  const std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  return digits;
}

std::uint64_t fraction_of(std::string_view digits, std::uint64_t unit_ns) {
  std::uint64_t total = 0;
  std::uint64_t rest = unit_ns;  // what one digit further right is worth, times ten
  for (const char digit : digits.substr(0, 18)) {
    total += std::uint64_t(digit - '0') * rest / 10;
    rest /= 10;
  }
  return total;
}

// Takes "1.5h" off the text's front.
std::optional<std::uint64_t> take_part(std::string_view& text) {
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole.empty() && fraction.empty()) return {};
  const auto end = std::min(text.find_first_of(".0123456789"), text.size());
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  const auto* unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                  [&](const Unit& each) { return each.name == name; });
  if (unit == std::end(kUnits)) return {};
  const auto number = whole.empty() ? std::optional<std::uint64_t>(0) : Text::to_number(whole);
  const auto scaled_number = number ? scaled(*number, unit->ns) : std::nullopt;
  if (!scaled_number || *scaled_number > kMost) return {};
  return *scaled_number + fraction_of(fraction, unit->ns);
}

}  // namespace

std::optional<std::uint64_t> parse_go_duration(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty() || text.size() > 64) return {};
  std::uint64_t total = 0;
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part || __builtin_add_overflow(total, *part, &total) || total > kMost) return {};
  }
  return total;
}

}  // namespace hostmeter::config::telegraf
