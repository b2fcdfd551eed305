// /proc/loadavg.
#include "source/proc/loadavg.hpp"

#include "hostmeter/base/text.hpp"
#include "source/proc/file_reader.hpp"

namespace hostmeter::source::proc {

Result<Facts<Loadavg>> parse_loadavg(std::string_view text) {
  Text words = Text(text).line();
  Facts<Loadavg> facts;
  for (const Loadavg field :
       {Loadavg::one_minute, Loadavg::five_minutes, Loadavg::fifteen_minutes}) {
    const auto load = words.real();
    if (!load || *load < 0) return Error{EBADMSG, "loadavg: load"};
    facts.set_real(field, *load);
  }
  return facts;
}

extern const ReaderSpec loadavg{"loadavg", [](Host& host, const Options&) {
                                  return proc_file_reader<parse_loadavg>(host, "loadavg");
                                }};

}  // namespace hostmeter::source::proc
