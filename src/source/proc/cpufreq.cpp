// /sys/devices/system/cpu: how fast the processors are clocked, and which of them take part.
#include <array>
#include <cstdio>
#include <string>

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

// "0-3,8": what the kernel calls a CPU list.
Result<bool> is_in_list(std::string_view list, std::uint64_t cpu) {
  constexpr Error kMalformed{EBADMSG, "cpu/isolated: list"};
  bool is_in = false;
  for (Text ranges(Text::trim(list)); !ranges.empty();) {
    const std::string_view range = ranges.until(',');
    const std::size_t dash = range.find('-');
    const auto first = Text::to_number(range.substr(0, dash));
    const auto last = dash == range.npos ? first : Text::to_number(range.substr(dash + 1));
    if (!first || !last || *last < *first) return kMalformed;
    is_in |= cpu >= *first && cpu <= *last;
  }
  return is_in;
}

class CpufreqReader final : public Reader {
 public:
  explicit CpufreqReader(Host& host) : host_(host), cpus_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    cadence_.begin(tick);
    if (!cadence_.due()) return;
    cpus_.begin();
    const AttributeDir all(host_.sys.fd(), "devices/system/cpu", host_.buffer);
    isolated_.clear();
    if (all) all.copy("isolated", isolated_);
    // Where the first cannot be taken offline node_exporter says it of none.
    tells_online_ = all && all.text("cpu0/online");
    const auto listed = list_names(host_.sys.fd(), "devices/system/cpu",
                                   [&](std::string_view name) { read_cpu(name, out); });
    if (!listed) failed(listed.error());
    cpus_.end(out);
  }

 private:
  void read_cpu(std::string_view name, Output& out) {
    if (!name.starts_with("cpu")) return;
    const auto number = Text::to_number(name.substr(3));
    if (!number) return;
    Facts<CpuFrequency> facts;
    put_frequency(name, facts);
    put_state(name, *number, facts);
    if (!facts.empty()) out.send(kHost, facts, cpus_.get(out, name.substr(3)));
  }

  void put_frequency(std::string_view name, Facts<CpuFrequency>& facts) {
    std::array<char, 320> path{};
    std::snprintf(path.data(), path.size(), "devices/system/cpu/%s/cpufreq", name.data());
    const AttributeDir files(host_.sys.fd(), path.data(), host_.buffer);
    if (!files) return;  // virtual machines have none
    facts.set(CpuFrequency::scaling, hertz(files, "scaling_cur_freq"));
    facts.set(CpuFrequency::scaling_min, hertz(files, "scaling_min_freq"));
    facts.set(CpuFrequency::scaling_max, hertz(files, "scaling_max_freq"));
  }

  void put_state(std::string_view name, std::uint64_t number, Facts<CpuFrequency>& facts) {
    std::array<char, 320> path{};
    std::snprintf(path.data(), path.size(), "devices/system/cpu/%s", name.data());
    const AttributeDir files(host_.sys.fd(), path.data(), host_.buffer);
    if (tells_online_ && files) {
      const auto online = files.number("online");
      if (online)
        facts.set(CpuFrequency::online, *online);
      else
        failed(online.error());
    }
    const auto isolated = is_in_list(isolated_, number);
    if (!isolated) failed(isolated.error());
    if (isolated && *isolated) facts.set(CpuFrequency::isolated, std::uint64_t{1});
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
  std::string isolated_;
  bool tells_online_ = false;
};

}  // namespace

extern const ReaderSpec cpufreq{"cpufreq",
                                [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                  return std::make_unique<CpufreqReader>(host);
                                }};

}  // namespace hostmeter::source::proc
