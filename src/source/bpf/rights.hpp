// Capabilities around bpf() calls.
#pragma once
#include <cerrno>

#include "base/capabilities.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::bpf {

inline constexpr base::CapabilitySet kLoadRights{CAP_BPF, CAP_PERFMON}, kUseRights{CAP_BPF};

// Raised while an object is opened, loaded and attached. Before 5.11 maps count against
// RLIMIT_MEMLOCK, which libbpf raises where it may.
struct LoadRights {
  base::Raised memory{{CAP_SYS_RESOURCE}};
  base::Raised bpf{kLoadRights};
};

// For every later bpf() call on a descriptor of ours. Since 5.19 (c8644cd0efe7) whoever holds one
// may use it; before, the call needs CAP_BPF where kernel.unprivileged_bpf_disabled is set. So:
// raised only when it turns out to be needed, and then every time.
class UseRights {
 public:
  // call() returns a negative errno, or what it likes; called again after -EPERM.
  template <class Call>
  auto run(Call&& call) {
    if (!needed_) {
      const auto answer = call();
      if (answer != -EPERM) return answer;
      needed_ = true;
    }
    const base::Raised rights(kUseRights);
    return call();
  }

  bool needed() const { return needed_; }

 private:
  bool needed_ = false;
};

// Why nothing is loaded where use_needs_rights() and the rights end before anything is used.
inline constexpr Error kRightsEnd{
    EPERM, "rights.lock takes the right that this kernel asks for when BPF maps are read"};

}  // namespace hostmeter::source::bpf
