// /proc/cpuinfo.
#include "source/proc/cpu_info.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter::source::proc;
  hostmeter::Text text({reinterpret_cast<const char*>(data), size});
  while (true) {
    const std::string_view cpu = next_cpu(text)[std::size_t(CpuLabel::cpu)];
    if (cpu.empty()) break;
    if (!hostmeter::Text::to_number(cpu)) std::abort();
  }
  if (!text.empty()) std::abort();
  return 0;
}
