// Any bytes as JSON, its first line as a query: names and labels that Prometheus takes, and no more
// of them than may be.
#include <cstdint>

#include "written_again.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter::parse;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_output(text, {.format = Format::json});
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return 0;
  check_output(text.substr(end + 1), {.format = Format::json,
                                      .json = {.query = std::string(text.substr(0, end)),
                                               .tag_keys = {"tag*"},
                                               .string_fields = {"*"},
                                               .name_key = "name",
                                               .strict = false}});
  return 0;
}
