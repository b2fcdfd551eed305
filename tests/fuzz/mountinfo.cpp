// Lines of /proc/PID/mountinfo.
#include "source/proc/mountinfo.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "hostmeter/base/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter::source::proc;
  std::vector<MountLine> mounts;
  hostmeter::Text text({reinterpret_cast<const char*>(data), size});
  while (!text.empty()) {
    const auto mount = parse_mountinfo_line(text.line().rest());
    if (!mount) continue;
    if (decode_octal(mount->mount_point).empty()) std::abort();
    mounts.push_back(*mount);
  }
  const std::size_t all = mounts.size();
  drop_hidden_mounts(mounts);
  if (mounts.size() > all || (all > 0 && mounts.empty())) std::abort();
  return 0;
}
