// /proc/kallsyms: where the kernel's functions and tables are.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::bpf {

using Symbols = std::map<std::string, std::uint64_t, std::less<>>;

// Those of the names that the text has, with an address that is not hidden; of modules none.
void collect_symbols(std::string_view lines, std::span<const std::string_view> names, Symbols&);

// The same from the file below proc; what is not to be known is not in it.
Symbols find_symbols(const base::Dir& proc, std::span<const std::string_view> names);

// Why no address is to be had from it at all; nothing: addresses are shown.
std::optional<Error> addresses_hidden(const base::Dir& proc);
inline constexpr Error kAddressesHidden{EPERM, "/proc/kallsyms hides the kernel's addresses"};

}  // namespace hostmeter::source::bpf
