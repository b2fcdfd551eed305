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
