#include "expose/printed_text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

using namespace hostmeter;
using expose::PrintedText;

namespace {

std::string render(const store::PrintedMetrics& printed, std::size_t piece) {
  PrintedText text(&printed);
  std::vector<char> buffer(piece);
  std::string all;
  for (;;) {
    char* const end = text.fill(buffer.data(), buffer.data() + piece, piece);
    if (end == buffer.data()) return all;
    all.append(buffer.data(), std::size_t(end - buffer.data()));
  }
}

// What it points into is held.
void add(store::PrintedMetrics& printed, MetricFamily one) {
  printed.held.push_back(std::make_shared<const std::vector<MetricFamily>>(1, std::move(one)));
  const MetricFamily& family = printed.held.back()->front();
  printed.metrics.push_back({family.name, family.help, family.type, {}});
  for (const MetricFamily::Series& series : family.series)
    printed.metrics.back().series.push_back(&series);
}

}  // namespace

TEST_CASE("metrics of scripts as text, in pieces of any size") {
  store::PrintedMetrics printed;
  add(printed, {.name = "a",
                .type = MetricType::counter,
                .help = "One \\ of\nthem.",
                .series = {{"a", "", 1}, {"a", "x=\"1\"", 0.5}}});
  add(printed,
      {.name = "h", .type = MetricType::histogram, .series = {{"h_bucket", "le=\"+Inf\"", NAN}}});
  add(printed, {.name = "u", .series = {{"u", "", -INFINITY}}});
  const std::string whole =
      "# HELP a One \\\\ of\\nthem.\n# TYPE a counter\na 1\na{x=\"1\"} 0.5\n"
      "# TYPE h histogram\nh_bucket{le=\"+Inf\"} NaN\n# TYPE u untyped\nu -Inf\n";
  for (const std::size_t piece : {60U, 77U, 128U, 4096U}) {
    CAPTURE(piece);
    CHECK(render(printed, piece) == whole);
  }
  PrintedText nothing(nullptr);
  char byte = 0;
  CHECK(nothing.fill(&byte, &byte + 1, 1) == &byte);
}

TEST_CASE("a line that never fits costs itself, a help its metric's help") {
  store::PrintedMetrics printed;
  add(printed, {.name = "a",
                .type = MetricType::gauge,
                .help = std::string(500, 'h'),
                .series = {{"a", "x=\"" + std::string(500, 'x') + "\"", 1}, {"a", "", 2}}});
  CHECK(render(printed, 100) == "# TYPE a gauge\na 2\n");
}
