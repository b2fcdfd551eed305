#pragma once
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts/md.hpp"

namespace hostmeter::source::proc {

struct MdArray {
  std::string_view name;
  Facts<Md> facts;
};

// One array of /proc/mdstat: its line and the indented ones below it.
//   md0 : active raid1 sdb1[1] sda1[0](F)
//         1953517568 blocks super 1.2 [2/1] [_U]
//         [=>...]  recovery =  8.5% (166/1953) finish=17.0min speed=2K/sec
Result<MdArray> parse_md_array(std::string_view text);

// Takes the next array's text; empty at the end. Other lines are skipped.
std::string_view next_md_array(Text& mdstat);

}  // namespace hostmeter::source::proc
