// A telegraf.conf of a few lines, read.
#pragma once
#include <doctest/doctest.h>

#include "config/telegraf/conf_files.hpp"

namespace hostmeter::test {

namespace telegraf = config::telegraf;

inline telegraf::Loaded load(const std::string& text, const telegraf::Environment& environment) {
  const std::vector<telegraf::ConfFile> files{{"t.conf", text}};
  return telegraf::load_conf(files, environment);
}

inline telegraf::Loaded load(const std::string& text) {
  return load(text, [](const std::string&) { return std::optional<std::string>(); });
}

// "5 LOST inputs.nosuch: why", one for each finding about a line.
inline std::vector<std::string> said(const telegraf::Loaded& loaded) {
  REQUIRE(loaded.problems == std::vector<std::string>{});
  std::vector<std::string> all;
  for (const telegraf::Finding& each : loaded.findings)
    if (each.place.line > 0)
      all.push_back(std::to_string(each.place.line) + ' ' + std::string(to_string(each.effect)) +
                    ' ' + each.what + ": " + each.instead);
  return all;
}

inline bool said_only(const telegraf::Loaded& loaded, std::string_view start) {
  const auto all = said(loaded);
  for (const std::string& each : all) CAPTURE(each);
  if (all.size() == 1 && all[0].starts_with(start)) return true;
  for (const std::string& each : all) MESSAGE(each);
  return false;
}

template <class T>
const T& plugin(const telegraf::Loaded& loaded, std::size_t at = 0) {
  return std::get<T>(loaded.settings.inputs.at(at).plugin);
}

}  // namespace hostmeter::test
