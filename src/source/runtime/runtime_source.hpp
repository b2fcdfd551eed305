// Who knows containers by name.
#pragma once
#include <string>
#include <vector>

#include "hostmeter/flow/identity.hpp"
#include "hostmeter/flow/output.hpp"

namespace hostmeter::source::runtime {

// What changed about a runtime, in a sentence for the log.
struct Remark {
  bool is_trouble;
  std::string what;
};

// Lives on a thread of its own with a ring of its own, and may block there: a runtime that hangs
// costs its names and nothing else.
class RuntimeSource {
 public:
  virtual ~RuntimeSource() = default;

  virtual Runtime runtime() const = 0;

  // Tells what is known now and then, call by call, what has changed: Described, Undescribed,
  // RuntimeUp, and Records of the host with Instances. Returns when something was told, when
  // interrupted, and after a second at the latest unless the runtime itself blocks.
  // resend: what was sent since the last call did not all arrive; Records are to be sent again.
  virtual void follow(Output&, bool resend) = 0;

  // What there is to say since the last call, once for each change. On follow()'s thread.
  virtual std::vector<Remark> take_remarks() { return {}; }

  // From any thread, for good: a follow() under way returns soon, blocked or not.
  virtual void interrupt() = 0;
};

}  // namespace hostmeter::source::runtime
