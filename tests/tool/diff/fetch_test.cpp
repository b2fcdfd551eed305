#include "tool/diff/fetch.hpp"

#include <doctest/doctest.h>
#include <httplib.h>

#include "tool/diff/served.hpp"

using namespace hostmeter::tool;

namespace {

FetchError error_of(const std::string& url, const FetchOptions& options = {}) {
  const auto endpoint = endpoint_of(url);
  REQUIRE(endpoint);
  const auto fetched = fetch(*endpoint, options);
  const auto* const error = std::get_if<FetchError>(&fetched);
  return error ? *error : "fetched: " + std::get<Fetched>(fetched).text;
}

}  // namespace

TEST_CASE("a URL has an origin, a path and perhaps a user") {
  const auto whole = endpoint_of("https://me:s%40ecret@host:9273/some/path?x=y#z");
  REQUIRE(whole);
  CHECK(whole->origin == "https://host:9273");
  CHECK(whole->path == "/some/path?x=y");
  CHECK(whole->user == "me");
  CHECK(whole->password == "s@ecret");
  CHECK(whole->shown() == "https://host:9273/some/path?x=y");
  CHECK(endpoint_of("http://[::1]:80")->path == "/metrics");
  CHECK(endpoint_of("http://host?collect[]=x")->path == "/metrics?collect[]=x");
  for (const char* url : {"", "host:9273", "ftp://host/", "http://", "http:///path", "http://:80/",
                          "http://a b/", "http://a/\r\nHost: b"}) {
    CAPTURE(url);
    CHECK_FALSE(endpoint_of(url));
  }
}

TEST_CASE("text comes as it was, compressed on the way or not") {
  const Served served([](httplib::Server& server) {
    server.Get("/metrics", [](const httplib::Request& request, httplib::Response& response) {
      CHECK(request.get_header_value("Accept").find("text/plain") != std::string::npos);
      response.set_content("a 1\n", "text/plain; version=0.0.4");
    });
  });
  const auto fetched = fetch(*endpoint_of(served.url()), {});
  REQUIRE(std::holds_alternative<Fetched>(fetched));
  CHECK(std::get<Fetched>(fetched).text == "a 1\n");
  CHECK(std::get<Fetched>(fetched).content_type == "text/plain; version=0.0.4");
}

TEST_CASE("users are told of, and what is refused is told") {
  const Served served([](httplib::Server& server) {
    server.Get("/metrics", [](const httplib::Request& request, httplib::Response& response) {
      const bool is_known = request.get_header_value("Authorization") == "Basic bWU6c2VjcmV0";
      response.status = is_known ? 200 : 401;
      response.set_content("a 1\n", "text/plain");
    });
  });
  CHECK(error_of(served.url()) == "it answers with status 401 (--user, --password-file)");
  Endpoint endpoint = *endpoint_of(served.url());
  endpoint.user = "me";
  endpoint.password = "secret";
  CHECK(std::holds_alternative<Fetched>(fetch(endpoint, {})));
}

TEST_CASE("redirects are followed at the same server, and no password goes to another") {
  bool was_asked = false;
  const Served other([&](httplib::Server& server) {
    server.Get("/metrics", [&](const httplib::Request&, httplib::Response& response) {
      was_asked = true;
      response.set_content("a 1\n", "text/plain");
    });
  });
  const Served served([&](httplib::Server& server) {
    server.Get("/x/metrics", [](const httplib::Request& request, httplib::Response& response) {
      response.status = request.has_header("Authorization") ? 200 : 401;
      response.set_content("a " + request.get_param_value("q") + "\n", "text/plain");
    });
    server.Get("/path", [](const httplib::Request&, httplib::Response& response) {
      response.set_redirect("/x/metrics?q=1");
    });
    server.Get("/x/whole", [](const httplib::Request& request, httplib::Response& response) {
      response.set_redirect("http://" + request.get_header_value("Host") + "/x/metrics?q=2", 307);
    });
    server.Get("/x/beside", [](const httplib::Request&, httplib::Response& response) {
      response.set_redirect("metrics?q=3", 308);
    });
    for (const char* path : {"/away", "/x/away"})
      server.Get(path, [&](const httplib::Request&, httplib::Response& response) {
        response.set_redirect(other.url());
      });
    server.Get("/slashes", [&](const httplib::Request&, httplib::Response& response) {
      response.set_redirect("//127.0.0.1:" + std::to_string(other.port()) + "/metrics");
    });
  });
  const auto at = [&](const std::string& path) {
    Endpoint endpoint = *endpoint_of(served.url(path));
    endpoint.user = "me";
    endpoint.password = "secret";
    const auto fetched = fetch(endpoint, {});
    const auto* const error = std::get_if<FetchError>(&fetched);
    return error ? *error : std::get<Fetched>(fetched).text;
  };
  CHECK(at("/path") == "a 1\n");
  CHECK(at("/x/whole") == "a 2\n");
  CHECK(at("/x/beside") == "a 3\n");
  CHECK(at("/away").starts_with("it leads to " + other.url() + ", to whom no password"));
  CHECK(at("/slashes").starts_with("it leads to //127.0.0.1:"));
  CHECK_FALSE(was_asked);
}

TEST_CASE("whatever an endpoint does, there is an answer in time") {
  const Served served([](httplib::Server& server) {
    server.Get("/500", [](const httplib::Request&, httplib::Response& r) { r.status = 500; });
    server.Get("/large", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(std::string(2U << 20, 'x'), "text/plain");
    });
    // A byte now and then: no reading takes long, the whole takes for ever.
    server.Get("/drip", [](const httplib::Request&, httplib::Response& response) {
      response.set_chunked_content_provider("text/plain", [](std::size_t, httplib::DataSink& sink) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return sink.write("x", 1);
      });
    });
    server.Get("/round", [](const httplib::Request&, httplib::Response& response) {
      response.set_redirect("/round");
    });
  });
  CHECK(error_of(served.url("/500")) == "it answers with status 500");
  CHECK(error_of(served.url("/none")) == "it answers with status 404");
  CHECK(error_of(served.url("/large"), {.most_bytes = 1U << 20}) ==
        "its answer has more than 1 MiB");
  CHECK(error_of(served.url("/drip"), {.timeout = std::chrono::milliseconds(400)}) ==
        "no whole answer within 400 ms (--timeout)");
  CHECK(error_of(served.url("/round")) == "it leads elsewhere again and again");
  CHECK(error_of("https://127.0.0.1:" + std::to_string(served.port())).find("TLS") !=
        std::string::npos);
  CHECK(error_of("http://127.0.0.1:1/") == "nothing answers there");
}
