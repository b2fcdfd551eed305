// /proc/stat: CPU times and the host's counters. The kernel sums every interrupt of every CPU for
// it, so that it is read once for both groups.
#include "source/proc/stat.hpp"

#include <unistd.h>

#include <vector>

#include "hostmeter/base/text.hpp"
#include "source/proc/cpu.hpp"
#include "source/proc/key_table.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::uint64_t kMostCpus = 8192;  // the largest CONFIG_NR_CPUS

constexpr Key<Stat> kKeys[] = {
    {"intr", Stat::interrupts},
    {"ctxt", Stat::context_switches},
    {"btime", Stat::boot_time_ns},
    {"processes", Stat::forks},
    {"procs_running", Stat::procs_running},
    {"procs_blocked", Stat::procs_blocked},
};

class StatReader final : public Reader {
 public:
  StatReader(Host& host, std::uint64_t ns_per_tick)
      : host_(host), ns_per_tick_(ns_per_tick), cpus_(host.instances, kHost) {}

  void read(const Tick&, Output& out) override {
    const auto text = file_.read(host_.proc.fd(), host_.buffer);
    cpus_.begin();
    if (text) read_cpus(*text, out);
    cpus_.end(out);

    auto facts = text ? parse_stat(*text) : text.error();
    if (!facts) {
      failed(facts.error());
      facts = Facts<Stat>{};
    }
    out.send(kHost, *facts);
  }

 private:
  // The CPUs' lines come first. One that is damaged costs only its own CPU.
  void read_cpus(std::string_view text, Output& out) {
    for (Text lines(text); lines.rest().starts_with("cpu");) {
      Text line = lines.line();
      const std::string_view name = line.word().substr(3);
      if (name.empty()) continue;  // the sum over all CPUs
      const auto number = Text::to_number(name);
      auto times = parse_cpu_times(line.rest(), ns_per_tick_);
      if (!number || *number >= kMostCpus) {
        failed(Error{EBADMSG, "stat: CPU number"});
      } else if (!times) {
        failed(times.error());
      } else {
        if (*number >= idle_.size()) idle_.resize(*number + 1);
        idle_[*number].hold(*times);
        out.send(kHost, *times, cpus_.get(out, name));
      }
    }
  }

  Host& host_;
  std::uint64_t ns_per_tick_;
  base::KeptFile file_{"stat"};
  InstanceSet cpus_;
  std::vector<IdleClock> idle_;  // by CPU number
};

}  // namespace

Result<Facts<Stat>> parse_stat(std::string_view text) {
  auto facts = parse_key_values<Stat>(text, kKeys, "stat: counter");
  if (!facts) return facts;
  if (const auto seconds = facts->get(Stat::boot_time_ns)) {
    const auto ns = scaled(*seconds, kNsPerSecond);
    if (!ns) return Error{ERANGE, "stat: btime"};
    facts->set(Stat::boot_time_ns, *ns);
  }
  return facts;
}

extern const ReaderSpec stat{"stat", [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                               return std::make_unique<StatReader>(
                                   host, kNsPerSecond / std::uint64_t(::sysconf(_SC_CLK_TCK)));
                             }};

}  // namespace hostmeter::source::proc
