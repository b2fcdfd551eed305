#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "support/captured_stdout.hpp"
#include "support/tree.hpp"
#include "tool/diff/served.hpp"

using namespace hostmeter;

namespace {

app::Arguments between(const std::string& a, const std::string& b) {
  app::Arguments arguments;
  arguments.diff.a = a;
  arguments.diff.b = b;
  arguments.diff.times = 1;
  return arguments;
}

}  // namespace

TEST_CASE("the status tells whether anything differs") {
  const tool::Served served([](httplib::Server& server) {
    server.Get("/a", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("g 1\n", "text/plain");
    });
    server.Get("/b", [](const httplib::Request& request, httplib::Response& response) {
      response.status = request.has_header("Authorization") ? 200 : 401;
      response.set_content("g 2\n", "text/plain");
    });
  });
  app::Arguments same = between(served.url("/a"), served.url("/a"));
  CHECK(test::captured_stdout([&] {
          CHECK(app::diff(same) == app::kOk);
        }).ends_with("1 series are the same\n"));
  app::Arguments other = between(served.url("/a"), served.url("/b"));
  CHECK(app::diff(other) == app::kUsage);
  const test::Tree tree("");
  tree.write("password", "secret\n");
  other.diff.user = "me";
  other.diff.password_file = (tree.root() / "password").string();
  other.json = true;
  const std::string text = test::captured_stdout([&] { CHECK(app::diff(other) == app::kFailed); });
  CHECK(nlohmann::json::parse(text)["differences"][0]["kind"] == "value");
}

TEST_CASE("what compares nothing is no success") {
  const tool::Served served([](httplib::Server& server) {
    server.Get("/g", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("g{a=\"1\"} 1\ng{a=\"2\"} 1\n", "text/plain");
    });
    server.Get("/c", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("# TYPE c_total counter\nc_total 1\n", "text/plain");
    });
  });
  const auto status_of = [](const app::Arguments& arguments) {
    int status = 0;
    test::captured_stdout([&] { status = app::diff(arguments); });
    return status;
  };
  app::Arguments gauges = between(served.url("/g"), served.url("/g"));
  CHECK(status_of(gauges) == app::kOk);
  gauges.diff.only = {"typo_*"};
  CHECK(status_of(gauges) == app::kUsage);
  gauges.diff.only.clear();
  gauges.diff.ignored_labels = {"a"};
  CHECK(status_of(gauges) == app::kUsage);
  app::Arguments counters = between(served.url("/c"), served.url("/c"));
  CHECK(status_of(counters) == app::kUsage);
  counters.diff.times = 2;
  counters.diff.interval = "1ms";
  CHECK(status_of(counters) == app::kOk);
}

TEST_CASE("a user in the URL has the password of the file") {
  const tool::Served served([](httplib::Server& server) {
    server.Get("/", [](const httplib::Request& request, httplib::Response& response) {
      const bool is_known = request.get_header_value("Authorization") == "Basic bWU6c2VjcmV0";
      response.status = is_known ? 200 : 401;
      response.set_content("g 1\n", "text/plain");
    });
  });
  const test::Tree tree("");
  tree.write("password", "secret\n");
  const std::string url = "http://me@127.0.0.1:" + std::to_string(served.port()) + "/";
  app::Arguments arguments = between(url, url);
  arguments.diff.password_file = (tree.root() / "password").string();
  test::captured_stdout([&] { CHECK(app::diff(arguments) == app::kOk); });
}

TEST_CASE("arguments that make no sense are refused") {
  const auto is_refused = [](const auto& change) {
    app::Arguments arguments = between("http://127.0.0.1:1/", "http://127.0.0.1:1/");
    change(arguments.diff);
    return app::diff(arguments) == app::kUsage;
  };
  CHECK(is_refused([](app::DiffArguments& diff) { diff.a = "localhost"; }));
  CHECK(is_refused([](app::DiffArguments& diff) { diff.interval = "soon"; }));
  CHECK(is_refused([](app::DiffArguments& diff) { diff.timeout = "2h"; }));
  CHECK(is_refused([](app::DiffArguments& diff) { diff.renamed = {"a"}; }));
  CHECK(is_refused([](app::DiffArguments& diff) { diff.password_file = "/no/such/file"; }));
}
