// An HTTP/1.1 response as it comes, piece by piece.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace hostmeter::source::runtime {

// Takes what any server may send: everything but the body is bounded here, the body by the caller.
class HttpResponse {
 public:
  static constexpr std::size_t kLongestHeaders = 16'384, kLongestChunkLine = 256;

  // Appends what is of the body. False when this is no HTTP: nothing more may be fed then.
  [[nodiscard]] bool feed(std::string_view bytes, std::string& body);

  bool has_headers() const { return state_ > State::headers; }
  int status() const { return status_; }  // 0 before the headers are whole
  // The body is whole; what follows is not looked at.
  bool is_complete() const { return state_ == State::complete; }
  // Whether the server may close now: the body is whole, or lasts until then.
  bool may_end() const { return is_complete() || state_ == State::until_end; }

 private:
  enum class State : std::uint8_t {
    headers,
    until_end,
    of_known_length,
    chunk_line,
    chunk,
    chunk_end,
    trailers,
    complete,
    malformed
  };

  bool take_headers(std::string_view& bytes);
  bool take_line(std::string_view& bytes, std::size_t longest);
  bool parse_headers(std::string_view text);
  bool parse_header(std::string_view line);
  void take_body(std::string_view& bytes, std::string& body, State next);
  bool take_some(std::string_view& bytes, std::string& body);
  bool begin_chunk();
  bool end_chunk();
  bool end_trailer();

  State state_ = State::headers;
  std::string line_;  // of the headers, a chunk's line or the trailers, as far as it is there
  std::size_t trailer_bytes_ = 0;
  std::uint64_t left_ = 0;  // of the body or of a chunk
  int status_ = 0;
  bool is_chunked_ = false, has_length_ = false, line_is_whole_ = false;
};

}  // namespace hostmeter::source::runtime
