#include "expose/tls_connection.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>

#include <csignal>
#include <thread>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "support/certificates.hpp"

using namespace hostmeter;
using namespace hostmeter::expose;

namespace {

constexpr std::uint64_t kMs = 1'000'000;

// A server's end and a client's, of one connection.
struct Ends {
  test::Certificates made;
  base::UniqueFd ours, theirs;
  std::atomic<bool> stopping{false};
  base::SystemClock clock;
  std::unique_ptr<SSL_CTX, SslDeleter> context{::SSL_CTX_new(::TLS_client_method())};
  SslSession client;

  Ends() {
    std::signal(SIGPIPE, SIG_IGN);  // of the client, which OpenSSL writes for
    made.make("ca");
    made.make("server", "ca");
    made.make("scraper", "ca");
    made.make("stranger");
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    ours = base::UniqueFd(ends[0]);
    theirs = base::UniqueFd(ends[1]);
    REQUIRE(::SSL_CTX_load_verify_locations(context.get(), made.path("ca.pem").c_str(), nullptr) ==
            1);
    ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  }

  std::unique_ptr<Tls> tls(bool asks_for_certificate = false) {
    Tls::Files files{made.path("server.pem"), made.path("server.key")};
    if (asks_for_certificate) files.client_cas = {made.path("ca.pem")};
    auto tls = std::make_unique<Tls>(files, [](const std::string&) {});
    REQUIRE_FALSE(tls->load());
    return tls;
  }
  void show(const std::string& name) {
    REQUIRE(::SSL_CTX_use_certificate_file(context.get(), made.path(name + ".pem").c_str(),
                                           SSL_FILETYPE_PEM) == 1);
    REQUIRE(::SSL_CTX_use_PrivateKey_file(context.get(), made.path(name + ".key").c_str(),
                                          SSL_FILETYPE_PEM) == 1);
  }
  // Sends a request and reads the answer to its end. Empty: it got none.
  std::string ask() {
    client.reset(::SSL_new(context.get()));
    ::SSL_set_fd(client.get(), theirs.get());
    if (::SSL_connect(client.get()) != 1 || ::SSL_write(client.get(), "GET", 3) != 3) return {};
    std::string all;
    std::array<char, 5000> piece;
    for (int got = 0; (got = ::SSL_read(client.get(), piece.data(), int(piece.size()))) > 0;)
      all.append(piece.data(), std::size_t(got));
    // Whole only with a farewell.
    return ::SSL_get_shutdown(client.get()) & SSL_RECEIVED_SHUTDOWN ? all : std::string();
  }
};

std::string answer(Ends& ends, Tls& tls) {
  std::string got;
  std::thread scraper([&] { got = ends.ask(); });
  {
    Connection below(ends.ours.get(), ends.clock, 60'000 * kMs, 60'000 * kMs, ends.stopping);
    TlsConnection connection(below, tls.session());
    if (connection.shake_hands()) {
      std::array<char, 8> asked{};
      CHECK(connection.read(asked.data(), asked.size()) == 3);
      const std::string long_one(100'000, 'x');
      for (std::size_t sent = 0; sent < long_one.size();) {
        const ssize_t more = connection.write(long_one.data() + sent, long_one.size() - sent);
        REQUIRE(more > 0);
        sent += std::size_t(more);
      }
    }
  }
  ::shutdown(ends.ours.get(), SHUT_RDWR);
  scraper.join();
  return got;
}

}  // namespace

TEST_CASE("what is written under TLS comes whole, from whom the scraper asked") {
  Ends ends;
  const auto tls = ends.tls();
  CHECK(answer(ends, *tls).size() == 100'000);
}

TEST_CASE("who has to show a certificate and has none, or a stranger's, gets no answer") {
  {
    Ends ends;
    const auto tls = ends.tls(true);
    CHECK(answer(ends, *tls).empty());
  }
  {
    Ends ends;
    ends.show("stranger");
    const auto tls = ends.tls(true);
    CHECK(answer(ends, *tls).empty());
  }
  Ends ends;
  ends.show("scraper");
  const auto tls = ends.tls(true);
  CHECK(answer(ends, *tls).size() == 100'000);
}

TEST_CASE("who says nothing, or something else, is given up") {
  Ends ends;
  const auto tls = ends.tls();
  Connection below(ends.ours.get(), ends.clock, 50 * kMs, 50 * kMs, ends.stopping);
  TlsConnection silent(below, tls->session());
  CHECK_FALSE(silent.shake_hands());
  REQUIRE(::write(ends.theirs.get(), "GET / HTTP/1.1\r\n\r\n", 18) == 18);
  Connection again(ends.ours.get(), ends.clock, 60'000 * kMs, 60'000 * kMs, ends.stopping);
  TlsConnection plain(again, tls->session());
  CHECK_FALSE(plain.shake_hands());
  TlsConnection without(again, nullptr);
  CHECK_FALSE(without.shake_hands());
}
