#include "expose/scrape_server.hpp"

#include <doctest/doctest.h>

#include <list>
#include <thread>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "support/certificates.hpp"

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

namespace {

// The whole answer to a plain request.
std::string ask(int port) {
  const base::UniqueFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(std::uint16_t(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
          0);
  constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  REQUIRE(::send(client.get(), kRequest.data(), kRequest.size(), MSG_NOSIGNAL) > 0);
  std::string all;
  char piece[1000];
  for (ssize_t got = 0; (got = ::recv(client.get(), piece, sizeof piece, 0)) > 0;)
    all.append(piece, std::size_t(got));
  return all;
}

std::string answer(expose::ScrapeServer::Options options) {
  const base::SystemClock clock;
  options.request_ns = options.response_ns = 60'000'000'000;
  expose::ScrapeServer server(std::move(options), clock);
  server.Get("/", [](const auto&, auto& response) { response.set_content("ok", "text/plain"); });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread thread([&] { server.serve(); });
  std::string got = ask(port);
  server.end();
  thread.join();
  return got;
}

}  // namespace

TEST_CASE("whose address is not allowed is told so and gets nothing") {
  const auto network = [](const char* text) { return *base::Network::parse(text); };
  const std::string refused = answer({.allow = {network("10.0.0.0/8"), network("::1")}});
  CHECK(refused.starts_with("HTTP/1.1 403 "));
  CHECK(refused.find("ok") == std::string::npos);
  CHECK(answer({.allow = {network("10.0.0.0/8"), network("127.0.0.0/8")}}).ends_with("ok"));
}

TEST_CASE("who asks in plain HTTP where TLS is spoken is told so") {
  test::Certificates made;
  made.make("server");
  const auto tls = std::make_shared<expose::Tls>(
      expose::Tls::Files{made.path("server.pem"), made.path("server.key"), {}},
      [](const std::string&) {});
  REQUIRE_FALSE(tls->load());
  const std::string told = answer({.tls = tls});
  CHECK(told.starts_with("HTTP/1.1 400 "));
  CHECK(told.find("https") != std::string::npos);
}
