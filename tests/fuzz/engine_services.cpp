// Any bytes as what Docker answers about services, in one line, and about their tasks, in the rest:
// what is taken is bounded, and every service is whole.
#include "source/runtime/engine_services.hpp"

#include <cstddef>
#include <cstdint>

#include "hostmeter/flow/description.hpp"

namespace {

void must_hold(bool promise) {
  if (!promise) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter;
  using namespace hostmeter::source::runtime;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  const std::string_view tasks = end == text.npos ? text : text.substr(end + 1);
  auto services = parse_services(text.substr(0, end));
  if (!services) return 0;
  must_hold(services->all.size() <= SwarmServices::kMost);
  for (const SwarmServiceState& one : services->all) {
    must_hold(!one.id.empty() && one.id.size() <= Description::kLongestName);
    must_hold(!one.mode.empty() && one.name.size() <= Description::kLongestName);
    must_hold(one.mode != "replicated" || one.replicas);
    must_hold(one.running == 0 && one.wanted == 0);
  }
  (void)count_tasks(tasks, services->all);
  // The shortest task is {}.
  std::uint64_t running = 0, wanted = 0;
  for (const SwarmServiceState& one : services->all) {
    running += one.running;
    wanted += one.wanted;
  }
  must_hold(running <= tasks.size() / 2 && wanted <= tasks.size() / 2);
  return 0;
}
