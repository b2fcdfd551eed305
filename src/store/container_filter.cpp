#include "store/container_filter.hpp"

#include <algorithm>

namespace hostmeter::store {
namespace {

bool passes_known(const base::GlobFilter& filter, std::string_view text) {
  return text.empty() ? filter.include.empty() : filter.passes(text);
}

}  // namespace

bool ContainerFilter::passes_name(std::string_view name) const {
  return passes_known(names, name);
}

bool ContainerFilter::passes_image_and_labels(const Description& description) const {
  if (!passes_known(images, description.image)) return false;
  if (!asks(labels)) return true;
  const auto has = [&](const std::vector<std::string>& globs) {
    return std::ranges::any_of(description.labels, [&](const auto& label) {
      return base::matches_any(globs, label.first + '=' + label.second);
    });
  };
  return (labels.include.empty() || has(labels.include)) && !has(labels.exclude);
}

}  // namespace hostmeter::store
