#include "source/runtime/bounded.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

TEST_CASE("what is too long is cut between characters") {
  CHECK(cut("short", 10) == "short");
  CHECK(cut("0123456789", 4) == "0123");
  CHECK(cut("ab\xc3\xa4", 3) == "ab");  // "abä": half an ä is none
  CHECK(cut("ab\xc3\xa4x", 4) == "ab\xc3\xa4");
  CHECK(cut("\x80\x80\x80", 2).empty());
}

TEST_CASE("labels are bounded in number and length, in order of their names") {
  std::map<std::string, std::string, std::less<>> labels;
  for (std::size_t i = 0; i < Description::kMostLabels + 10; ++i)
    labels["k" + std::to_string(100 + i)] = "v";
  labels["a"] = std::string(Description::kLongestLabel + 1, 'x');
  labels[std::string(Description::kLongestName + 1, 'b')] = "a name that is too long is none";
  labels[""] = "neither";
  Description made;
  set_labels(made, labels);
  REQUIRE(made.labels.size() == Description::kMostLabels);
  CHECK(made.labels[0].first == "a");
  CHECK(made.labels[0].second.size() == Description::kLongestLabel);
  CHECK(made.labels[1].first == "k100");
}
