#include "expose/histogram.hpp"

#include <cstring>
#include <string_view>

#include "expose/value.hpp"

namespace hostmeter::expose {
namespace {

constexpr std::string_view kBucket = "_bucket", kSum = "_sum", kCount = "_count";
constexpr std::string_view kEnd = "} ";

char* append(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// The labels of a line, open for one more.
char* append_open(char* out, const store::Line& line) {
  std::string_view rest = line.rest->view();
  if (!rest.ends_with(kEnd)) return append(out, "{");  // it has no labels
  rest.remove_suffix(kEnd.size());
  return append(append(append(out, line.owner->view()), rest), ",");
}

}  // namespace

Histogram::Histogram(const MetricDesc& metric) : metric_(&metric) {
  for (const std::uint64_t bound : metric.bounds) {
    char text[kLongestValue];
    const std::string_view written(text, write_value(text, bound, metric.encoding, 0));
    ends_.push_back("le=\"" + std::string(written) + "\"} ");
  }
  ends_.emplace_back("le=\"+Inf\"} ");
  for (const std::string& end : ends_) ends_size_ += end.size();
}

std::size_t Histogram::size(const store::Line& line) const {
  const std::size_t each = metric_->name.size() + kBucket.size() + line.owner->size() +
                           line.rest->size() + 1 + kLongestValue + 1;
  return each * metric_->lines() + ends_size_;
}

char* Histogram::write(char* out, const store::Line& line,
                       std::span<const std::uint64_t> cells) const {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    count += cells[1 + i];
    out = append_open(append(append(out, metric_->name), kBucket), line);
    out = write_value(append(out, ends_[i]), count, Encoding::count, 0);
    *out++ = '\n';
  }
  const auto total = [&](std::string_view suffix, std::uint64_t value, Encoding encoding) {
    out = append(append(out, metric_->name), suffix);
    out = append(append(out, line.owner->view()), line.rest->view());
    out = write_value(out, value, encoding, 0);
    *out++ = '\n';
  };
  total(kSum, cells[0], metric_->encoding);
  total(kCount, count, Encoding::count);
  return out;
}

}  // namespace hostmeter::expose
