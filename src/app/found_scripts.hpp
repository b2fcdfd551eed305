// The scripts that there are now, for commands that do not follow them.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/scripts.hpp"
#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"
#include "source/script/script_files.hpp"

namespace hostmeter::app {

class FoundScripts {
 public:
  using Named = std::pair<const std::string, source::script::ScriptFiles::File>;

  static Result<std::unique_ptr<FoundScripts>> find(const config::Settings& settings);

  // By name.
  const auto& all() const { return files_.all(); }
  // By its name or path; null: there is none.
  const Named* named(const std::string& name) const;
  const source::script::Plan& plan_of(const Named& script) const {
    return made_.plans[script.second.plan];
  }

  // On scripts that are not there or not run, and on what they are allowed that is not there.
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  FoundScripts(ScriptPlans made, base::Dir root);
  void look_at_allowances(const source::script::Plan& plan);

  const ScriptPlans made_;
  const base::Dir root_;
  source::script::ScriptFiles files_;
  std::vector<std::string> remarks_;
};

}  // namespace hostmeter::app
