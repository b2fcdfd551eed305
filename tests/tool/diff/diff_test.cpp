#include "tool/diff/diff.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include "support/fake_clock.hpp"
#include "tool/diff/served.hpp"

using namespace hostmeter;
using namespace hostmeter::tool;

namespace {

std::string refusal(const Fetched& fetched) {
  const auto understood = understand(fetched);
  const auto* const why = std::get_if<std::string>(&understood);
  return why ? *why : "";
}

}  // namespace

TEST_CASE("what is no Prometheus text is told from what is") {
  CHECK(refusal({"<html>", "text/plain"}) ==
        "this is a page of HTML, no metrics: is the path right?");
  CHECK(refusal({"a 1\n", "text/html; charset=utf-8"}) != "");
  CHECK(refusal({"", "text/plain"}) == "there are no metrics in its answer");
  CHECK(
      refusal({"{\"a\": 1}\n", "application/json"}) ==
      "this is no Prometheus text: 1 bad lines, the first is line 1: the line begins with no name "
      "of a metric");
  const auto some = understand({"a 1\n?\n", "text/plain"});
  REQUIRE(std::holds_alternative<Understood>(some));
  CHECK(std::get<Understood>(some).notes.at(0).starts_with("1 bad lines, the first is line 2: "));
  const auto open = understand(
      {"# TYPE a counter\na_total 1\n# EOF\n", "application/openmetrics-text; version=1.0.0"});
  CHECK(std::get<Understood>(open).families.at(0).name == "a_total");
}

TEST_CASE("two endpoints are scraped by turns, and compared") {
  const test::FakeClock clock;
  std::atomic<int> scrapes = 0;
  const Served served([&](httplib::Server& server) {
    server.Get("/a", [&](const httplib::Request&, httplib::Response& response) {
      ++scrapes;
      response.set_content("# TYPE g gauge\ng{host=\"x\"} 1\nold 1\n", "text/plain");
    });
    server.Get("/b", [&](const httplib::Request&, httplib::Response& response) {
      ++scrapes;
      response.set_content("# TYPE g gauge\ng 1\nnew 5\n", "text/plain");
    });
  });
  DiffOptions options{.a = *endpoint_of(served.url("/a")),
                      .b = *endpoint_of(served.url("/b")),
                      .times = 2,
                      .interval = std::chrono::milliseconds(1),
                      .selection = {.ignored_labels = {"host"}, .renamed = {{"old", "new"}}}};
  const auto made = diff(options, clock);
  REQUIRE(std::holds_alternative<DiffReport>(made));
  const auto& report = std::get<DiffReport>(made);
  CHECK(scrapes == 4);
  CHECK(report.scrapes == 2);
  CHECK(report.comparison.same == 1);
  CHECK(report.comparison.differences ==
        std::vector<Difference>{{Difference::Kind::value, "new{}", 1, "1", "5"}});
  options.b.path = "/none";
  const auto none = diff(options, clock);
  CHECK(std::get<std::string>(none) == served.url("/none") + ": it answers with status 404");
}
