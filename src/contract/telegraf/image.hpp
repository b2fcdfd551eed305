// An image's reference, taken apart as Telegraf does it.
#pragma once
#include <string>
#include <string_view>

namespace hostmeter::contract::telegraf {

struct Image {
  std::string name, version;
};

// "registry:5000/web/nginx:1.25" is registry:5000/web/nginx and 1.25; without one the version is
// "unknown".
Image image_of(std::string_view reference);

}  // namespace hostmeter::contract::telegraf
