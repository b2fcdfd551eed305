// /proc/kallsyms: where the kernel's functions and tables are.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/dir.hpp"

namespace hostmeter::source::bpf {

using Symbols = std::map<std::string, std::uint64_t, std::less<>>;

// Those of the names that the text has, with an address that is not hidden; of modules none.
void collect_symbols(std::string_view lines, std::span<const std::string_view> names, Symbols&);

// The same from the file below proc; what is not to be known is not in it.
Symbols find_symbols(const base::Dir& proc, std::span<const std::string_view> names);

}  // namespace hostmeter::source::bpf
