#include "expose/scrape_server.hpp"

#include <doctest/doctest.h>

#include <list>
#include <thread>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"

using namespace hostmeter;

TEST_CASE(
    "beyond the bound connections are closed and counted; the others end, and then all is served") {
  const base::SystemClock clock;
  std::atomic<int> refused{0};
  expose::ScrapeServer server({.threads = 1,
                               .most_waiting = 2,
                               .request_ns = 500'000'000,
                               .response_ns = 500'000'000,
                               .on_refused = [&] { ++refused; }},
                              clock);
  server.Get("/", [](const auto&, auto& response) { response.set_content("ok", "text/plain"); });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { server.serve(); });
  std::list<base::UniqueFd> silent;
  for (int i = 0; i < 10; ++i) {
    silent.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(silent.back().get(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof address) == 0);
  }
  httplib::Result answer{nullptr, httplib::Error::Unknown};
  for (int i = 0; i < 100 && !answer; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    answer = httplib::Client("127.0.0.1", port).Get("/");
  }
  REQUIRE(answer);
  CHECK(answer->body == "ok");
  CHECK(refused >= 1);
  server.end();
  thread.join();
}

TEST_CASE("it ends at once though a client is silent") {
  const base::SystemClock clock;
  expose::ScrapeServer server({.request_ns = 60'000'000'000, .response_ns = 60'000'000'000}, clock);
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { server.serve(); });
  httplib::Client client("127.0.0.1", port);
  std::thread waiting([&] { client.Get("/never"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  server.end();
  thread.join();
  waiting.join();
  CHECK(true);
}
