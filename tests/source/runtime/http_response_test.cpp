#include "source/runtime/http_response.hpp"

#include <doctest/doctest.h>

#include <string>

using hostmeter::source::runtime::HttpResponse;

namespace {

constexpr const char* kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

struct Fed {
  bool fine = true;
  HttpResponse response;
  std::string body;
};

// In pieces of this size; all sizes must lead to the same.
void feed(Fed& fed, std::string_view bytes, std::size_t piece) {
  while (!bytes.empty() && fed.fine) {
    fed.fine = fed.response.feed(bytes.substr(0, piece), fed.body);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
}

bool is_refused(std::string_view bytes) {
  for (const std::size_t piece : {1U, 7U, 100'000U}) {
    Fed fed;
    feed(fed, bytes, piece);
    if (fed.fine) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a body of known length ends there, however it comes") {
  for (const std::size_t piece : {1U, 2U, 3U, 1'000U}) {
    Fed fed;
    feed(fed, "HTTP/1.1 404 Not Found\r\ncontent-LENGTH: 5\r\nX: y\r\n\r\nhelloXX", piece);
    CHECK(fed.fine);
    CHECK(fed.response.status() == 404);
    CHECK(fed.body == "hello");
    CHECK(fed.response.is_complete());
  }
}

TEST_CASE("chunks are joined, with their extensions and trailers left out") {
  for (const std::size_t piece : {1U, 2U, 3U, 1'000U}) {
    Fed fed;
    feed(fed, std::string(kChunked) + "5;a=b\r\nhello\r\n00\r\nTrailer: x\r\n\r\nHTTP/1.1", piece);
    CHECK(fed.fine);
    CHECK(fed.body == "hello");
    CHECK(fed.response.is_complete());
  }
  Fed fed;
  feed(fed, std::string(kChunked) + "A\r\n0123456789\r\n3\r\nab", 1);
  CHECK(fed.body == "0123456789ab");
  CHECK_FALSE(fed.response.may_end());
}

TEST_CASE("without either the body lasts as long as the connection") {
  Fed fed;
  feed(fed, "HTTP/1.0 200 OK\r\n\r\nall there is", 3);
  CHECK(fed.fine);
  CHECK(fed.body == "all there is");
  CHECK(fed.response.may_end());
  CHECK_FALSE(fed.response.is_complete());
}

TEST_CASE("an empty body is complete at once") {
  for (const char* text :
       {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"}) {
    Fed fed;
    feed(fed, text, 5);
    CHECK(fed.response.is_complete());
  }
}

TEST_CASE("what is no HTTP is refused") {
  for (const char* text :
       {"hello\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 99 X\r\n\r\n", "HTTP/1.1 100 C\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"})
    CHECK(is_refused(text));
  for (const char* chunk : {"x\r\n", "\r\n", "-1\r\n", "fffffffffffffffff\r\n", "1\r\nabc\r\n"})
    CHECK(is_refused(kChunked + std::string(chunk)));
}

TEST_CASE("what never ends is refused: headers, a chunk's line, trailers") {
  CHECK(is_refused("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'y')));
  CHECK(is_refused(kChunked + std::string("1;") + std::string(1'000, 'y')));
  std::string trailers = kChunked + std::string("0\r\n");
  for (int i = 0; i < 10'000; ++i) trailers += "X: y\r\n";
  CHECK(is_refused(trailers));
}
