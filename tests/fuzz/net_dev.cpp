// Any bytes as /proc/net/dev: devices with names until the first line that is not one.
#include "source/net/net_dev.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hostmeter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  source::net::NetDev lines({reinterpret_cast<const char*>(data), size});
  while (true) {
    const auto line = lines.next();
    if (!line) {
      const auto after = lines.next();
      if (!after || *after) std::abort();  // an error is the end
      return 0;
    }
    if (!*line) return 0;
    if ((*line)->name.empty() || (*line)->name.find(' ') != std::string_view::npos) std::abort();
  }
}
