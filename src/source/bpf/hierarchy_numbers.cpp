#include "source/bpf/hierarchy_numbers.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::bpf {

// "4:cpu,cpuacct:/" for each; a line of another hierarchy is passed over.
Result<std::vector<std::uint32_t>> parse_hierarchy_numbers(std::string_view text,
                                                           const cgroup::Hierarchies& known) {
  const auto all = known.all();
  std::vector<std::uint32_t> numbers(all.size(), ~0U);
  for (Text lines(text); !lines.empty();) {
    Text line = lines.line();
    if (line.empty()) continue;
    const auto number = Text(line.until(':')).number();
    if (!number || *number > 0xffffU) return Error{EBADMSG, "the number of a cgroup hierarchy"};
    const std::string_view controllers = line.until(':');
    for (std::size_t h = 0; h < all.size(); ++h) {
      const bool is_it =
          known.is_v2(h) ? *number == 0
                         : (cgroup::controllers_in(controllers) & all[h].mount.controllers) != 0;
      if (is_it) numbers[h] = std::uint32_t(*number);
    }
  }
  if (std::ranges::find(numbers, ~0U) != numbers.end())
    return Error{ENOENT, "a cgroup hierarchy has no number"};
  return numbers;
}

Result<std::vector<std::uint32_t>> hierarchy_numbers(Host& host, const cgroup::Hierarchies& known) {
  const auto text = base::read_once(host.proc.fd(), "1/cgroup", host.buffer);
  if (!text) return text.error();
  return parse_hierarchy_numbers(*text, known);
}

}  // namespace hostmeter::source::bpf
