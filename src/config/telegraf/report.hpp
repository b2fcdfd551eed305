// What is found while one file is read.
#pragma once
#include <toml++/toml.h>

#include <utility>

#include "config/telegraf/document.hpp"
#include "config/telegraf/finding.hpp"

namespace hostmeter::config::telegraf {

class Report {
 public:
  Report(const Document& document, std::uint32_t file, const Environment& environment,
         std::vector<Finding>& findings)
      : document_(document), file_(file), environment_(environment), findings_(findings) {}

  const Environment& environment() const { return environment_; }
  std::size_t count() const { return findings_.size(); }

  Place place(const toml::source_position& at) const { return {file_, document_.line(at)}; }

  // A variable that is not set, or to nothing, of those that are written between two places.
  const std::string* without_value(const toml::source_position& from,
                                   const toml::source_position& to) const {
    const std::uint32_t first = document_.line(from), last = document_.line(to);
    for (const auto* list : {&document_.unset, &document_.unclosed, &document_.empty})
      for (const NamedVariable& each : *list)
        if (each.line >= first && each.line <= last) return &each.name;
    return nullptr;
  }

  void add(Effect effect, const toml::source_position& at, std::string what, std::string instead) {
    findings_.push_back({effect, place(at), std::move(what), std::move(instead)});
  }

 private:
  const Document& document_;
  std::uint32_t file_;
  const Environment& environment_;
  std::vector<Finding>& findings_;
};

}  // namespace hostmeter::config::telegraf
