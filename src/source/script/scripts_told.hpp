// What is told of all scripts together: the supervisor's state, and the parts of its sandbox.
#pragma once
#include "hostmeter/flow/facts/script.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/script/request.hpp"

namespace hostmeter::source::script {

// Tells what is another than before, or all.
class ScriptsTold {
 public:
  explicit ScriptsTold(InstanceIds& numbers) : features_(numbers, kHost) {}

  // Returns whether it told anything.
  bool tell(const Facts<ScriptsField>& now, bool resend, Output& out);
  void tell(const FeatureStates& sandbox, Output& out);

 private:
  Facts<ScriptsField> sent_;
  InstanceSet features_;
};

}  // namespace hostmeter::source::script
