// /proc/loadavg.
#include "source/proc/loadavg.hpp"

#include "hostmeter/base/text.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {

Result<Facts<Loadavg>> parse_loadavg(std::string_view text) {
  Text words = Text(text).line();
  Facts<Loadavg> facts;
  for (const Loadavg field : {Loadavg::one_minute, Loadavg::five_minutes, Loadavg::fifteen_minutes}) {
    const auto load = words.real();
    if (!load || *load < 0) return Error{EBADMSG, "loadavg: load"};
    facts.set_real(field, *load);
  }
  return facts;
}

namespace {

class LoadavgReader final : public Reader {
 public:
  explicit LoadavgReader(Host& host) : host_(host) {}

  void read(const Tick&, Output& out) override {
    Facts<Loadavg> facts;
    if (const auto text = file_.read(host_.proc.fd(), host_.buffer); !text)
      failed(text.error());
    else if (auto parsed = parse_loadavg(*text); !parsed)
      failed(parsed.error());
    else
      facts = *parsed;
    out.send(kHost, facts);
  }

 private:
  Host& host_;
  base::KeptFile file_{"loadavg"};
};

}  // namespace

extern const ReaderSpec loadavg{
    "loadavg", [](Host& host, const Options&) -> std::unique_ptr<Reader> {
      return std::make_unique<LoadavgReader>(host);
    }};

}  // namespace hostmeter::source::proc
