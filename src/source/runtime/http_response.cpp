#include "source/runtime/http_response.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::runtime {
namespace {

constexpr std::string_view kEndOfHeaders = "\r\n\r\n";

bool same_letters(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c; };
    return lower(a) == lower(b);
  });
}

// "HTTP/1.1 200 OK": 200. Answers to come (1xx) were not asked for.
std::optional<int> parse_status(std::string_view line) {
  if (!line.starts_with("HTTP/1.")) return {};
  Text words(line);
  words.word();
  const std::string_view code = words.word();
  const auto status = Text::to_number(code);
  if (code.size() != 3 || !status || *status < 200 || *status > 599) return {};
  return int(*status);
}

}  // namespace

bool HttpResponse::feed(std::string_view bytes, std::string& body) {
  while (!bytes.empty() && state_ != State::complete)
    if (!take_some(bytes, body)) {
      state_ = State::malformed;
      return false;
    }
  return true;
}

// Something from the front of the bytes.
bool HttpResponse::take_some(std::string_view& bytes, std::string& body) {
  switch (state_) {
    case State::headers:
      return take_headers(bytes);
    case State::until_end:
      body += std::exchange(bytes, {});
      return true;
    case State::of_known_length:
      take_body(bytes, body, State::complete);
      return true;
    case State::chunk_line:
      return take_line(bytes, kLongestChunkLine) && (!line_is_whole_ || begin_chunk());
    case State::chunk:
      take_body(bytes, body, State::chunk_end);
      return true;
    case State::chunk_end:
      return take_line(bytes, 2) && (!line_is_whole_ || end_chunk());
    case State::trailers:
      return take_line(bytes, kLongestHeaders - trailer_bytes_) &&
             (!line_is_whole_ || end_trailer());
    case State::complete:
    case State::malformed:
      break;
  }
  return false;
}

bool HttpResponse::end_chunk() {
  state_ = State::chunk_line;
  return line_.empty();
}

bool HttpResponse::end_trailer() {
  trailer_bytes_ += line_.size() + 2;
  if (line_.empty()) state_ = State::complete;
  return trailer_bytes_ < kLongestHeaders;
}

bool HttpResponse::take_headers(std::string_view& bytes) {
  const std::size_t before = line_.size();
  line_ += bytes.substr(0, kLongestHeaders + kEndOfHeaders.size() - before);
  const std::size_t from = before < 3 ? 0 : before - 3;
  const std::size_t end = line_.find(kEndOfHeaders, from);
  if (end == std::string::npos) {
    if (line_.size() > kLongestHeaders) return false;
    bytes = {};
    return true;
  }
  bytes.remove_prefix(end + kEndOfHeaders.size() - before);
  line_.resize(end);
  const bool fine = parse_headers(line_);
  line_ = {};
  return fine;
}

bool HttpResponse::parse_headers(std::string_view text) {
  const auto next_line = [&text] {
    const std::size_t end = text.find("\r\n");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    return line;
  };
  const auto status = parse_status(next_line());
  if (!status) return false;
  while (!text.empty())
    if (!parse_header(next_line())) return false;
  status_ = *status;
  if (*status == 204 || *status == 304)
    state_ = State::complete;
  else if (is_chunked_)
    state_ = State::chunk_line;
  else if (!has_length_)
    state_ = State::until_end;
  else
    state_ = left_ == 0 ? State::complete : State::of_known_length;
  return true;
}

bool HttpResponse::parse_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view name = line.substr(0, colon), value = Text::trim(line.substr(colon + 1));
  if (same_letters(name, "content-length")) {
    const auto length = Text::to_number(value);
    if (!length || (has_length_ && *length != left_)) return false;
    has_length_ = true;
    left_ = *length;
  } else if (same_letters(name, "transfer-encoding")) {
    if (!same_letters(value, "chunked")) return false;
    is_chunked_ = true;
  }
  return true;
}

// Up to the next line feed, without it and the carriage return before it.
bool HttpResponse::take_line(std::string_view& bytes, std::size_t longest) {
  if (line_is_whole_) line_.clear();
  const std::size_t end = bytes.find('\n');
  line_is_whole_ = end != std::string_view::npos;
  const std::string_view piece = bytes.substr(0, line_is_whole_ ? end + 1 : end);
  if (line_.size() + piece.size() > longest) return false;
  line_ += piece;
  bytes.remove_prefix(piece.size());
  if (!line_is_whole_) return true;
  line_.pop_back();
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  return true;
}

void HttpResponse::take_body(std::string_view& bytes, std::string& body, State next) {
  const std::size_t length = std::min<std::uint64_t>(left_, bytes.size());
  body += bytes.substr(0, length);
  bytes.remove_prefix(length);
  left_ -= length;
  if (left_ == 0) state_ = next;
}

// "1a3;name=value": that many bytes follow; none: the last.
bool HttpResponse::begin_chunk() {
  const std::string_view size = Text::trim(std::string_view(line_).substr(0, line_.find(';')));
  const char* const end = size.data() + size.size();
  const auto [parsed, failure] = std::from_chars(size.data(), end, left_, 16);
  if (size.empty() || failure != std::errc{} || parsed != end) return false;
  state_ = left_ == 0 ? State::trailers : State::chunk;
  return true;
}

}  // namespace hostmeter::source::runtime
