// Questions to a runtime over its socket, bounded in size and time.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/dir.hpp"
#include "source/runtime/http_response.hpp"
#include "source/runtime/unix_connection.hpp"

namespace hostmeter::source::runtime {

// Beside the errors of UnixConnection: EPROTO for what is no HTTP, EMSGSIZE for an answer that is
// too long, ECONNRESET for one that ends in its middle.
struct Answer {
  int status;
  std::string body;
};

// A question that was asked, and what has come of its answer.
class Asked {
 public:
  explicit Asked(UnixConnection connection) : connection_(std::move(connection)) {}
  // Whether the answer is whole now. ETIMEDOUT: not yet, and it may be waited for again.
  Result<bool> wait(std::size_t longest, std::uint64_t deadline_ns);
  Answer take() { return {response_.status(), std::move(body_)}; }

 private:
  UnixConnection connection_;
  HttpResponse response_;
  std::string body_;
};

// An answer without an end, line by line.
class LineStream {
 public:
  explicit LineStream(UnixConnection connection) : connection_(std::move(connection)) {}

  // Sends the question and waits for the answer to begin. Its status.
  Result<int> begin(std::string_view question, std::uint64_t deadline_ns);

  // The next line that is not empty; nothing when the deadline passes before it is whole, or much
  // came without one. A line is valid until the next call.
  Result<std::optional<std::string_view>> line(std::size_t longest, std::uint64_t deadline_ns);

  std::optional<pid_t> listener() const { return connection_.listener(); }

 private:
  std::optional<Error> read_some(std::uint64_t deadline_ns);
  std::optional<std::string_view> take_line(std::size_t looked_at);

  UnixConnection connection_;
  HttpResponse response_;
  std::string text_;       // of the body; some of it was taken
  std::size_t begin_ = 0;  // of the next line in it
};

class HttpClient {
 public:
  // path: of the socket, relative to root. timeout_ns: for a whole answer.
  HttpClient(const base::Dir& root, std::string path, const Clock& clock,
             const Interrupt& interrupt, std::uint64_t timeout_ns)
      : root_(root),
        path_(std::move(path)),
        clock_(clock),
        interrupt_(interrupt),
        timeout_ns_(timeout_ns) {}

  // target: "/version".
  Result<Answer> get(std::string_view target, std::size_t longest);
  // For an answer that takes long.
  Result<Asked> ask(std::string_view target);
  // An answer that goes on. ENOTSUP when its status is not 200.
  Result<LineStream> stream(std::string_view target);

  std::uint64_t requests() const { return requests_; }

 private:
  Result<UnixConnection> connect();

  const base::Dir& root_;
  const std::string path_;
  const Clock& clock_;
  const Interrupt& interrupt_;
  const std::uint64_t timeout_ns_;
  std::uint64_t requests_ = 0;
};

}  // namespace hostmeter::source::runtime
