#pragma once
#include <optional>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/base/text.hpp"
#include "source/net/counters.hpp"

namespace hostmeter::source::net {

struct NetDevLine {
  std::string_view name;
  Counters counters;
};

// The lines of /proc/net/dev, of the host or of a process, one device each. The two lines of
// headings are skipped; they must be there, or it is another file.
class NetDev {
 public:
  explicit NetDev(std::string_view text) : rest_(text) {}

  // Nothing at the end. A damaged line is an error, and the end.
  Result<std::optional<NetDevLine>> next();

 private:
  Text rest_;
  bool begun_ = false;
};

}  // namespace hostmeter::source::net
