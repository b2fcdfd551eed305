// TCP sockets by state: all that the kernel lists by netlink (CONFIG_INET_TCP_DIAG), else in
// /proc/net/tcp and tcp6, which takes it several times as long.
#include "source/proc/tcp_states.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "hostmeter/base/text.hpp"
#include "source/net/netlink_socket.hpp"
#include "source/proc/numbers.hpp"
#include "source/proc/reader_spec.hpp"
#include "source/proc/sockstat.hpp"
#include "source/proc/survey.hpp"

namespace hostmeter::source::proc {
namespace {

std::optional<std::uint64_t> to_upper_hex_number(std::string_view digits) {
  std::array<char, 16> lower{};
  if (digits.size() > lower.size()) return {};
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char digit = digits[i];
    lower[i] = digit >= 'A' && digit <= 'F' ? char(digit - 'A' + 'a') : digit;
  }
  return to_hex_number({lower.data(), digits.size()});
}

}  // namespace

Result<TcpSocket> parse_tcp_message(net::Bytes payload) {
  const auto message = net::leading<inet_diag_msg>(payload);
  if (!message) return Error{EBADMSG, "tcp: message"};
  return TcpSocket{message->idiag_state, message->idiag_rqueue, message->idiag_wqueue};
}

Result<TcpSocket> parse_tcp_line(std::string_view line) {
  Text words(line);
  for (int i = 0; i < 3; ++i) words.word();  // number, addresses of both ends
  const auto state = to_upper_hex_number(words.word());
  Text queues(words.word());
  const auto sent = to_upper_hex_number(queues.until(':'));
  const auto received = to_upper_hex_number(queues.rest());
  if (!state || *state > 0xFF || !sent || !received) return Error{EBADMSG, "tcp: line"};
  return TcpSocket{unsigned(*state), *received, *sent};
}

void TcpCount::add(const TcpSocket& socket) {
  const bool is_known = socket.state >= TCP_ESTABLISHED && socket.state <= TCP_CLOSING;
  ++of_[is_known ? socket.state - TCP_ESTABLISHED : std::size_t(TcpStates::none)];
  if (socket.state == TCP_LISTEN) return;  // there they are connections
  of_[std::size_t(TcpStates::received_queued)] += socket.received_queued;
  of_[std::size_t(TcpStates::sent_queued)] += socket.sent_queued;
}

Facts<TcpStates> TcpCount::facts() const {
  Facts<TcpStates> facts;
  for (std::size_t i = 0; i < of_.size(); ++i) facts.set(TcpStates(i), of_[i]);
  return facts;
}

namespace {

// Not those that are bound and no more, which newer kernels would list as closed.
constexpr std::uint32_t kStates = (1U << (TCP_CLOSING + 1)) - 1;

class TcpSurvey final : public Survey<TcpStates> {
 public:
  static constexpr std::uint64_t kFew = 5'000;  // some 20 ms where files are read

  explicit TcpSurvey(const Host& host) : proc_(share(host.proc)), net_(host.net) {}

  bool is_brief(Host& host) const override {
    Facts<Sockstat> known;
    for (const char* file : {"/sockstat", "/sockstat6"}) {
      const auto text = base::read_once(host.proc.fd(), (net_ + file).c_str(), host.buffer);
      if (!text) continue;
      const auto more = parse_sockstat(*text, 1, known);
      if (more) known = *more;
    }
    const auto inuse = known.get(Sockstat::tcp_inuse);
    return inuse && *inuse + known.get(Sockstat::tcp_tw).value_or(0) +
                            known.get(Sockstat::tcp6_inuse).value_or(0) <=
                        kFew;
  }

  // Of the host's network namespace, which only the sampler enters.
  void prepare(const Host& host) override {
    if (!host.live || socket_ || files_only_) return;
    auto socket = net::NetlinkSocket::open_diagnosis(host);
    if (socket) socket_ = std::move(*socket);
  }

 private:
  Result<Facts<TcpStates>> look(base::Buffer& buffer) override {
    if (socket_) {
      auto asked = ask();
      if (asked) return asked;
      // ENOENT: the kernel has no such module, nor will it load it.
      if ((files_only_ = asked.error().code == ENOENT)) socket_ = {};
    }
    return read_files(buffer);
  }

  Result<Facts<TcpStates>> ask() {
    TcpCount count;
    for (const auto family : {std::uint8_t(AF_INET), std::uint8_t(AF_INET6)}) {
      inet_diag_req_v2 wanted{};
      wanted.sdiag_family = family;
      wanted.sdiag_protocol = IPPROTO_TCP;
      wanted.idiag_states = kStates;
      net::Request request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, wanted);
      Error damaged{};
      const auto listed = socket_.ask(request, [&](const net::Message& message) {
        const auto socket = parse_tcp_message(message.payload);
        if (socket)
          count.add(*socket);
        else
          damaged = socket.error();
      });
      if (!listed) return listed.error();
      if (damaged.code != 0) return damaged;
    }
    return count.facts();
  }

  Result<Facts<TcpStates>> read_files(base::Buffer& buffer) const {
    TcpCount count;
    for (const char* file : {"/tcp", "/tcp6"}) {
      const auto text = base::read_once(proc_->fd(), (net_ + file).c_str(), buffer);
      if (!text && is_gone(text.error()) && file == std::string_view("/tcp6")) continue;
      if (!text) return text.error();
      Text lines(*text);
      lines.line();  // the names of the columns
      while (!lines.empty()) {
        const std::string_view line = lines.line().rest();
        if (line.empty()) continue;
        const auto socket = parse_tcp_line(line);
        if (!socket) return socket.error();
        count.add(*socket);
      }
    }
    return count.facts();
  }

  const std::shared_ptr<const base::Dir> proc_;
  const std::string net_;
  net::NetlinkSocket socket_;
  bool files_only_ = false;
};

}  // namespace

extern const ReaderSpec tcp_states{
    "tcp_states",
    [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
      return std::make_unique<SurveyReader<TcpStates>>(
          host, options.moments("tcp_states"), options.surveys, std::make_shared<TcpSurvey>(host));
    },
    When::asked};

}  // namespace hostmeter::source::proc
