#include "expose/view_text.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "expose/printed_text.hpp"
#include "expose/value.hpp"

namespace hostmeter::expose {
namespace {

char* append(char* out, const store::LabelText& text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

}  // namespace

ViewText::ViewText(const store::View* view)
    : view_(view), layout_(view ? view->layout.get() : nullptr) {}

char* ViewText::fill(char* out, char* end, std::size_t most) {
  for (; !is_written(); ++family_, line_ = 0, has_begun_ = false) {
    const store::ViewFamily& family = layout_->families[family_];
    if (!has_begun_ && !has_value(family)) continue;
    if (!has_begun_) header_ = header(family.name, family.help, name_of(family.type));
    has_begun_ = true;
    if (header_.size() > most) header_.clear();
    if (std::size_t(end - out) < header_.size()) return out;
    out = std::copy(header_.begin(), header_.end(), out);
    header_.clear();
    out = fill_lines(family, out, end, most);
    if (line_ < family.lines.size()) return out;
  }
  return out;
}

char* ViewText::fill_lines(const store::ViewFamily& family, char* out, char* end,
                           std::size_t most) {
  for (; line_ < family.lines.size(); ++line_) {
    const store::ViewLine& line = family.lines[line_];
    const double value = view_->values[line.value];
    const std::size_t needed = line.name->size() + line.labels->size() + kLongestValue + 1;
    if (std::isnan(value) || needed > most) continue;
    if (std::size_t(end - out) < needed) return out;
    out = append(append(out, *line.name), *line.labels);
    out = write_value(out, std::bit_cast<std::uint64_t>(value), Encoding::real, 0);
    *out++ = '\n';
  }
  return out;
}

bool ViewText::has_value(const store::ViewFamily& family) const {
  return std::any_of(family.lines.begin(), family.lines.end(), [this](const store::ViewLine& line) {
    return !std::isnan(view_->values[line.value]);
  });
}

}  // namespace hostmeter::expose
