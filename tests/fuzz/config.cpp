// Any bytes as a configuration: settings, or problems that a terminal can show.
#include <cstdint>
#include <cstdlib>

#include "config/load.hpp"
#include "hostmeter/base/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = hostmeter::config::load_text(text, "fuzz");
  if (!loaded && loaded.settings != hostmeter::config::Settings{}) std::abort();
  for (const std::string& problem : loaded.problems)
    for (std::string_view rest = problem; !rest.empty();) {
      const std::size_t length = hostmeter::utf8_length(rest);
      if (length == 0 || static_cast<unsigned char>(rest.front()) < 0x20) std::abort();
      rest.remove_prefix(length);
    }
  return 0;
}
