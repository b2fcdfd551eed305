// Who knows containers by name.
#pragma once
#include "hostmeter/flow/identity.hpp"
#include "source/follower.hpp"

namespace hostmeter::source::runtime {

// Tells by Described, Undescribed and RuntimeUp. A runtime that hangs costs its names.
class RuntimeSource : public Follower {
 public:
  virtual Runtime runtime() const = 0;
};

}  // namespace hostmeter::source::runtime
