// Any bytes as an output of a script, in both dialects: families whose text, written out again, is
// understood as the same.
#include <cstdint>
#include <cstdlib>

#include "hostmeter/base/utf8.hpp"
#include "parse/families.hpp"

using namespace hostmeter;
using namespace hostmeter::parse;

namespace {

std::vector<MetricFamily> families_of(std::string_view text, Dialect dialect,
                                      std::size_t* bad_lines) {
  FamilyBuilder builder(dialect, 1'000);
  ExpositionParser(dialect).parse(text, builder);
  *bad_lines = builder.bad_lines();
  return builder.take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const Dialect dialect : {Dialect::prometheus, Dialect::openmetrics}) {
    std::size_t bad_lines = 0;
    std::string again;
    std::size_t series = 0;
    for (const MetricFamily& family : families_of(text, dialect, &bad_lines)) {
      if (!is_metric_name(family.name) || !is_utf8(family.help)) std::abort();
      for (const MetricFamily::Series& one : family.series) {
        if (!is_utf8(one.labels)) std::abort();
        again += one.name + "{" + one.labels + "} 1\n";
        ++series;
      }
    }
    std::size_t seen = 0;
    for (const MetricFamily& family : families_of(again, Dialect::prometheus, &bad_lines))
      seen += family.series.size();
    if (bad_lines != 0 || seen != series) std::abort();
  }
  return 0;
}
