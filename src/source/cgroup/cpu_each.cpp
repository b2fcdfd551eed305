#include "source/cgroup/cpu_each.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::cgroup {
namespace {

// Which CPUs are online is looked at once: those that come later are not shown. Without the file
// all that may ever be there are taken for online.
std::vector<std::uint32_t> cpus_online(Host& host) {
  const auto text = base::read_once(host.sys.fd(), "devices/system/cpu/online", host.buffer);
  auto cpus = text ? parse_cpu_list(*text) : text.error();
  return cpus ? std::move(*cpus) : std::vector<std::uint32_t>();
}

}  // namespace

Result<std::size_t> parse_usage_percpu(std::string_view text, std::vector<std::uint64_t>& usage) {
  if (!text.ends_with('\n')) return Error{EBADMSG, "cpuacct.usage_percpu"};
  for (Text words = Text(text).line(); !words.empty();) {
    const std::string_view word = words.word();
    if (word.empty()) continue;
    const auto value = Text::to_number(word);
    if (!value || usage.size() == kMostCpus) return Error{EBADMSG, "cpuacct.usage_percpu"};
    usage.push_back(*value);
  }
  return usage.size();
}

Result<std::vector<std::uint32_t>> parse_cpu_list(std::string_view text) {
  std::vector<std::uint32_t> cpus;
  for (Text ranges = Text(text).line(); !ranges.empty();) {
    const std::string_view word = ranges.until(',');
    Text range(word);
    const auto first = Text::to_number(range.until('-'));
    const bool is_range = word.find('-') != std::string_view::npos;
    const auto last = is_range ? Text::to_number(range.rest()) : first;
    if (!first || !last || *first > *last || *last >= kMostCpus ||
        (!cpus.empty() && *first <= cpus.back()))
      return Error{EBADMSG, "list of CPUs"};
    for (std::uint64_t cpu = *first; cpu <= *last; ++cpu) cpus.push_back(std::uint32_t(cpu));
  }
  return cpus;
}

CpuEachReader::CpuEachReader(Host& host, const Inventory& inventory, FileCache& files,
                             const Options& options)
    : host_(host),
      inventory_(inventory),
      files_(files),
      online_(cpus_online(host)),
      gathers_(options.cpu_each,
               std::max<std::size_t>(1, kMostValues / std::max<std::size_t>(1, online_.size()))) {}

void CpuEachReader::read(const Tick& tick, Output& out) {
  gathers_.begin(tick);
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool first) {
    if (cgroup.identity.kind != CgroupKind::container) return;
    if (first) state.cpus.emplace(host_.instances, cgroup.subject);
    if (!gathers_.take_turn(state.round)) return;
    look(cgroup);
    state.cpus->begin();
    for (std::size_t cpu = 0; cpu < usage_.size(); ++cpu) {
      if (!online_.empty() && !std::ranges::binary_search(online_, cpu)) continue;
      while (names_.size() <= cpu) names_.push_back(std::to_string(names_.size()));
      Facts<CgroupCpuEach> facts;
      facts.set(CgroupCpuEach::usage_ns, usage_[cpu]);
      out.send(cgroup.subject, facts, state.cpus->get(out, names_[cpu]));
    }
    state.cpus->end(out);
  });
}

void CpuEachReader::look(const Cgroup& cgroup) {
  usage_.clear();
  const auto where = files_.where(Controller::cpuacct, cgroup);
  if (!where || where->v2) return;
  const auto text = files_.read_cold(cgroup, where->hierarchy, "cpuacct.usage_percpu");
  const auto parsed = text ? parse_usage_percpu(*text, usage_) : text.error();
  if (parsed) return;
  failed(parsed.error());
  usage_.clear();
}

}  // namespace hostmeter::source::cgroup
