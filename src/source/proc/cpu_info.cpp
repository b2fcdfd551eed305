// /proc/cpuinfo: what the processors are.
#include "source/proc/cpu_info.hpp"

#include "hostmeter/flow/facts/cpu_info.hpp"
#include "source/proc/cadence.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

// Printing it interrupts every processor to ask for its clock: seldom.
constexpr std::uint64_t kEveryTicks = 3600;

struct Key {
  std::string_view name;
  CpuLabel label;
};
constexpr Key kKeys[] = {{"cache size", CpuLabel::cachesize},  {"core id", CpuLabel::core},
                         {"processor", CpuLabel::cpu},         {"cpu family", CpuLabel::family},
                         {"microcode", CpuLabel::microcode},   {"model", CpuLabel::model},
                         {"model name", CpuLabel::model_name}, {"physical id", CpuLabel::package},
                         {"stepping", CpuLabel::stepping},     {"vendor_id", CpuLabel::vendor}};

}  // namespace

CpuLabels next_cpu(Text& cpuinfo) {
  CpuLabels labels;
  std::string_view& cpu = labels[std::size_t(CpuLabel::cpu)];
  while (!cpuinfo.empty()) {
    Text line = cpuinfo.line();
    if (line.empty()) {
      if (!cpu.empty()) break;
      labels = {};
      continue;
    }
    const std::string_view name = Text::trim(line.until(':'));
    for (const Key& key : kKeys)
      if (key.name == name) labels[std::size_t(key.label)] = Text::trim(line.rest());
    // On some machines it names the model instead.
    if (!cpu.empty() && !Text::to_number(cpu)) cpu = {};
  }
  if (cpu.empty()) return {};
  return labels;
}

namespace {

class CpuInfoReader final : public Reader {
 public:
  explicit CpuInfoReader(Host& host) : host_(host), cpus_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    cadence_.begin(tick);
    if (!cadence_.due()) return;
    const auto text = base::read_once(host_.proc.fd(), "cpuinfo", host_.buffer);
    if (!text) failed(text.error());
    Facts<CpuInfo> one;
    one.set(CpuInfo::info, 1);
    cpus_.begin();
    Text rest(text ? *text : std::string_view());
    while (true) {
      const CpuLabels labels = next_cpu(rest);
      if (labels[std::size_t(CpuLabel::cpu)].empty()) break;
      out.send(kHost, one, cpus_.get_span(out, labels.data(), labels.size()));
    }
    cpus_.end(out);
  }

 private:
  Host& host_;
  Cadence cadence_{kEveryTicks};
  InstanceSet cpus_;
};

}  // namespace

extern const ReaderSpec cpu_info{"cpu_info",
                                 [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                   return std::make_unique<CpuInfoReader>(host);
                                 }};

}  // namespace hostmeter::source::proc
