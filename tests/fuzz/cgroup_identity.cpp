// Identities: every container has an id, nothing else has a name, every pod a uid.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "source/cgroup/identity.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hostmeter::CgroupKind;
  const hostmeter::Identity identity = hostmeter::source::cgroup::identity_of(
      std::string_view(reinterpret_cast<const char*>(data), size));
  if (identity.kind == CgroupKind::container && identity.container_id.empty()) std::abort();
  if (identity.kind != CgroupKind::container && !identity.name.empty()) std::abort();
  if (identity.kind == CgroupKind::pod && identity.pod_uid.empty()) std::abort();
  return 0;
}
