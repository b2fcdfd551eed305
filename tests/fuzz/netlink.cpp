// Any bytes as an answer of rtnetlink, each part taken for all that it could be.
#include "source/net/netlink.hpp"

#include <cstdint>
#include <cstdlib>

#include "source/net/link.hpp"
#include "source/net/netns.hpp"

using namespace hostmeter::source::net;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  (void)read_answer(bytes, 1, [](const Message& message) {
    if (const auto link = parse_link(message.payload))
      if (link->index <= 0 || link->name.empty() || link->name.size() > 15 || link->peer < 0)
        std::abort();
    if (const auto stats = parse_link_stats(message.payload))
      if (stats->index <= 0) std::abort();
    if (const auto nsid = parse_nsid(message.payload))
      if (*nsid < -1) std::abort();
  });
  (void)parse_netns_link({reinterpret_cast<const char*>(data), size});
  return 0;
}
