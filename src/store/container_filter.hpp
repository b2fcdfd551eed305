// Which containers are shown.
#pragma once
#include <string>
#include <string_view>

#include "base/glob_filter.hpp"
#include "hostmeter/flow/description.hpp"

namespace hostmeter::store {

// A container is shown when it passes all three. What is not known of it is taken by no include
// and matched by no exclude.
struct ContainerFilter {
  base::GlobFilter names, images;
  base::GlobFilter labels;  // globs of NAME=VALUE; of a container's labels any may match

  bool asks_for_names() const { return asks(names); }
  bool asks_for_more() const { return asks(images) || asks(labels); }
  bool asks() const { return asks_for_names() || asks_for_more(); }
  bool passes_name(std::string_view name) const;
  bool passes_image_and_labels(const Description&) const;
  friend bool operator==(const ContainerFilter&, const ContainerFilter&) = default;

 private:
  static bool asks(const base::GlobFilter& filter) {
    return !filter.include.empty() || !filter.exclude.empty();
  }
};

}  // namespace hostmeter::store
