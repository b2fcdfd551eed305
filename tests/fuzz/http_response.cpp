// Any bytes as an HTTP response: in one piece or byte by byte, it is the same, and its body is no
// longer than what came.
#include "source/runtime/http_response.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include "source/runtime/container_cgroup.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter::source::runtime;
  HttpResponse whole, drops;
  std::string body, body_of_drops;
  const bool fine = whole.feed(text, body);
  bool fine_in_drops = true;
  for (std::size_t i = 0; i < size && fine_in_drops; ++i)
    fine_in_drops = drops.feed(text.substr(i, 1), body_of_drops);
  if (fine != fine_in_drops || body.size() > size) __builtin_trap();
  if (fine && (body != body_of_drops || whole.status() != drops.status() ||
               whole.is_complete() != drops.is_complete()))
    __builtin_trap();
  if (const auto path = cgroup_with_id(text, "abc"))
    if (path->find("abc") == std::string::npos || path->size() > size) __builtin_trap();
  return 0;
}
