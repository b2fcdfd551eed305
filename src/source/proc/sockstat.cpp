// /proc/net/sockstat and /proc/net/sockstat6.
#include "source/proc/sockstat.hpp"

#include <unistd.h>

#include "source/proc/key_table.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

struct SocketKey {
  std::string_view protocol, name;
  Sockstat field;
};
constexpr SocketKey kKeys[] = {
    {"sockets:", "used", Sockstat::sockets_used},
    {"TCP:", "inuse", Sockstat::tcp_inuse},
    {"TCP:", "orphan", Sockstat::tcp_orphan},
    {"TCP:", "tw", Sockstat::tcp_tw},
    {"TCP:", "alloc", Sockstat::tcp_alloc},
    {"TCP:", "mem", Sockstat::tcp_mem},
    {"UDP:", "inuse", Sockstat::udp_inuse},
    {"UDP:", "mem", Sockstat::udp_mem},
    {"UDPLITE:", "inuse", Sockstat::udp_lite_inuse},
    {"RAW:", "inuse", Sockstat::raw_inuse},
    {"FRAG:", "inuse", Sockstat::frag_inuse},
    {"FRAG:", "memory", Sockstat::frag_memory},
    {"TCP6:", "inuse", Sockstat::tcp6_inuse},
    {"UDP6:", "inuse", Sockstat::udp6_inuse},
    {"UDPLITE6:", "inuse", Sockstat::udp_lite6_inuse},
    {"RAW6:", "inuse", Sockstat::raw6_inuse},
    {"FRAG6:", "inuse", Sockstat::frag6_inuse},
    {"FRAG6:", "memory", Sockstat::frag6_memory},
};

std::optional<Sockstat> find(std::string_view protocol, std::string_view name) {
  for (const SocketKey& key : kKeys)
    if (key.name == name && key.protocol == protocol) return key.field;
  return {};
}

// The same in bytes, for the two that the kernel counts in pages.
bool set_bytes(Facts<Sockstat>& facts, Sockstat pages, Sockstat bytes, std::uint64_t page_size) {
  const auto count = facts.get(pages);
  if (!count) return true;
  const auto size = scaled(*count, page_size);
  facts.set(bytes, size);
  return size.has_value();
}

class SockstatReader final : public Reader {
 public:
  SockstatReader(Host& host, std::uint64_t page_size)
      : host_(host),
        page_size_(page_size),
        v4_(host.net + "/sockstat"),
        v6_(host.net + "/sockstat6") {}

  void read(const Tick&, Output& out) override {
    Facts<Sockstat> facts;
    add(v4_, facts);
    add(v6_, facts);
    out.send(kHost, facts);
  }

 private:
  void add(base::KeptFile& file, Facts<Sockstat>& facts) {
    const auto text = file.read(host_.proc.fd(), host_.buffer);
    const auto added = text ? parse_sockstat(*text, page_size_, facts) : text.error();
    if (added)
      facts = *added;
    else
      failed(added.error());
  }

  Host& host_;
  std::uint64_t page_size_;
  base::KeptFile v4_, v6_;
};

}  // namespace

Result<Facts<Sockstat>> parse_sockstat(std::string_view text, std::uint64_t page_size,
                                       Facts<Sockstat> facts) {
  if (text.empty()) return Error{EBADMSG, "sockstat: empty"};
  for (Text lines(text); !lines.empty();) {
    Text line = lines.line();
    const std::string_view protocol = line.word();
    for (std::string_view name = line.word(); !name.empty(); name = line.word()) {
      const auto value = line.number();
      if (!value) return Error{EBADMSG, "sockstat: count"};
      if (const auto field = find(protocol, name)) facts.set(*field, *value);
    }
  }
  if (!set_bytes(facts, Sockstat::tcp_mem, Sockstat::tcp_mem_bytes, page_size) ||
      !set_bytes(facts, Sockstat::udp_mem, Sockstat::udp_mem_bytes, page_size))
    return Error{ERANGE, "sockstat: pages"};
  return facts;
}

extern const ReaderSpec sockstat{
    "sockstat", [](Host& host, const Options&) -> std::unique_ptr<Reader> {
      return std::make_unique<SockstatReader>(host, std::uint64_t(::sysconf(_SC_PAGESIZE)));
    }};

}  // namespace hostmeter::source::proc
