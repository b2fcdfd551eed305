#include "store/labels.hpp"

#include <cstdint>

namespace hostmeter::store {
namespace {

struct Shape {
  unsigned length;
  std::uint32_t least;  // a smaller code point in this length is an overlong form
};

Shape shape_of(unsigned char lead) {
  if (lead < 0x80) return {1, 0};
  if ((lead & 0xe0U) == 0xc0) return {2, 0x80};
  if ((lead & 0xf0U) == 0xe0) return {3, 0x800};
  if ((lead & 0xf8U) == 0xf0) return {4, 0x10000};
  return {0, 0};
}

// Length of the UTF-8 sequence that text begins with; 0 when it is none.
unsigned sequence(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const Shape shape = shape_of(lead);
  if (shape.length <= 1) return shape.length;
  if (text.size() < shape.length) return 0;
  std::uint32_t point = lead & (0xffU >> (shape.length + 1));
  for (unsigned i = 1; i < shape.length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80) return 0;
    point = point << 6 | (next & 0x3fU);
  }
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < shape.least || point > 0x10ffff || surrogate ? 0 : shape.length;
}

}  // namespace

void append_label(std::string& out, std::string_view name, std::string_view value) {
  if (!out.empty() && out.back() != '{') out += ',';
  out += name;
  out += "=\"";
  while (!value.empty()) {
    const unsigned length = sequence(value);
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
