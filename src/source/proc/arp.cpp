// /proc/net/arp: how many neighbours each interface knows. Not which: these are other hosts.
#include "source/proc/arp.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts/arp.hpp"
#include "source/proc/cadence.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::uint64_t kEveryTicks = 15;  // the kernel walks its whole table for it

class ArpReader final : public Reader {
 public:
  explicit ArpReader(Host& host)
      : host_(host), path_(host.net + "/arp"), devices_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    cadence_.begin(tick);
    if (!cadence_.due()) return;
    found_.clear();
    const auto text = base::read_once(host_.proc.fd(), path_.c_str(), host_.buffer);
    const auto parsed = text ? parse_arp(*text, found_) : Result<std::monostate>(text.error());
    if (!parsed) {
      failed(parsed.error());
      found_.clear();
    }
    devices_.begin();
    for (const ArpDevice& one : found_) {
      Facts<Arp> facts;
      facts.set(Arp::entries, one.entries);
      out.send(kHost, facts, devices_.get(out, one.device));
    }
    devices_.end(out);
  }

 private:
  Host& host_;
  std::string path_;
  Cadence cadence_{kEveryTicks};
  InstanceSet devices_;
  std::vector<ArpDevice> found_;
};

}  // namespace

Result<std::monostate> parse_arp(std::string_view text, std::vector<ArpDevice>& devices) {
  constexpr std::size_t kColumns = 6;
  Text lines(Text::trim(text));
  lines.line();  // the heading
  while (!lines.empty()) {
    Text line = lines.line();
    std::string_view word;
    for (std::size_t column = 0; column < kColumns; ++column) word = line.word();
    if (word.empty()) return Error{EBADMSG, "arp: columns"};
    // Neighbours of an interface stand together, as a rule.
    const auto same = std::find_if(devices.rbegin(), devices.rend(),
                                   [&](const ArpDevice& one) { return one.device == word; });
    if (same != devices.rend())
      ++same->entries;
    else
      devices.push_back({word, 1});
  }
  return std::monostate{};
}

extern const ReaderSpec arp{"arp", [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                              return std::make_unique<ArpReader>(host);
                            }};

}  // namespace hostmeter::source::proc
