// /run/utmp: who is logged in. Where nobody writes it, as on Debian 13, who is logged in is not
// known: there is no file, and no value.
#include "source/proc/users.hpp"

#include <utmp.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "source/proc/pace.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {

Result<Facts<Users>> parse_utmp(std::string_view bytes, std::vector<std::string_view>& names) {
  if (bytes.size() % sizeof(utmp) != 0) return Error{EBADMSG, "utmp: size"};
  names.clear();
  for (; !bytes.empty(); bytes.remove_prefix(sizeof(utmp))) {
    short type = EMPTY;
    std::memcpy(&type, bytes.data() + offsetof(utmp, ut_type), sizeof type);
    if (type != USER_PROCESS) continue;
    const std::string_view name = bytes.substr(offsetof(utmp, ut_user), UT_NAMESIZE);
    names.push_back(name.substr(0, name.find('\0')));
  }
  Facts<Users> facts;
  facts.set(Users::sessions, names.size());
  std::sort(names.begin(), names.end());
  facts.set(Users::names, std::uint64_t(std::unique(names.begin(), names.end()) - names.begin()));
  return facts;
}

namespace {

class UsersReader final : public Reader {
 public:
  UsersReader(Host& host, const Moments& moments) : host_(host), pace_(moments) {}

  void read(const Tick& tick, Output& out) override {
    const bool is_due = pace_.due(tick);
    if (!is_due && !tick.resend) return;
    const auto bytes = base::read_once(host_.root.fd(), "run/utmp", host_.buffer);
    auto facts = bytes ? parse_utmp(*bytes, names_) : bytes.error();
    if (!facts) {
      failed(facts.error());
      facts = Facts<Users>{};
    }
    out.send(kHost, *facts);
  }

 private:
  Host& host_;
  Pace pace_;
  std::vector<std::string_view> names_;
};

}  // namespace

extern const ReaderSpec users{"users",
                              [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
                                return std::make_unique<UsersReader>(host,
                                                                     options.moments("users"));
                              },
                              When::asked};

}  // namespace hostmeter::source::proc
