#include "config/size.hpp"

#include "hostmeter/base/text.hpp"

namespace hostmeter::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};
// From the largest; "B" ends them all.
constexpr Unit kUnits[] = {{"GiB", 1U << 30}, {"MiB", 1U << 20}, {"KiB", 1U << 10}, {"B", 1}};

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    text.remove_suffix(unit.name.size());
    const auto number = Text::to_number(text);
    return number ? scaled(*number, unit.bytes) : std::nullopt;
  }
  return {};
}

std::string write_size(std::uint64_t bytes) {
  for (const Unit& unit : kUnits)
    if (bytes >= unit.bytes && bytes % unit.bytes == 0)
      return std::to_string(bytes / unit.bytes) += unit.name;
  return "0B";
}

}  // namespace hostmeter::config
