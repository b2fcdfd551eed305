// Names of the kubelet's log files and the state files of machined.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "hostmeter/base/text.hpp"
#include "source/runtime/machine_state.hpp"
#include "source/runtime/pod_logs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter::source::runtime;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  hostmeter::Text lines(text);
  const std::string_view link = lines.until('\n'), target = lines.until('\n');
  if (const auto log = describe_log(link, target))
    if (log->container_id.size() != 64 || log->pod.empty() || log->pod_container.empty())
      std::abort();
  if (const auto pod = describe_pod(link); pod && pod->pod_uid.empty()) std::abort();
  if (const auto machine = describe_machine(text); machine && *machine)
    if ((*machine)->container_id.empty() || (*machine)->name.empty()) std::abort();
  return 0;
}
