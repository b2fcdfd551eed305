// Any bytes as tags, as containers and scripts choose them: labels that Prometheus takes, or none.
#include <cstdint>
#include <cstdlib>

#include "contract/telegraf/tags.hpp"
#include "hostmeter/base/text.hpp"
#include "parse/output.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter;
  contract::telegraf::Tags tags;
  std::string metric;
  constexpr std::size_t kMost = 32, kLongest = 64U << 20U;
  for (Text rest(std::string_view(reinterpret_cast<const char*>(data), size));
       !rest.empty() && tags.size() < kMost;) {
    Text line(rest.until('\0'));
    const std::string_view name = line.until('=');
    if (metric.empty()) metric = name;
    contract::telegraf::set(tags, name, line.until('\0'));
  }
  const std::string labels = contract::telegraf::as_labels(tags);
  for (const unsigned version : {1U, 2U}) {
    const std::string name = contract::telegraf::as_metric_name(metric, version);
    const std::string text = (name.empty() ? "m" : name) + labels + "1\n";
    const parse::ParsedOutput again = parse::parse_output(text, {.limits = {.line = kLongest}});
    if (again.bad_lines != 0 || again.series != 1) std::abort();
  }
  return 0;
}
