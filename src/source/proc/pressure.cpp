// /proc/pressure: cpu, io, memory and irq.
#include "source/proc/pressure.hpp"

#include <array>

#include "hostmeter/base/text.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

// The averages before the total are for people; we keep the counter they are made of.
Result<std::uint64_t> parse_total(Text line) {
  for (std::string_view word = line.word(); !word.empty(); word = line.word()) {
    if (!word.starts_with("total=")) continue;
    const auto us = Text::to_number(word.substr(6));
    if (!us) return Error{EBADMSG, "pressure: total"};
    const auto ns = scaled(*us, 1000);
    if (!ns) return Error{ERANGE, "pressure: total"};
    return *ns;
  }
  return Error{EBADMSG, "pressure: total"};
}

class PressureReader final : public Reader {
 public:
  explicit PressureReader(Host& host) : host_(host) {}

  void read(const Tick&, Output& out) override {
    Facts<Pressure> facts;
    // The kernel prints a full line for CPUs too, which is always 0 for the whole host.
    const StallTotals cpu = totals(cpu_);
    facts.set(Pressure::cpu_some, cpu.some_ns);
    const StallTotals io = totals(io_);
    facts.set(Pressure::io_some, io.some_ns);
    facts.set(Pressure::io_full, io.full_ns);
    const StallTotals memory = totals(memory_);
    facts.set(Pressure::memory_some, memory.some_ns);
    facts.set(Pressure::memory_full, memory.full_ns);
    facts.set(Pressure::irq_full, totals(irq_).full_ns);
    out.send(kHost, facts);
  }

 private:
  StallTotals totals(base::KeptFile& file) {
    const auto text = file.read(host_.proc.fd(), host_.buffer);
    const auto parsed = text ? parse_stall_totals(*text) : text.error();
    if (parsed) return *parsed;
    failed(parsed.error());
    return {};
  }

  Host& host_;
  base::KeptFile cpu_{"pressure/cpu"}, io_{"pressure/io"}, memory_{"pressure/memory"},
      irq_{"pressure/irq"};
};

}  // namespace

Result<StallTotals> parse_stall_totals(std::string_view text) {
  StallTotals totals;
  for (Text lines(text); !lines.empty();) {
    Text line = lines.line();
    const std::string_view kind = line.word();
    if (kind != "some" && kind != "full") continue;
    const auto total = parse_total(line);
    if (!total) return total.error();
    (kind == "some" ? totals.some_ns : totals.full_ns) = *total;
  }
  if (!totals.some_ns && !totals.full_ns) return Error{EBADMSG, "pressure: no line is known"};
  return totals;
}

extern const ReaderSpec pressure{"pressure",
                                 [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                   return std::make_unique<PressureReader>(host);
                                 }};

}  // namespace hostmeter::source::proc
