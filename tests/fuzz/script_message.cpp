// Any bytes as what the daemon asks of the supervisor of scripts, and as what it is told.
#include <cstdint>
#include <cstdlib>

#include "source/script/message.hpp"

using namespace hostmeter::source::script;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto request = decode_request(bytes)) {
    if (encode(*request) != bytes) std::abort();
    if (const auto* run = std::get_if<Run>(&*request))
      if (run->path.empty() || run->path[0] != '/' || run->argv.empty()) std::abort();
  }
  if (const auto answer = decode_answer(bytes))
    if (encode(*answer) != bytes) std::abort();
  return 0;
}
