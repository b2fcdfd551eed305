#include "app/serving.hpp"

#include <doctest/doctest.h>
#include <httplib.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

#include "app/telegraf_settings.hpp"
#include "base/clock.hpp"
#include "support/made_up_machine.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

namespace {
const base::SystemClock kClock;
config::Settings at(const char* host, std::uint16_t port) {
  config::Settings settings;
  settings.listeners.front().address = {host, port};
  return settings;
}
std::string why_not(const config::Settings& settings, const app::Paths& paths) {
  try {
    const app::Serving serving(settings, paths, kClock);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "it started";
}
}  // namespace

TEST_CASE("it starts, measures, and ends in order, again and again") {
  const test::Tree tree(test::kMachine);
  for (int i = 0; i < 3; ++i) {
    app::Serving serving(at("127.0.0.1", 19476), {.root = tree.root().string()}, kClock);
    CHECK(serving.pipeline().snapshots().wait_newer(0, 5'000'000'000));
    CHECK(serving.addresses() == std::vector<std::string>{"http://127.0.0.1:19476/metrics"});
    CHECK(serving.pipeline().findings().front().find("1 docker container") != std::string::npos);
  }
}

TEST_CASE("a port in use and a host that is not there are one line with the mend") {
  const test::Tree tree(test::kMachine);
  const app::Paths paths{.root = tree.root().string()};
  const app::Serving first(at("127.0.0.1", 19477), paths, kClock);
  CHECK(why_not(at("127.0.0.1", 19477), paths) ==
        "cannot listen on 127.0.0.1:19477: the port is in use: stop what listens there, or choose "
        "another with "
        "--listen");
  CHECK(why_not(at("127.0.0.1", 19478), {.root = "/nowhere"}).find("--root") != std::string::npos);
}

TEST_CASE("a reload keeps the port, changes the figures, and on failure changes nothing") {
  const test::Tree tree(test::kMachine);
  app::Serving serving(at("127.0.0.1", 19480), {.root = tree.root().string()}, kClock);
  config::Settings next = at("127.0.0.1", 19480);
  next.listeners.push_back({.address = {"127.0.0.1", 19481}});
  CHECK(serving.reload(next).empty());
  CHECK(serving.addresses().size() == 2);
  CHECK(serving.pipeline().snapshots().newest());

  const app::Serving other(at("127.0.0.1", 19482), {.root = tree.root().string()}, kClock);
  next.listeners.push_back({.address = {"127.0.0.1", 19482}});
  CHECK_THROWS_AS(serving.reload(next), std::runtime_error);
  CHECK(serving.addresses().size() == 2);
  serving.reload(at("127.0.0.1", 19481));
  CHECK(serving.addresses() == std::vector<std::string>{"http://127.0.0.1:19481/metrics"});
}

TEST_CASE("a reload may change all of a listener but its address, and the interval") {
  const test::Tree tree(test::kMachine);
  config::Settings settings = at("127.0.0.1", 19483);
  app::Serving serving(settings, {.root = tree.root().string()}, kClock);
  settings.collect.interval_ns = 2'000'000'000;
  serving.reload(settings);
  settings.listeners.front().threads = 3;
  settings.listeners.front().path = "/other";
  serving.reload(settings);
  CHECK(serving.addresses() == std::vector<std::string>{"http://127.0.0.1:19483/other"});
}

// From one loopback address to all of them: the old listener ends first, and only then it shows
// that another has the port on 127.0.0.2.
TEST_CASE("a listener that is lost in a reload costs no other, and the rest is in force") {
  const test::Tree tree(test::kMachine);
  const app::Paths paths{.root = tree.root().string()};
  app::Serving serving(at("127.0.0.1", 19485), paths, kClock);
  auto taken = std::make_unique<app::Serving>(at("127.0.0.2", 19485), paths, kClock);
  config::Settings next = at("", 19485);
  next.listeners.push_back({.address = {"127.0.0.1", 19486}, .path = "/other"});
  const auto* before = &serving.pipeline();
  CHECK(serving.reload(next) ==
        std::vector<std::string>{
            "listener :19485 lost: the port is in use: stop what listens there, or choose another "
            "with --listen, and reload; the rest is in force"});
  CHECK(&serving.pipeline() != before);
  CHECK(serving.addresses() == std::vector<std::string>{"http://127.0.0.1:19486/other"});
  const auto answer = httplib::Client("127.0.0.1", 19486).Get("/other");
  REQUIRE(answer);
  CHECK(answer->status == 200);

  CHECK_THROWS_AS(serving.reload(next), std::runtime_error);
  CHECK(serving.addresses().size() == 1);
  taken.reset();
  CHECK(serving.reload(next).empty());
  CHECK(serving.addresses().size() == 2);
}

TEST_CASE("outputs in another order go on as they were, under their own names") {
  const test::Tree tree(test::kMachine);
  const auto settings_of = [](const std::string& first, const std::string& second) {
    const std::vector<config::telegraf::ConfFile> files{
        {"t.conf", "[[inputs.system]]\n" + first + second}};
    const auto none = [](const std::string&) { return std::optional<std::string>(); };
    return app::settings_for(config::telegraf::load_conf(files, none).settings);
  };
  const std::string a =
      "[[outputs.prometheus_client]]\nlisten = \"127.0.0.1:19617\"\nname_prefix = \"a_\"\n";
  const std::string b =
      "[[outputs.prometheus_client]]\nlisten = \"127.0.0.1:19618\"\nname_prefix = \"b_\"\n";
  app::Serving serving(settings_of(a, b), {.root = tree.root().string()}, kClock);
  REQUIRE(serving.pipeline().snapshots().wait_newer(0, 5'000'000'000));
  std::atomic<bool> is_over = false;
  unsigned scrapes = 0, wrong = 0;
  std::thread scraper([&] {
    while (!is_over) {
      const auto answer = httplib::Client("127.0.0.1", 19617).Get("/metrics");
      ++scrapes;
      if (!answer || answer->body.find("\na_system_load1") == std::string::npos) ++wrong;
    }
  });
  for (int i = 0; i < 2; ++i) {
    serving.reload(settings_of(b, a));
    serving.reload(settings_of(a, b));
  }
  is_over = true;
  scraper.join();
  CHECK(scrapes > 0);
  CHECK(wrong == 0);
}

TEST_CASE("a port in use is explained, the default one with who has it often") {
  const std::string mend = ": stop what listens there, or choose another with --listen";
  CHECK(app::why_not(EADDRINUSE, {"", 9300}) == "the port is in use" + mend);
  CHECK(app::why_not(EADDRINUSE, {"", 9273}) == "the port is in use, often by Telegraf" + mend);
}

TEST_CASE("a pipeline that a scrape still reads outlives the reload") {
  const test::Tree tree(test::kMachine);
  const config::Settings settings = at("127.0.0.1", 19484);
  app::Serving serving(settings, {.root = tree.root().string()}, kClock);
  REQUIRE(serving.pipeline().snapshots().wait_newer(0, 5'000'000'000));
  auto lease = serving.pipeline().snapshots().newest();
  REQUIRE(lease);
  serving.reload(settings);
  serving.reload(settings);
  std::size_t bytes = 0;
  for (const auto* family : lease->lines)
    for (const store::Line& line : *family) bytes += line.rest->size();
  CHECK(bytes > 1000);
  lease = {};
  serving.tidy();
}

TEST_CASE("files of a listener that cannot be read are a line that names them, also on reload") {
  const test::Tree tree(test::kMachine);
  const app::Paths paths{.root = tree.root().string()};
  config::Settings settings = at("127.0.0.1", 19486);
  app::Serving serving(settings, paths, kClock);
  const auto why_not_now = [&] {
    try {
      serving.reload(settings);
    } catch (const std::runtime_error& failure) {
      return std::string(failure.what());
    }
    return std::string("it was reloaded");
  };
  settings.listeners[0].tls_certificate = "/nonexistent/cert.pem";
  CHECK(why_not_now().find("listener 127.0.0.1:19486: /nonexistent/cert.pem: no certificate") == 0);
  settings.listeners[0].tls_certificate.clear();
  settings.listeners[0].users_file = "/nonexistent/users";
  CHECK(why_not_now().find("listener 127.0.0.1:19486: /nonexistent/users: cannot be read") == 0);
  CHECK(httplib::Client("127.0.0.1", 19486).Get("/-/healthy")->status == 200);
}

TEST_CASE("of a telegraf.conf, an output without its certificate costs no other") {
  const test::Tree tree(test::kMachine);
  config::Settings settings = at("127.0.0.1", 19619);
  settings.listeners[0].contract = config::Contract::telegraf;
  settings.listeners.push_back(settings.listeners[0]);
  settings.listeners[1].address.port = 19620;
  settings.listeners[1].tls_certificate = "/nonexistent/cert.pem";
  settings.telegraf.emplace();
  settings.telegraf->outputs.resize(1);
  app::Serving serving(settings, {.root = tree.root().string()}, kClock);
  CHECK(serving.addresses() == std::vector<std::string>{"http://127.0.0.1:19619/metrics"});
  CHECK(serving.reload(settings).empty());
  CHECK(httplib::Client("127.0.0.1", 19619).Get("/")->body.find("collect[]") == std::string::npos);
  CHECK(httplib::Client("127.0.0.1", 19619).Get("/metrics?collect[]=zzz")->status == 200);
  settings.listeners[0].tls_certificate = "/nonexistent/cert.pem";
  CHECK_THROWS_AS(serving.reload(settings), std::runtime_error);
  CHECK(httplib::Client("127.0.0.1", 19619).Get("/-/healthy")->status == 200);
}
