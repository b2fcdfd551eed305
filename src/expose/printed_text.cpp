#include "expose/printed_text.hpp"

#include <algorithm>
#include <bit>

#include "expose/value.hpp"

namespace hostmeter::expose {
namespace {

char* append(char* out, std::string_view text) {
  return std::copy(text.begin(), text.end(), out);
}

// At most.
std::size_t size_of(const MetricFamily::Series& series) {
  constexpr std::size_t kPunctuation = sizeof "{} \n" - 1;
  return series.name.size() + series.labels.size() + kPunctuation + kLongestValue;
}

char* write(char* out, const MetricFamily::Series& series) {
  out = append(out, series.name);
  if (!series.labels.empty()) {
    *out++ = '{';
    out = append(out, series.labels);
    *out++ = '}';
  }
  *out++ = ' ';
  out = write_value(out, std::bit_cast<std::uint64_t>(series.value), Encoding::real, 0);
  *out++ = '\n';
  return out;
}

}  // namespace

// Of what it has; parse::in_text_format() sees to it.
std::string_view name_of(MetricType type) {
  constexpr std::string_view kNames[] = {"untyped", "counter", "gauge", "histogram", "summary"};
  return std::size_t(type) < std::size(kNames) ? kNames[std::size_t(type)] : kNames[0];
}

std::string header(std::string_view name, std::string_view help, std::string_view type) {
  std::string text;
  if (!help.empty()) {
    ((text += "# HELP ") += name) += ' ';
    for (const char c : help) {
      if (c == '\\' || c == '\n') text += '\\';
      text += c == '\n' ? 'n' : c;
    }
    text += '\n';
  }
  ((text += "# TYPE ") += name) += ' ';
  return (text += type) += '\n';
}

char* PrintedText::fill(char* out, char* end, std::size_t most) {
  for (; printed_ && metric_ < printed_->metrics.size(); ++metric_) {
    const store::PrintedMetrics::Metric& metric = printed_->metrics[metric_];
    if (!has_header_) {
      std::string text = header(metric.name, metric.help, name_of(metric.type));
      if (text.size() > most) text = header(metric.name, {}, name_of(metric.type));
      if (std::size_t(end - out) < text.size()) return out;
      out = append(out, text);
      has_header_ = true;
    }
    for (; series_ < metric.series.size(); ++series_) {
      const MetricFamily::Series& series = *metric.series[series_];
      const std::size_t needed = size_of(series);
      if (needed > most) continue;
      if (std::size_t(end - out) < needed) return out;
      out = write(out, series);
    }
    series_ = 0;
    has_header_ = false;
  }
  return out;
}

}  // namespace hostmeter::expose
