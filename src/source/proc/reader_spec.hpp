// The readers of /proc and /sys, as the rest of the program sees them.
#pragma once
#include <memory>
#include <span>
#include <string_view>

#include "source/host.hpp"
#include "source/proc/options.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::proc {

struct ReaderSpec {
  std::string_view name;  // key in [collect], value of the label reader=
  std::unique_ptr<Reader> (*make)(Host&, const Options&);
};

// In the order of src/source/proc/meson.build.
std::span<const ReaderSpec* const> all();

}  // namespace hostmeter::source::proc
