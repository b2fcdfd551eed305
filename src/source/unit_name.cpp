#include "source/unit_name.hpp"

namespace hostmeter::source {
namespace {

// Of a lower-case digit; -1 for what is none.
int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

std::string unescaped_unit(std::string_view name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::string_view rest = name.substr(i);
    const bool escape = rest.starts_with("\\x") && rest.size() >= 4 && hex_value(rest[2]) >= 0 &&
                        hex_value(rest[3]) >= 0;
    plain += escape ? char(hex_value(rest[2]) * 16 + hex_value(rest[3])) : rest[0];
    if (escape) i += 3;
  }
  return plain;
}

}  // namespace hostmeter::source
