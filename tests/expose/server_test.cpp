#include "expose/server.hpp"

#include <doctest/doctest.h>
#include <httplib.h>

#include <thread>

#include "base/clock.hpp"
#include "contract/standard.hpp"
#include "store/series_table.hpp"
#include "support/fake_clock.hpp"

using namespace hostmeter;

namespace {

constexpr MetricDesc kUp{Kind::gauge, Unit::none, "up", "Test."};
constexpr MetricDesc kMany{Kind::gauge, Unit::none, "many", "Test.", "n"};

struct Running {
  test::FakeClock clock;
  store::SnapshotPool pool{4};
  expose::Served served;
  store::SeriesTable series{{{&kUp, "one"}, {&kMany, "two"}}, {}};
  contract::Standard contract;
  expose::Server server;
  std::thread thread;

  explicit Running(const std::string& path = "/metrics")
      : server({.host = "127.0.0.1",
                .port = 0,
                .path = path,
                .stale_after_ns = 5'000'000'000,
                .landing_page = "<a href=/metrics>"},
               served, clock) {
    served.serve(pool, contract);
    REQUIRE(server.bind() == 0);
    thread = std::thread([this] { server.serve(); });
  }
  ~Running() {
    server.stop();
    thread.join();
  }
  void publish() {
    store::Snapshot* const snapshot = pool.take_free();
    series.copy_to(*snapshot);
    snapshot->monotonic_ns = clock.monotonic;
    pool.publish(snapshot);
  }
  httplib::Result get(const std::string& path, const httplib::Headers& headers = {}) {
    httplib::Client client("127.0.0.1", server.port());
    for (int i = 0; i < 100 && !client.Get("/-/healthy"); ++i)  // the thread may not listen yet
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return client.Get(path, headers);
  }
};

}  // namespace

TEST_CASE("before the first tick we are not ready and say so") {
  Running running;
  CHECK(running.get("/metrics")->status == 503);
  CHECK(running.get("/-/ready")->status == 503);
  CHECK(running.get("/-/healthy")->status == 200);
}

TEST_CASE("a path is what it is, and no pattern") {
  Running running("/a.b+(c)");
  running.publish();
  CHECK(running.get("/a.b+(c)")->status == 200);
  CHECK(running.get("/aXb+(c)")->status == 404);
  CHECK(running.get("/a.bb(c)")->status == 404);
}

TEST_CASE("a scrape, whole, plain or compressed") {
  Running running;
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = std::to_string(i);
    const std::string_view values[] = {name};
    running.series.set(running.series.bind(kMany, kNoOwner, values), 1);
  }
  running.series.set(running.series.bind(kUp, kNoOwner, {}), 1);
  running.publish();
  const auto plain = running.get("/metrics");
  CHECK(plain->status == 200);
  CHECK(plain->get_header_value("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(plain->body.ends_with("\nup 1\n"));
  const auto zipped = running.get("/metrics", {{"Accept-Encoding", "gzip"}});
  CHECK(zipped->get_header_value("Content-Encoding") == "gzip");
  CHECK(zipped->body == plain->body);  // the client unpacked it
}

TEST_CASE("a scrape is compressed for those alone that take gzip") {
  Running running;
  running.series.set(running.series.bind(kUp, kNoOwner, {}), 1);
  running.publish();
  const auto encoding = [&](const httplib::Headers& headers) {
    return running.get("/metrics", headers)->get_header_value("Content-Encoding");
  };
  CHECK(encoding({}) == "");
  CHECK(encoding({{"Accept-Encoding", "gzip;q=0"}}) == "");
  CHECK(encoding({{"Accept-Encoding", "gzip;q=0, br;q=0, *"}}) == "");
  CHECK(encoding({{"Accept-Encoding", "br"}}) == "");
  CHECK(encoding({{"accept-encoding", "br;q=0, gzip;q=0.1"}}) == "gzip");
  CHECK(encoding({{"Accept-Encoding", "deflate"}, {"Accept-Encoding", "gzip"}}) == "gzip");
}

TEST_CASE("collect[] and exclude[] choose collectors; an unknown one is a plain 400") {
  Running running;
  running.series.set(running.series.bind(kUp, kNoOwner, {}), 1);
  const std::string_view values[] = {"1"};
  running.series.set(running.series.bind(kMany, kNoOwner, values), 1);
  running.publish();
  CHECK(running.get("/metrics?collect[]=one")->body.find("many") == std::string::npos);
  CHECK(running.get("/metrics?exclude[]=one")->body.find("up") == std::string::npos);
  const auto unknown = running.get("/metrics?collect[]=three");
  CHECK(unknown->status == 400);
  CHECK(unknown->body.find("\"three\"") != std::string::npos);
}

TEST_CASE("without a new snapshot for too long we are not healthy") {
  Running running;
  running.publish();
  CHECK(running.get("/-/healthy")->status == 200);
  running.clock.monotonic += 6'000'000'000;
  CHECK(running.get("/-/healthy")->status == 503);
}

TEST_CASE("a port that is taken is an error, never shared in silence") {
  Running running;
  expose::Server second({.host = "127.0.0.1", .port = running.server.port()}, running.served,
                        running.clock);
  CHECK(second.bind() == EADDRINUSE);
}

TEST_CASE("a server that ends before it served gives its port back") {
  Running other;
  int port = 0;
  for (int i = 0; i < 3; ++i) {
    expose::Server server({.host = "127.0.0.1", .port = port}, other.served, other.clock);
    REQUIRE(server.bind() == 0);
    port = server.port();
  }
}

TEST_CASE("where users are asked for, who is none sees no page at all") {
  const base::SystemClock system;
  Running running;
  running.series.set(running.series.bind(kUp, kNoOwner, {}), 1);
  running.publish();
  auto users = std::make_shared<expose::Users>(
      expose::Users::Options{.name = "prometheus", .password = "secret"}, system,
      [](const std::string&) {});
  expose::Server server({.host = "127.0.0.1", .port = 0, .users = std::move(users)}, running.served,
                        system);
  REQUIRE(server.bind() == 0);
  std::thread thread([&] { server.serve(); });
  httplib::Client client("127.0.0.1", server.port());
  for (const char* path : {"/metrics", "/", "/-/healthy", "/nothing"}) {
    CAPTURE(path);
    const auto refused = client.Get(path);
    REQUIRE(refused);
    CHECK(refused->status == 401);
    CHECK(refused->get_header_value("WWW-Authenticate").starts_with("Basic "));
    CHECK(refused->body.find("up 1") == std::string::npos);
  }
  client.set_basic_auth("prometheus", "guess");
  CHECK(client.Get("/metrics")->status == 401);
  client.set_basic_auth("prometheus", "secret");
  CHECK(client.Get("/metrics")->body.ends_with("up 1\n"));
  server.stop();
  thread.join();
}
