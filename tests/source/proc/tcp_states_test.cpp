#include "source/proc/tcp_states.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <linux/inet_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/unique_fd.hpp"
#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/hanging_driver.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::proc::parse_tcp_line;
using source::proc::parse_tcp_message;

namespace hostmeter::source::proc {
extern const ReaderSpec tcp_states;
}

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

constexpr std::string_view kHeader =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n";

std::string line(std::string_view state, std::string_view queues = "00000000:00000000") {
  return "   0: 0100007F:1F90 0200007F:C350 " + std::string(state) + ' ' + std::string(queues) +
         " 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0\n";
}

struct LiveHost {
  LiveHost() {
    host.root = std::move(*base::Dir::open("/"));
    host.proc = std::move(*base::Dir::open("/proc"));
    host.clock = &clock;
  }
  test::FakeClock clock;
  source::Host host;
};

test::Captured figures(source::Host& host) {
  const auto reader = source::proc::tcp_states.make(host, {});
  test::Captured out;
  reader->read({.realtime_ns = kSecond}, out);
  return out;
}

}  // namespace

TEST_CASE("a line of the file: state and queues") {
  const auto socket = parse_tcp_line(line("0A", "0000001F:000000Ff"));
  REQUIRE(socket);
  CHECK(socket->state == TCP_LISTEN);
  CHECK(socket->sent_queued == 0x1F);
  CHECK(socket->received_queued == 0xFF);
  for (const std::string& damaged : {std::string(), std::string("0: a b"), line("G1"), line("100"),
                                     line("01", "0"), line("01", "0:"), line("01", "x:0")}) {
    CAPTURE(damaged);
    CHECK_FALSE(parse_tcp_line(damaged));
  }
}

TEST_CASE("a message of netlink: state and queues") {
  inet_diag_msg message{};
  message.idiag_state = TCP_CLOSE_WAIT;
  message.idiag_rqueue = 7;
  message.idiag_wqueue = 9;
  const auto socket = parse_tcp_message(std::as_bytes(std::span(&message, 1)));
  REQUIRE(socket);
  CHECK(socket->state == TCP_CLOSE_WAIT);
  CHECK(socket->received_queued == 7);
  CHECK(socket->sent_queued == 9);
  CHECK_FALSE(parse_tcp_message(std::as_bytes(std::span(&message, 1)).first(20)));
}

TEST_CASE("IPv4 and IPv6 together, each state for itself") {
  std::string tcp(kHeader), tcp6(kHeader);
  for (int state = 1; state <= 0x0D; ++state) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    tcp += line(std::string("0") + kDigits[state], "00000001:00000010");
  }
  tcp6 += line("01") + line("0A") + line("06") + line("06");
  test::MadeUpHost made_up("-- proc/net/tcp --\n" + tcp + "-- proc/net/tcp6 --\n" + tcp6);
  const test::Captured out = figures(made_up.host);
  CHECK(out.value(TcpStates::established) == 2);
  CHECK(out.value(TcpStates::syn_sent) == 1);
  CHECK(out.value(TcpStates::time_wait) == 3);
  CHECK(out.value(TcpStates::close) == 1);
  CHECK(out.value(TcpStates::listen) == 2);
  CHECK(out.value(TcpStates::closing) == 1);
  CHECK(out.value(TcpStates::none) == 2);
  CHECK(out.value(TcpStates::sent_queued) == 12);  // not of the one that listens
  CHECK(out.value(TcpStates::received_queued) == 12 * 16);
}

TEST_CASE("without IPv6 there is IPv4; without either, or with a damaged line, nothing") {
  test::MadeUpHost made_up("-- proc/net/tcp --\n" + std::string(kHeader) + line("01"));
  CHECK(figures(made_up.host).value(TcpStates::established) == 1);
  made_up.tree.write("proc/net/tcp6", std::string(kHeader) + "damaged\n");
  const auto reader = source::proc::tcp_states.make(made_up.host, {});
  test::Captured out;
  reader->read({.realtime_ns = kSecond}, out);
  CHECK_FALSE(out.value(TcpStates::established));
  CHECK(reader->parse_errors() == 1);
  test::MadeUpHost bare("");
  CHECK_FALSE(figures(bare.host).value(TcpStates::established));
}

TEST_CASE("on threads: where there are many, the first look is not taken in a tick either") {
  constexpr std::pair<const char*, bool> kHosts[] = {
      {"TCP: inuse 4000 orphan 0 tw 1000 alloc 1 mem 1\n", true},
      {"TCP: inuse 4000 orphan 0 tw 1001 alloc 1 mem 1\n", false},
      {"sockets: used 7\n", false}};
  for (const auto& host : kHosts) {
    const char* const sockstat = host.first;
    CAPTURE(sockstat);
    test::MadeUpHost made_up("-- proc/net/tcp --\n" + std::string(kHeader) + line("01") +
                             "-- proc/net/sockstat --\n" + sockstat);
    test::ErrandProgram program;
    source::proc::Options options;
    options.surveys = program.errands;
    const auto reader = source::proc::tcp_states.make(made_up.host, options);
    test::Captured out;
    reader->read(program.tick, out);
    CHECK(out.value(TcpStates::established).has_value() == host.second);
    CHECK(program.until(*reader, out, [&] { return out.value(TcpStates::established) == 1; }));
  }
}

TEST_CASE("the kernel counts sockets that listen and are connected, as it lists them in files") {
  LiveHost live;
  const auto before = figures(live.host);
  if (!before.value(TcpStates::listen)) {
    MESSAGE("skipped: sockets cannot be listed here");
    return;
  }
  constexpr int kSockets = 40;
  base::UniqueFd listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(listening.get(), plain, size) == 0);
  REQUIRE(::listen(listening.get(), kSockets) == 0);
  REQUIRE(::getsockname(listening.get(), plain, &size) == 0);
  std::vector<base::UniqueFd> open;
  for (int i = 0; i < kSockets; ++i) {
    open.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::connect(open.back().get(), plain, size) == 0);
  }
  // Others come and go on this host, but not so many at once.
  const auto during = figures(live.host);
  const auto more = [&](TcpStates state) {
    return double(*during.value(state)) - double(*before.value(state));
  };
  CHECK(more(TcpStates::established) > kSockets);
  CHECK(more(TcpStates::established) < 4 * kSockets);

  source::Host& host = live.host;
  host.live = false;  // by files
  const auto by_files = figures(host);
  for (const TcpStates state : {TcpStates::established, TcpStates::listen, TcpStates::close}) {
    CAPTURE(int(state));
    const double difference = double(*by_files.value(state)) - double(*during.value(state));
    CHECK(std::abs(difference) < kSockets / 2);
  }
}
