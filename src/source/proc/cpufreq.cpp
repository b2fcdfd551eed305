// /sys/devices/system/cpu/cpuN/cpufreq: how fast the processors are clocked.
#include <array>
#include <cstdio>

#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts/cpu_info.hpp"
#include "source/proc/attribute.hpp"
#include "source/proc/cadence.hpp"
#include "source/proc/listing.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::uint64_t kEveryTicks = 15;
constexpr std::uint64_t kHertzPerKilohertz = 1000;

class CpufreqReader final : public Reader {
 public:
  explicit CpufreqReader(Host& host) : host_(host), cpus_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    cadence_.begin(tick);
    if (!cadence_.due()) return;
    cpus_.begin();
    const auto listed = list_names(host_.sys.fd(), "devices/system/cpu",
                                   [&](std::string_view name) { read_cpu(name, out); });
    if (!listed) failed(listed.error());
    cpus_.end(out);
  }

 private:
  void read_cpu(std::string_view name, Output& out) {
    if (!name.starts_with("cpu") || !Text::to_number(name.substr(3))) return;
    std::array<char, 320> path{};
    std::snprintf(path.data(), path.size(), "devices/system/cpu/%s/cpufreq", name.data());
    const AttributeDir files(host_.sys.fd(), path.data(), host_.buffer);
    if (!files) return;  // virtual machines have none
    Facts<CpuFrequency> facts;
    facts.set(CpuFrequency::scaling, hertz(files, "scaling_cur_freq"));
    facts.set(CpuFrequency::scaling_min, hertz(files, "scaling_min_freq"));
    facts.set(CpuFrequency::scaling_max, hertz(files, "scaling_max_freq"));
    out.send(kHost, facts, cpus_.get(out, name.substr(3)));
  }

  std::optional<std::uint64_t> hertz(const AttributeDir& files, const char* name) {
    const auto kilohertz = files.number(name);
    if (kilohertz) {
      const auto value = scaled(*kilohertz, kHertzPerKilohertz);
      if (!value) failed({ERANGE, "cpufreq: frequency"});
      return value;
    }
    failed(kilohertz.error());
    return {};
  }

  Host& host_;
  Cadence cadence_{kEveryTicks};
  InstanceSet cpus_;
};

}  // namespace

extern const ReaderSpec cpufreq{"cpufreq",
                                [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                  return std::make_unique<CpufreqReader>(host);
                                }};

}  // namespace hostmeter::source::proc
