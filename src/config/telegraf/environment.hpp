// Environment variables in a telegraf.conf, replaced before it is parsed.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/source_text.hpp"

namespace hostmeter::config::telegraf {

// The value of an environment variable, if it is set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

struct NamedVariable {
  std::uint32_t line;
  std::string name;
  bool in_string;
};

struct ReplacedText {
  std::string text;                     // without comments
  std::vector<std::uint32_t> lines;     // where each of its lines is in what was read, from 1
  std::vector<NamedVariable> unset;     // stay as text, which is no TOML outside of a string
  std::vector<NamedVariable> unclosed;  // likewise: ${NAME:-... whose end is nowhere near
  std::vector<NamedVariable> empty;     // set, to nothing
  std::optional<TextProblem> problem;
};

// $NAME, ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?message}, ${NAME?message},
// ${NAME:+instead} and ${NAME+instead}, also one inside another; $$ is a dollar. Comments stay
// out of it. Inside a string a value is taken as it is, whatever quotes and backslashes it has, as
// by Telegraf since 1.38; outside of strings it may be any TOML, as before.
ReplacedText replace_environment(std::string_view text, const Environment& environment);

}  // namespace hostmeter::config::telegraf
