// Connection tracking: its counts below /proc/sys/net/netfilter, its events in
// /proc/net/stat/nf_conntrack. Without the module all of it is absent; of a network that is not
// ours the counts are.
#include "source/proc/conntrack.hpp"

#include <array>

#include "hostmeter/base/text.hpp"
#include "source/proc/key_table.hpp"
#include "source/proc/numbers.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::size_t kMostColumns = 32;

constexpr Key<Conntrack> kKeys[] = {
    {"found", Conntrack::found},
    {"invalid", Conntrack::invalid},
    {"ignore", Conntrack::ignored},
    {"insert", Conntrack::insert},
    {"insert_failed", Conntrack::insert_failed},
    {"drop", Conntrack::dropped},
    {"early_drop", Conntrack::early_drop},
    {"search_restart", Conntrack::search_restart},
};

// Which field each column feeds.
using Columns = std::array<std::optional<Conntrack>, kMostColumns>;

Columns parse_header(Text line) {
  Columns columns;
  KeyCursor<Conntrack> cursor(kKeys);
  for (auto& column : columns) column = cursor.find(line.word());
  return columns;
}

Result<Facts<Conntrack>> add_cpu(Text line, const Columns& columns, Facts<Conntrack> sums) {
  for (const auto& field : columns) {
    const std::string_view word = line.word();
    if (!field) continue;
    const auto value = to_hex_number(word);
    std::uint64_t sum = 0;
    if (!value) return Error{EBADMSG, "nf_conntrack: column"};
    if (__builtin_add_overflow(sums.get(*field).value_or(0), *value, &sum))
      return Error{ERANGE, "nf_conntrack: column"};
    sums.set(*field, sum);
  }
  return sums;
}

class ConntrackReader final : public Reader {
 public:
  explicit ConntrackReader(Host& host) : host_(host), stat_(host.net + "/stat/nf_conntrack") {}

  void read(const Tick&, Output& out) override {
    const auto text = stat_.read(host_.proc.fd(), host_.buffer);
    auto facts = text ? parse_conntrack_stat(*text) : text.error();
    if (!facts) {
      failed(facts.error());
      facts = Facts<Conntrack>{};
    }
    // /proc/sys/net answers for the network of whoever asks, whichever /proc it is below.
    if (host_.net == "net") {
      facts->set(Conntrack::entries, single(entries_));
      facts->set(Conntrack::entries_limit, single(limit_));
    }
    out.send(kHost, *facts);
  }

 private:
  std::optional<std::uint64_t> single(base::KeptFile& file) {
    const auto value = read_single_number(file, host_.proc.fd(), host_.buffer);
    if (value) return *value;
    failed(value.error());
    return {};
  }

  Host& host_;
  base::KeptFile stat_;
  base::KeptFile entries_{"sys/net/netfilter/nf_conntrack_count"};
  base::KeptFile limit_{"sys/net/netfilter/nf_conntrack_max"};
};

}  // namespace

Result<Facts<Conntrack>> parse_conntrack_stat(std::string_view text) {
  Text lines(Text::trim(text));
  const Columns columns = parse_header(lines.line());
  Facts<Conntrack> sums;
  while (!lines.empty()) {
    auto added = add_cpu(lines.line(), columns, sums);
    if (!added) return added;
    sums = *added;
  }
  if (sums.empty()) return Error{EBADMSG, "nf_conntrack: no column is known"};
  return sums;
}

extern const ReaderSpec conntrack{"conntrack",
                                  [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                    return std::make_unique<ConntrackReader>(host);
                                  }};

}  // namespace hostmeter::source::proc
