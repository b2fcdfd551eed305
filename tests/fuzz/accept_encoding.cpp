// Any bytes as Accept-Encoding: gzip is not sent to who names neither it nor *.
#include "expose/accept_encoding.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace hostmeter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string header(reinterpret_cast<const char*>(data), size);
  const bool asked = expose::asks_for_gzip(header);
  std::transform(header.begin(), header.end(), header.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  const bool named =
      header.find("gzip") != std::string::npos || header.find('*') != std::string::npos;
  if (asked && !named) std::abort();
  return 0;
}
