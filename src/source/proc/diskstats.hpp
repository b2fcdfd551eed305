#pragma once
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/diskstats.hpp"

namespace hostmeter::source::proc {

struct DiskLine {
  std::string_view major, minor, name;
  Facts<Diskstats> facts;
};

// One line: "8 0 sda" and then 11, 15 or 17 counters. More are skipped.
Result<DiskLine> parse_diskstats_line(std::string_view line);

// The value of a property in a record of udev's database ("E:ID_SERIAL=…"); empty without it.
std::string_view udev_property(std::string_view record, std::string_view key);

}  // namespace hostmeter::source::proc
