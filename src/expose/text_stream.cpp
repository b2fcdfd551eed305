#include "expose/text_stream.hpp"

#include <algorithm>
#include <cstring>

#include "expose/value.hpp"

namespace hostmeter::expose {
namespace {

constexpr std::string_view kTypes[] = {"counter", "gauge", "untyped", "histogram"};

char* append(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

}  // namespace

std::string header(const MetricDesc& metric) {
  return header(metric.name, metric.help, kTypes[std::size_t(metric.kind)]);
}

TextStream::TextStream(const store::Snapshot& snapshot, contract::Shown shown, std::uint64_t now_ns)
    : snapshot_(snapshot),
      families_(std::move(shown.families)),
      now_ns_(now_ns),
      view_(shown.view),
      printed_(shown.printed) {}

std::size_t TextStream::fill(std::span<char> buffer) {
  const std::size_t own = family_ < families_.size() ? fill_own(buffer) : 0;
  if (family_ < families_.size()) return own;
  char* const end = buffer.data() + buffer.size();
  char* out = view_.fill(buffer.data() + own, end, buffer.size());
  if (view_.is_written()) out = printed_.fill(out, end, buffer.size());
  return std::size_t(out - buffer.data());
}

std::size_t TextStream::fill_own(std::span<char> buffer) {
  char* out = buffer.data();
  char* const end = out + buffer.size();
  while (true) {
    if (!started_ && !next_family()) break;
    if (!header_.empty()) {
      if (std::size_t(end - out) < header_.size()) break;
      out = std::copy(header_.begin(), header_.end(), out);
      header_.clear();
    }
    const std::vector<store::Line>& lines = *snapshot_.lines[families_[family_]];
    const MetricDesc& metric = *(*snapshot_.families)[families_[family_]].metric;
    for (; line_ < lines.size(); ++line_) {
      const store::Line& line = lines[line_];
      if (!snapshot_.shows(metric, line.series)) continue;
      const std::size_t needed = size(metric, line);
      if (needed > buffer.size()) continue;
      if (std::size_t(end - out) < needed) return std::size_t(out - buffer.data());
      out = write(out, metric, line);
    }
    started_ = false;
    ++family_;
  }
  return std::size_t(out - buffer.data());
}

bool TextStream::next_family() {
  while (family_ < families_.size() && !has_value(families_[family_])) ++family_;
  if (family_ == families_.size()) return false;
  const MetricDesc& metric = *(*snapshot_.families)[families_[family_]].metric;
  header_ = header(metric);
  if (metric.kind == Kind::histogram) histogram_ = Histogram(metric);
  line_ = 0;
  started_ = true;
  return true;
}

bool TextStream::has_value(std::size_t family) const {
  const MetricDesc& metric = *(*snapshot_.families)[family].metric;
  const std::vector<store::Line>& lines = *snapshot_.lines[family];
  return std::any_of(lines.begin(), lines.end(),
                     [&](const store::Line& line) { return snapshot_.shows(metric, line.series); });
}

std::size_t TextStream::size(const MetricDesc& metric, const store::Line& line) const {
  if (metric.kind == Kind::histogram) return histogram_.size(line);
  return metric.name.size() + line.owner->size() + line.rest->size() + kLongestValue + 1;
}

char* TextStream::write(char* out, const MetricDesc& metric, const store::Line& line) const {
  if (metric.kind == Kind::histogram)
    return histogram_.write(out, line,
                            std::span(snapshot_.values).subspan(line.series, metric.cells()));
  out = append(append(append(out, metric.name), line.owner->view()), line.rest->view());
  out = write_value(out, snapshot_.values[line.series], metric.encoding, now_ns_);
  *out++ = '\n';
  return out;
}

}  // namespace hostmeter::expose
