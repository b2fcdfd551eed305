// Text in quotes.
#pragma once
#include <string_view>

namespace hostmeter::parse {

// Takes what is up to the closing quote, and that, where nothing before it is escaped, as in nearly
// all texts. False: something is, or there is no end, and nothing was taken.
inline bool take_unescaped(std::string_view& rest, std::string_view& value) {
  std::size_t size = 0;
  while (size < rest.size() && rest[size] != '"' && rest[size] != '\\') ++size;
  if (size == rest.size() || rest[size] != '"') return false;
  value = rest.substr(0, size);
  rest.remove_prefix(size + 1);
  return true;
}

}  // namespace hostmeter::parse
