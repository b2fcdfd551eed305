#include "contract/telegraf/image.hpp"

namespace hostmeter::contract::telegraf {

Image image_of(std::string_view reference) {
  const std::size_t slash = reference.find('/');
  const std::string_view first = reference.substr(0, slash);
  const bool has_domain =
      slash != std::string_view::npos &&
      (first.find_first_of(".:") != std::string_view::npos || first == "localhost");
  const std::size_t path = has_domain ? slash + 1 : 0;
  const std::size_t colon = reference.rfind(':');
  if (colon == std::string_view::npos || colon < path) return {std::string(reference), "unknown"};
  return {std::string(reference.substr(0, colon)), std::string(reference.substr(colon + 1))};
}

}  // namespace hostmeter::contract::telegraf
