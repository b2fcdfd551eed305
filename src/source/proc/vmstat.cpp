// /proc/vmstat: the few of its two hundred counters that node_exporter shows by default.
#include "source/proc/vmstat.hpp"

#include "source/proc/file_reader.hpp"
#include "source/proc/key_table.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr Key<Vmstat> kKeys[] = {
    {"pgpgin", Vmstat::pgpgin},     {"pgpgout", Vmstat::pgpgout},
    {"pswpin", Vmstat::pswpin},     {"pswpout", Vmstat::pswpout},
    {"pgfault", Vmstat::pgfault},   {"pgmajfault", Vmstat::pgmajfault},
    {"oom_kill", Vmstat::oom_kill},
};

}  // namespace

Result<Facts<Vmstat>> parse_vmstat(std::string_view text) {
  return parse_key_values<Vmstat>(text, kKeys, "vmstat: counter");
}

extern const ReaderSpec vmstat{"vmstat", [](Host& host, const Options&) {
                                 return proc_file_reader<parse_vmstat>(host, "vmstat");
                               }};

}  // namespace hostmeter::source::proc
