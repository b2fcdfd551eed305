#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/os_release.hpp"

namespace hostmeter::source::proc {

// In the order of OsInfo's instance labels.
inline constexpr std::array<std::string_view, 12> kOsReleaseKeys{
    "BUILD_ID",    "ID",      "ID_LIKE",    "IMAGE_ID", "IMAGE_VERSION",    "NAME",
    "PRETTY_NAME", "VARIANT", "VARIANT_ID", "VERSION",  "VERSION_CODENAME", "VERSION_ID"};

// Values without their quotes; empty where the file has none. Allocates: not for every tick.
using OsRelease = std::array<std::string, kOsReleaseKeys.size()>;

// EBADMSG: not a single key is known, or a quote is left open.
Result<OsRelease> parse_os_release(std::string_view text);

// Major and minor of a VERSION_ID: 22.04 of "22.04", 3.18 of "3.18.4". Some have no number.
std::optional<double> version_number(std::string_view version_id);

}  // namespace hostmeter::source::proc
