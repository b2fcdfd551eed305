// Quotas, weights and limits: shares stay in the kernel's range, no limit is 0.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "source/cgroup/spec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace cgroup = hostmeter::source::cgroup;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(cgroup::parse_cfs_quota(text));
  static_cast<void>(cgroup::parse_cpu_max(text));
  const auto limit = cgroup::parse_limit(text, "limit");
  if (!limit || !*limit) return 0;
  if (**limit >= std::uint64_t{1} << 62U) std::abort();
  const std::uint64_t shares = cgroup::shares_of_weight(**limit);
  if (shares < 2 || shares > 262'144) std::abort();
  return 0;
}
