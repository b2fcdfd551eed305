#include "source/runtime/http_client.hpp"

#include <array>
#include <cerrno>

namespace hostmeter::source::runtime {
namespace {

constexpr std::size_t kPiece = 16'384;
constexpr unsigned kMostPieces = 64;  // read for one line that may not come

// A connection for each question: a server may close an idle one at any time, and then the next
// question would have to be asked twice.
std::string question(std::string_view target) {
  std::string text = "GET ";
  text += target;
  return text +
         " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: hostmeter\r\nAccept: application/json\r\n"
         "Connection: close\r\n\r\n";
}

}  // namespace

Result<UnixConnection> HttpClient::connect() {
  if (interrupt_.is_raised()) return Error{ECANCELED, "connect to runtime"};
  return UnixConnection::open(root_, path_.c_str(), clock_, interrupt_);
}

Result<Asked> HttpClient::ask(std::string_view target) {
  auto connection = connect();
  if (!connection) return connection.error();
  ++requests_;
  if (const auto failure = connection->write(question(target), clock_.monotonic_ns() + timeout_ns_))
    return *failure;
  return Asked(std::move(*connection));
}

Result<Answer> HttpClient::get(std::string_view target, std::size_t longest) {
  const std::uint64_t deadline = clock_.monotonic_ns() + timeout_ns_;
  auto asked = ask(target);
  if (!asked) return asked.error();
  const auto whole = asked->wait(longest, deadline);
  if (!whole) return whole.error();
  return asked->take();
}

Result<bool> Asked::wait(std::size_t longest, std::uint64_t deadline_ns) {
  std::array<char, kPiece> piece;
  while (!response_.is_complete()) {
    const auto length = connection_.read(piece, deadline_ns);
    if (!length) return length.error();
    if (*length == 0) {
      if (response_.may_end()) break;
      return Error{ECONNRESET, "read the whole answer"};
    }
    if (!response_.feed({piece.data(), *length}, body_)) return Error{EPROTO, "read HTTP"};
    if (body_.size() > longest) return Error{EMSGSIZE, "read an answer of this length"};
  }
  return true;
}

Result<LineStream> HttpClient::stream(std::string_view target) {
  const std::uint64_t deadline = clock_.monotonic_ns() + timeout_ns_;
  auto connection = connect();
  if (!connection) return connection.error();
  ++requests_;
  LineStream stream(std::move(*connection));
  const auto status = stream.begin(question(target), deadline);
  if (!status) return status.error();
  if (*status != 200) return Error{ENOTSUP, "follow events"};
  return stream;
}

Result<int> LineStream::begin(std::string_view question, std::uint64_t deadline_ns) {
  if (const auto failure = connection_.write(question, deadline_ns)) return *failure;
  while (!response_.has_headers())
    if (const auto failure = read_some(deadline_ns)) return *failure;
  return response_.status();
}

std::optional<Error> LineStream::read_some(std::uint64_t deadline_ns) {
  std::array<char, kPiece> piece;
  const auto length = connection_.read(piece, deadline_ns);
  if (!length) return length.error();
  if (*length == 0) return Error{ECONNRESET, "follow events"};
  if (!response_.feed({piece.data(), *length}, text_)) return Error{EPROTO, "read HTTP"};
  return {};
}

// The next line that is not empty, of what has come.
std::optional<std::string_view> LineStream::take_line(std::size_t looked_at) {
  for (;;) {
    const std::size_t end = text_.find('\n', looked_at);
    if (end == std::string::npos) return {};
    std::string_view line = std::string_view(text_).substr(begin_, end - begin_);
    begin_ = looked_at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) return line;
  }
}

Result<std::optional<std::string_view>> LineStream::line(std::size_t longest,
                                                         std::uint64_t deadline_ns) {
  const Error too_long{EMSGSIZE, "read an event of this length"};
  std::size_t looked_at = begin_;
  for (unsigned pieces = 0; pieces < kMostPieces; ++pieces) {
    if (const auto line = take_line(looked_at)) {
      if (line->size() > longest) return too_long;
      return line;
    }
    text_.erase(0, begin_);
    begin_ = 0;
    looked_at = text_.size();
    if (text_.size() > longest) return too_long;
    if (response_.is_complete()) return Error{ECONNRESET, "follow events"};
    const auto failure = read_some(deadline_ns);
    if (failure && failure->code == ETIMEDOUT) break;
    if (failure) return *failure;
  }
  return std::optional<std::string_view>();
}

}  // namespace hostmeter::source::runtime
