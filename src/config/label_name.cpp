#include "config/label_name.hpp"

#include <algorithm>

namespace hostmeter::config {
namespace {

constexpr std::size_t kLongestName = 128;
constexpr std::size_t kLongestValue = 1'024;

// Those of a container, and those that histograms and summaries are made of.
constexpr std::string_view kOurs[] = {"id",  "name",      "image", "namespace",
                                      "pod", "container", "le",    "quantile"};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_in(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::string check_label_name(std::string_view name, std::span<const std::string_view> taken) {
  const bool is_name = !name.empty() && is_letter(name.front()) &&
                       std::all_of(name.begin(), name.end(),
                                   [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
  if (!is_name)
    return "is not a label name; use letters, digits and _, and do not begin with a digit";
  if (name.starts_with("__")) return "begins with __, which Prometheus keeps for itself; rename it";
  if (name.size() > kLongestName) return "is longer than 128 characters; shorten it";
  if (is_in(name, kOurs) || is_in(name, taken) || name.starts_with("container_label_"))
    return "is a label that some metrics already have; rename it";
  return {};
}

std::string check_label_value(std::string_view value) {
  if (value.empty()) return "is empty, which to Prometheus is no label at all; leave it out";
  if (value.size() > kLongestValue) return "is longer than 1024 bytes; shorten it";
  return {};
}

}  // namespace hostmeter::config
