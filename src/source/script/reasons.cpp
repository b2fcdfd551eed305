#include "source/script/reasons.hpp"

#include <cstring>

namespace hostmeter::source::script {

std::string reason(const Refused& refused) {
  std::string why = refused.what;
  if (refused.error != 0) why += std::string(": ") + std::strerror(refused.error);
  if (refused.why == Refusal::strict) return "strict wants the whole sandbox: " + why;
  if (refused.why == Refusal::sandbox) return "its sandbox failed: " + why;
  return why;
}

std::string parts_lacking(const FeatureStates& features) {
  std::string all;
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const FeatureState& state = features.states[i];
    if (state.error == 0) continue;
    all += (all.empty() ? "" : "; ") + std::string(to_string(Feature(i))) + " (" + state.what +
           ": " + std::strerror(state.error) + ")";
  }
  return all;
}

}  // namespace hostmeter::source::script
