#include "store/labels.hpp"

#include "hostmeter/base/utf8.hpp"

namespace hostmeter::store {
void append_label(std::string& out, std::string_view name, std::string_view value) {
  if (!out.empty() && out.back() != '{') out += ',';
  out += name;
  out += "=\"";
  while (!value.empty()) {
    const std::size_t length = utf8_length(value);
    if (length == 0)
      out += "\xEF\xBF\xBD";
    else if (value.front() == '\n')
      out += "\\n";
    else if (value.front() == '"' || value.front() == '\\')
      (out += '\\') += value.front();
    else
      out += value.substr(0, length);
    value.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

}  // namespace hostmeter::store
