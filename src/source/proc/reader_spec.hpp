// The readers of /proc and /sys, as the rest of the program sees them.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "source/host.hpp"
#include "source/proc/options.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::proc {

// asked: reads only where someone named it, for what it costs.
enum class When : std::uint8_t { always, asked };

struct ReaderSpec {
  std::string_view name;  // key in [collect], value of the label reader=
  std::unique_ptr<Reader> (*make)(Host&, const Options&);
  When when = When::always;
};

// In the order of src/source/proc/meson.build.
std::span<const ReaderSpec* const> all();

}  // namespace hostmeter::source::proc
