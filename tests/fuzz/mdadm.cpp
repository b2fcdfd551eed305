// /proc/mdstat.
#include "source/proc/mdadm.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter::source::proc;
  hostmeter::Text text({reinterpret_cast<const char*>(data), size});
  while (true) {
    const std::string_view one = next_md_array(text);
    if (one.empty()) return 0;
    const auto array = parse_md_array(one);
    if (array && !array->facts.get(hostmeter::Md::disks_active)) std::abort();
  }
}
