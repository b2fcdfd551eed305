#include "source/script/scripts_told.hpp"

namespace hostmeter::source::script {

bool ScriptsTold::tell(const Facts<ScriptsField>& now, bool resend, Output& out) {
  bool is_another = resend;
  for (std::size_t i = 0; i < std::size_t(ScriptsField::count); ++i)
    is_another |= now.get(ScriptsField(i)) != sent_.get(ScriptsField(i));
  if (!is_another) return false;
  out.send(kHost, now);
  sent_ = now;
  return true;
}

void ScriptsTold::tell(const FeatureStates& sandbox, Output& out) {
  features_.begin();
  for (std::size_t i = 0; i < kFeatures; ++i) {
    Facts<ScriptSandbox> facts;
    facts.set(ScriptSandbox::in_force, std::uint64_t{sandbox.states[i].error == 0});
    out.send(kHost, facts, features_.get(out, to_string(Feature(i))));
  }
  features_.end(out);
}

}  // namespace hostmeter::source::script
