// One file of a telegraf.conf as TOML, with the lines that were read.
#pragma once
#include <toml++/toml.h>

#include <string_view>

#include "config/reading.hpp"
#include "config/telegraf/environment.hpp"

namespace hostmeter::config::telegraf {

struct Document {
  toml::table root;
  std::vector<std::uint32_t> lines;
  std::vector<NamedVariable> unset, unclosed, empty;
  std::optional<Problem> problem;  // why there is no root; its line is right, its column unknown

  // The line in the file of something in root.
  std::uint32_t line(const toml::source_position& at) const;
};

Document parse_document(std::string_view text, const Environment& environment);

}  // namespace hostmeter::config::telegraf
