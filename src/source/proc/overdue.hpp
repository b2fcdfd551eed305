// Drivers that do not answer, shown as long as they do not.
#pragma once
#include <string_view>

#include "hostmeter/flow/facts/driver.hpp"
#include "hostmeter/flow/instances.hpp"
#include "hostmeter/flow/output.hpp"

namespace hostmeter::source::proc {

class Overdue {
 public:
  Overdue(InstanceIds& ids, std::string_view reader) : set_(ids, kHost), reader_(reader) {}

  void begin() { set_.begin(); }
  void add(Output& out, std::string_view device) {
    Facts<Driver> one;
    one.set(Driver::overdue, 1);
    out.send(kHost, one, set_.get(out, reader_, device));
  }
  void end(Output& out) { set_.end(out); }

 private:
  InstanceSet set_;
  std::string_view reader_;
};

}  // namespace hostmeter::source::proc
