// /proc/net/softnet_stat: a line for each CPU that is online.
#include "source/proc/softnet.hpp"

#include <array>
#include <charconv>

#include "hostmeter/base/text.hpp"
#include "source/proc/numbers.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

class SoftnetReader final : public Reader {
 public:
  explicit SoftnetReader(Host& host)
      : host_(host), file_(host.net + "/softnet_stat"), cpus_(host.instances, kHost) {}

  void read(const Tick&, Output& out) override {
    const auto text = file_.read(host_.proc.fd(), host_.buffer);
    cpus_.begin();
    if (text)
      read_lines(*text, out);
    else
      failed(text.error());
    cpus_.end(out);
  }

 private:
  void read_lines(std::string_view text, Output& out) {
    std::uint64_t number = 0;
    for (Text lines(Text::trim(text)); !lines.empty(); ++number) {
      const auto line = parse_softnet_line(lines.line().rest());
      if (!line) {
        failed(line.error());
        continue;
      }
      std::array<char, 20> digits{};
      const auto end = std::to_chars(digits.begin(), digits.end(), line->cpu.value_or(number)).ptr;
      const std::string_view cpu(digits.data(), std::size_t(end - digits.data()));
      out.send(kHost, line->facts, cpus_.get(out, cpu));
    }
  }

  Host& host_;
  base::KeptFile file_;
  InstanceSet cpus_;
};

}  // namespace

Result<SoftnetLine> parse_softnet_line(std::string_view line) {
  constexpr std::size_t kMostColumns = 15, kFewestColumns = 9, kCpuColumn = 12;
  std::array<std::uint64_t, kMostColumns> column{};
  std::size_t columns = 0;
  Text words(line);
  for (std::string_view word = words.word(); !word.empty() && columns < kMostColumns;
       word = words.word()) {
    const auto value = to_hex_number(word);
    if (!value) return Error{EBADMSG, "softnet_stat: column"};
    column[columns++] = *value;
  }
  if (columns < kFewestColumns) return Error{EBADMSG, "softnet_stat: columns"};

  SoftnetLine parsed;
  parsed.facts.set(Softnet::processed, column[0]);
  parsed.facts.set(Softnet::dropped, column[1]);
  parsed.facts.set(Softnet::times_squeezed, column[2]);
  parsed.facts.set(Softnet::cpu_collision, column[8]);  // always 0 since Linux 4.7
  if (columns > 9) parsed.facts.set(Softnet::received_rps, column[9]);
  if (columns > 10) parsed.facts.set(Softnet::flow_limit_count, column[10]);
  if (columns > 11) parsed.facts.set(Softnet::backlog_len, column[11]);
  if (columns > kCpuColumn) parsed.cpu = column[kCpuColumn];
  return parsed;
}

extern const ReaderSpec softnet{"softnet",
                                [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                  return std::make_unique<SoftnetReader>(host);
                                }};

}  // namespace hostmeter::source::proc
