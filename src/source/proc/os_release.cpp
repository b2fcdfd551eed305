// os-release: /etc's, or else that of /usr/lib.
#include "source/proc/os_release.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"
#include "source/proc/reader_spec.hpp"
#include "source/proc/seldom.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::size_t index_of(std::string_view key) {
  return std::size_t(std::ranges::find(kOsReleaseKeys, key) - kOsReleaseKeys.begin());
}
constexpr std::size_t kId = index_of("ID"), kIdLike = index_of("ID_LIKE"), kName = index_of("NAME"),
                      kVersionId = index_of("VERSION_ID");
static_assert(kVersionId < kOsReleaseKeys.size());

// A value as the shell takes it: bare, 'single' or "double \\" quoted".
Result<std::string> unquoted(std::string_view value) {
  if (value.empty() || (value.front() != '"' && value.front() != '\'')) return std::string(value);
  const char quote = value.front();
  std::string plain;
  for (std::size_t i = 1; i < value.size(); ++i) {
    if (value[i] == quote) return plain;
    if (quote == '"' && value[i] == '\\' && i + 1 < value.size()) ++i;
    plain += value[i];
  }
  return Error{EBADMSG, "os-release: open quote"};
}

class OsReleaseReader final : public Reader {
 public:
  explicit OsReleaseReader(Host& host)
      : host_(host), infos_(host.instances, kHost), versions_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    if (!seldom_.due(tick)) return;
    const auto text = read_file();
    const auto parsed = text ? parse_os_release(*text) : text.error();
    infos_.begin();
    versions_.begin();
    if (parsed)
      send(*parsed, out);
    else
      failed(parsed.error());
    infos_.end(out);
    versions_.end(out);
  }

 private:
  // An absolute link points into the host's own tree, not into ours.
  Result<std::string_view> read_file() {
    const auto target = host_.root.link("etc/os-release");
    if (target && target->starts_with("/"))
      return base::read_once(host_.root.fd(), target->c_str() + 1, host_.buffer);
    const auto text = base::read_once(host_.root.fd(), "etc/os-release", host_.buffer);
    if (text) return text;
    return base::read_once(host_.root.fd(), "usr/lib/os-release", host_.buffer);
  }

  void send(const OsRelease& os, Output& out) {
    std::array<std::string_view, kOsReleaseKeys.size()> values;
    std::ranges::copy(os, values.begin());
    Facts<OsInfo> info;
    info.set(OsInfo::one, 1);
    out.send(kHost, info, infos_.get_span(out, values.data(), values.size()));

    const auto number = version_number(os[kVersionId]);
    if (!number) return;
    Facts<OsVersion> version;
    version.set_real(OsVersion::number, *number);
    out.send(kHost, version, versions_.get(out, os[kId], os[kIdLike], os[kName]));
  }

  Host& host_;
  Seldom seldom_;
  InstanceSet infos_, versions_;
};

}  // namespace

Result<OsRelease> parse_os_release(std::string_view text) {
  OsRelease os;
  bool any = false;
  for (Text lines(text); !lines.empty();) {
    Text line = lines.line();
    const std::size_t at = index_of(Text::trim(line.until('=')));
    if (at == os.size()) continue;
    auto value = unquoted(Text::trim(line.rest()));
    if (!value) return value.error();
    os[at] = std::move(*value);
    any = true;
  }
  if (!any) return Error{EBADMSG, "os-release: no key is known"};
  return os;
}

std::optional<double> version_number(std::string_view version_id) {
  const auto digits_end = [&](std::size_t from) {
    return std::min(version_id.find_first_not_of("0123456789", from), version_id.size());
  };
  std::size_t end = digits_end(0);
  if (end == 0) return {};
  if (end < version_id.size() && version_id[end] == '.' && digits_end(end + 1) > end + 1)
    end = digits_end(end + 1);
  return Text::to_real(version_id.substr(0, end));
}

extern const ReaderSpec os_release{"os_release",
                                   [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                     return std::make_unique<OsReleaseReader>(host);
                                   }};

}  // namespace hostmeter::source::proc
