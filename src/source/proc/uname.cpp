// uname(2), or the files below /proc/sys/kernel that say the same of a recorded host.
#include <sys/utsname.h>

#include <array>
#include <string>

#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts/uname_info.hpp"
#include "source/proc/reader_spec.hpp"
#include "source/proc/seldom.hpp"

namespace hostmeter::source::proc {
namespace {

// In the order of the group's instance labels.
constexpr std::array kFiles{"sys/kernel/ostype",   "sys/kernel/osrelease", "sys/kernel/version",
                            "sys/kernel/arch",  // since Linux 6.1
                            "sys/kernel/hostname", "sys/kernel/domainname"};
using Names = std::array<std::string, kFiles.size()>;

class UnameReader final : public Reader {
 public:
  explicit UnameReader(Host& host) : host_(host), names_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    if (!seldom_.due(tick)) return;
    names_.begin();
    if (const auto names = host_.live ? ask_kernel() : ask_files(); !names[0].empty()) {
      std::array<std::string_view, kFiles.size()> views;
      for (std::size_t i = 0; i < views.size(); ++i) views[i] = names[i];
      Facts<UnameInfo> facts;
      facts.set(UnameInfo::one, 1);
      out.send(kHost, facts, names_.get_span(out, views.data(), views.size()));
    }
    names_.end(out);
  }

 private:
  Names ask_kernel() {
    utsname system{};
    if (::uname(&system) == 0)
      return {system.sysname, system.release,  system.version,
              system.machine, system.nodename, system.domainname};
    failed(Error{errno, "uname"});
    return {};
  }

  Names ask_files() {
    Names names;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto text = base::read_once(host_.proc.fd(), kFiles[i], host_.buffer);
      if (text)
        names[i] = Text::trim(*text);
      else
        failed(text.error());
    }
    return names;
  }

  Host& host_;
  Seldom seldom_;
  InstanceSet names_;
};

}  // namespace

extern const ReaderSpec uname{"uname", [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                return std::make_unique<UnameReader>(host);
                              }};

}  // namespace hostmeter::source::proc
