// /sys/devices/system/clocksource: what the kernel can tell the time by, and what it does.
#include "hostmeter/flow/facts/clocksource.hpp"

#include <algorithm>
#include <string>

#include "hostmeter/base/text.hpp"
#include "source/proc/reader_spec.hpp"
#include "source/proc/seldom.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr const char* kRoot = "devices/system/clocksource";
constexpr std::string_view kPrefix = "clocksource";

// The kernel's names are short and plain: anything else is not one.
bool is_name(std::string_view word) {
  return word.size() <= 64 && std::ranges::all_of(word, [](char c) { return c > ' ' && c <= '~'; });
}

class ClocksourceReader final : public Reader {
 public:
  explicit ClocksourceReader(Host& host) : host_(host), sources_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    if (!seldom_.due(tick)) return;
    sources_.begin();
    const auto root = base::Dir::open_at(host_.sys.fd(), kRoot);
    const auto names = root ? root->subdirectories() : root.error();
    if (names) {
      for (const std::string& name : *names)
        if (name.starts_with(kPrefix)) read_device(*root, name, out);
    } else {
      failed(names.error());
    }
    sources_.end(out);
  }

 private:
  void read_device(const base::Dir& root, const std::string& name, Output& out) {
    const std::string_view device = std::string_view(name).substr(kPrefix.size());
    const std::string current(file(root, name + "/current_clocksource"));
    if (!current.empty() && is_name(current)) send(device, current, current, out);
    for (Text words(file(root, name + "/available_clocksource")); !words.empty();) {
      const std::string_view word = words.word();
      if (!is_name(word))
        failed(Error{EBADMSG, "clocksource: name"});
      else if (!word.empty() && word != current)
        send(device, word, current, out);
    }
  }

  void send(std::string_view device, std::string_view source, std::string_view current,
            Output& out) {
    Facts<Clocksource> facts;
    facts.set(Clocksource::available, 1);
    if (source == current) facts.set(Clocksource::current, 1);
    out.send(kHost, facts, sources_.get(out, device, source));
  }

  std::string_view file(const base::Dir& root, const std::string& path) {
    const auto text = base::read_once(root.fd(), path.c_str(), host_.buffer);
    if (text) return Text::trim(*text);
    failed(text.error());
    return {};
  }

  Host& host_;
  Seldom seldom_;
  InstanceSet sources_;
};

}  // namespace

extern const ReaderSpec clocksource{"clocksource",
                                    [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                      return std::make_unique<ClocksourceReader>(host);
                                    }};

}  // namespace hostmeter::source::proc
