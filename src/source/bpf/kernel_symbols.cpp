#include "source/bpf/kernel_symbols.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "base/capabilities.hpp"
#include "base/unique_fd.hpp"
#include "hostmeter/base/text.hpp"

namespace hostmeter::source::bpf {
namespace {

// Whether addresses are shown is decided when it is opened.
base::UniqueFd open_symbols(const base::Dir& proc) {
  const base::Raised rights({CAP_SYSLOG});
  return base::UniqueFd(::openat(proc.fd(), "kallsyms", O_RDONLY | O_CLOEXEC));
}

}  // namespace

// "ffffffff81000000 T name", and "\t[module]" after the name of one of a module.
void collect_symbols(std::string_view lines, std::span<const std::string_view> names,
                     Symbols& found) {
  for (Text text(lines); !text.empty();) {
    const std::string_view line = text.until('\n');
    const std::size_t end = line.find(' ');
    if (end == std::string_view::npos || line.size() < end + 4 || line.back() == ']') continue;
    const std::string_view name = line.substr(end + 3);
    if (std::ranges::find(names, name) == names.end()) continue;
    std::uint64_t address = 0;
    const auto [rest, failure] = std::from_chars(line.data(), line.data() + end, address, 16);
    if (failure == std::errc() && rest == line.data() + end && address != 0)
      found.try_emplace(std::string(name), address);
  }
}

// 100,000 lines and more, so in pieces.
Symbols find_symbols(const base::Dir& proc, std::span<const std::string_view> names) {
  Symbols found;
  const base::UniqueFd file = open_symbols(proc);
  if (!file) return found;
  std::string piece(std::size_t{1} << 16, '\0');
  std::size_t kept = 0;
  for (;;) {
    const ssize_t count = ::read(file.get(), piece.data() + kept, piece.size() - kept);
    if (count <= 0) return found;
    const std::string_view all(piece.data(), kept + std::size_t(count));
    const std::size_t lines = all.rfind('\n') + 1;  // 0: not one is whole
    collect_symbols(all.substr(0, lines), names, found);
    kept = all.size() - lines;
    if (kept == piece.size()) return found;
    piece.replace(0, kept, std::string(all.substr(lines)));
  }
}

// Hidden ones are 0; of those shown only a few at the beginning are.
std::optional<Error> addresses_hidden(const base::Dir& proc) {
  const base::UniqueFd file = open_symbols(proc);
  if (!file) return Error{ENOENT, "the kernel has no /proc/kallsyms (CONFIG_KALLSYMS)"};
  std::string piece(std::size_t{1} << 16, '\0');
  const ssize_t count = ::read(file.get(), piece.data(), piece.size());
  for (Text text(std::string_view(piece).substr(0, std::size_t(std::max<ssize_t>(count, 0))));
       !text.empty();) {
    const std::string_view line = text.until('\n');
    if (line.substr(0, line.find(' ')).find_first_not_of('0') != std::string_view::npos) return {};
  }
  return kAddressesHidden;
}

}  // namespace hostmeter::source::bpf
