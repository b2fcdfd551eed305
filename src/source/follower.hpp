// Who tells of what changes outside of ticks.
#pragma once
#include <string>
#include <vector>

#include "hostmeter/flow/output.hpp"

namespace hostmeter::source {

// What changed about a source, in a sentence for the log.
struct Remark {
  bool is_trouble;
  std::string what;
};

// Lives on a thread of its own with a ring of its own, and may block there: one that hangs costs
// what it alone knows and nothing else.
class Follower {
 public:
  virtual ~Follower() = default;

  // Tells what is known now and then, call by call, what has changed: News, and Records of the host
  // with Instances. Returns when something was told, the first time at once if nothing need be
  // waited for, and when interrupted.
  // resend: what was sent since the last call did not all arrive; Records are to be sent again.
  virtual void follow(Output&, bool resend) = 0;

  // What there is to say since the last call, once for each change. On follow()'s thread.
  virtual std::vector<Remark> take_remarks() { return {}; }

  // There is something that it should have told of and has not: it may hang. On follow()'s thread.
  virtual void doubt() {}

  // Once no more will be followed, on the same thread: lets go of what others want to have.
  virtual void end() {}

  // From any thread, for good: a follow() under way returns soon, blocked or not.
  virtual void interrupt() = 0;
};

}  // namespace hostmeter::source
