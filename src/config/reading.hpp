// What the reading of one configuration shares: where values go, and what was found wrong.
#pragma once
#include <toml++/toml.h>

#include <string>
#include <utility>
#include <vector>

#include "config/load.hpp"
#include "config/schema.hpp"

namespace hostmeter::config {

struct Problem {
  std::uint32_t line = 0, column = 0;  // from 1; 0 when it is about the whole file
  std::string key;                     // "collect.interval"; empty when it is about none
  std::string what;                    // what is wrong, and after a semicolon how to mend it
};

struct Reading {
  const Vocabulary& vocabulary;
  Settings settings{};
  std::vector<Problem> problems{};

  void problem(const toml::source_position& at, std::string key, std::string what) {
    problems.push_back({at.line, at.column, std::move(key), std::move(what)});
  }
};

// "a string", "a table"...
std::string_view in_words(toml::node_type type);

// Checks the value of a key and puts it in its place.
void set_value(const Key& key, const toml::node& value, Reading& reading);

// Reads [labels].
void set_labels(const toml::table& table, Reading& reading);

}  // namespace hostmeter::config
