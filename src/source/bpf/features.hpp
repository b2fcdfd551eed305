// What this kernel lets BPF do, feature by feature, for a person who asks why.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "source/host.hpp"

namespace hostmeter::source::bpf {

struct Feature {
  std::string_view name, serves;
  std::optional<Error> lacks;  // why it is not there
  std::string_view mend;       // what to do about it
};

// Asked of the running kernel: of its type information, and of bpf() itself. Nothing stays in the
// kernel. On a recorded host there is no kernel to ask: every feature is lacking.
std::vector<Feature> features(const Host&);

}  // namespace hostmeter::source::bpf
