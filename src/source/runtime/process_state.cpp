#include "source/runtime/process_state.hpp"

#include <limits>
#include <string>

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::runtime {

bool says_stopped(std::string_view stat) {
  const std::size_t name_end = stat.rfind(')');  // a process may call itself ") T"
  if (name_end == std::string_view::npos) return false;
  Text rest(stat.substr(name_end + 1));
  const std::string_view state = rest.word();
  return state == "T" || state == "t";
}

bool is_stopped_process(const base::Dir& proc, pid_t pid, base::Buffer& buffer) {
  const std::string file = std::to_string(pid) + "/stat";
  const auto stat = base::read_once(proc.fd(), file.c_str(), buffer);
  return stat && says_stopped(*stat);
}

std::optional<pid_t> pid_in_file(const base::Dir& root, const char* path, base::Buffer& buffer) {
  const auto text = base::read_once(root.fd(), path, buffer);
  if (!text) return {};
  const auto pid = Text::to_number(Text::trim(*text));
  if (!pid || *pid == 0 || *pid > std::uint64_t(std::numeric_limits<pid_t>::max())) return {};
  return pid_t(*pid);
}

}  // namespace hostmeter::source::runtime
