// Labels as the text formats write them.
#pragma once
#include <string>
#include <string_view>

namespace hostmeter::parse {

// Appends name="value", behind a comma when something is there already. An empty value is as none.
inline void append_label(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!out.empty() && out.back() != '{') out += ',';
  out += name;
  out += "=\"";
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace hostmeter::parse
