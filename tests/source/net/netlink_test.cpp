#include "source/net/netlink.hpp"

#include <doctest/doctest.h>

#include "support/netlink_bytes.hpp"

using namespace hostmeter;
using namespace hostmeter::source::net;
using test::payload_of;
using test::put_message;

namespace {

constexpr int kContent = 16;

struct Answer {
  unsigned parts = 0;
  Result<Progress> progress = Error{};
};
Answer read(const test::ByteVector& datagram, std::uint32_t sequence = 7) {
  Answer answer;
  answer.progress = read_answer(datagram, sequence, [&](const Message&) { ++answer.parts; });
  return answer;
}

}  // namespace

TEST_CASE("an answer of several datagrams ends with its end") {
  test::ByteVector first, last;
  put_message(first, kContent, NLM_F_MULTI, 7, payload_of(1));
  put_message(first, kContent, NLM_F_MULTI, 7, payload_of(2));
  put_message(last, NLMSG_DONE, NLM_F_MULTI, 7, payload_of(0));
  const Answer more = read(first), end = read(last);
  REQUIRE(more.progress);
  CHECK(more.parts == 2);
  CHECK_FALSE(more.progress->done);
  REQUIRE(end.progress);
  CHECK(end.progress->done);
  CHECK(end.progress->refused == 0);
}

TEST_CASE("an answer to another question is skipped") {
  test::ByteVector bytes;
  put_message(bytes, kContent, 0, 6, payload_of(1));
  put_message(bytes, NLMSG_ERROR, 0, 6, payload_of(-EPERM));
  const Answer answer = read(bytes);
  REQUIRE(answer.progress);
  CHECK(answer.parts == 0);
  CHECK_FALSE(answer.progress->done);
}

TEST_CASE("a refusal carries the kernel's errno, a yes carries none") {
  test::ByteVector no, yes, late;
  put_message(no, NLMSG_ERROR, 0, 7, payload_of(-EPERM));
  put_message(yes, NLMSG_ERROR, 0, 7, payload_of(0));
  put_message(late, NLMSG_DONE, 0, 7, payload_of(-EMSGSIZE));
  CHECK(read(no).progress->refused == EPERM);
  CHECK(read(yes).progress->refused == 0);
  CHECK(read(yes).progress->done);
  CHECK(read(late).progress->refused == EMSGSIZE);
}

TEST_CASE("a dump whose table changed meanwhile says so") {
  test::ByteVector bytes;
  put_message(bytes, kContent, NLM_F_MULTI | NLM_F_DUMP_INTR, 7, payload_of(1));
  CHECK(read(bytes).progress->interrupted);
  test::ByteVector end;
  put_message(end, NLMSG_DONE, NLM_F_MULTI | NLM_F_DUMP_INTR, 7, payload_of(0));
  CHECK(read(end).progress->interrupted);
}

TEST_CASE("damaged messages are refused") {
  test::ByteVector whole;
  put_message(whole, kContent, 0, 7, payload_of(1));
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(read({whole.begin(), whole.begin() + std::ptrdiff_t(size)}).progress);
  }
  for (const std::uint32_t length : {0U, 15U, 4096U, ~0U}) {
    CAPTURE(length);
    test::ByteVector lying = whole;
    std::memcpy(lying.data(), &length, sizeof length);
    CHECK_FALSE(read(lying).progress);
  }
  for (const std::int32_t code : {1, -4096, INT32_MIN}) {
    CAPTURE(code);
    test::ByteVector bytes;
    put_message(bytes, NLMSG_ERROR, 0, 7, payload_of(code));
    CHECK_FALSE(read(bytes).progress);
  }
  test::ByteVector bare;
  put_message(bare, NLMSG_ERROR, 0, 7, {});
  CHECK_FALSE(read(bare).progress);
  test::ByteVector overrun;
  put_message(overrun, NLMSG_OVERRUN, 0, 7, {});
  CHECK_FALSE(read(overrun).progress);
}

TEST_CASE("attributes end at the first that does not fit") {
  test::ByteVector bytes;
  test::put_attribute(bytes, 1, 42);
  test::put_attribute(bytes, 2 | NLA_F_NESTED, "text");
  Attributes attributes(bytes);
  CHECK(leading<int>(attributes.next()->payload) == 42);
  const auto second = attributes.next();
  CHECK(second->type == 2);
  CHECK(to_string(second->payload) == "text");
  CHECK_FALSE(attributes.next());
  CHECK_FALSE(attributes.damaged());

  for (const std::uint16_t length : std::initializer_list<std::uint16_t>{0, 3, 100, 65535}) {
    CAPTURE(length);
    test::ByteVector lying = bytes;
    std::memcpy(lying.data(), &length, sizeof length);
    Attributes damaged(lying);
    CHECK_FALSE(damaged.next());
    CHECK(damaged.damaged());
  }
}

TEST_CASE("a string without an end is none") {
  const std::byte bytes[] = {std::byte{'a'}, std::byte{'b'}};
  CHECK(to_string(bytes).empty());
}

TEST_CASE("a request has its length, flags, number and attributes") {
  const std::uint32_t header = 0x01020304;
  Request request(18, NLM_F_DUMP, header);
  request.add(29, 8);
  request.number(99);
  Messages messages(request.bytes());
  const auto message = messages.next();
  REQUIRE(message);
  CHECK(message->type == 18);
  CHECK(message->flags == (NLM_F_REQUEST | NLM_F_DUMP));
  CHECK(message->sequence == 99);
  CHECK(leading<std::uint32_t>(message->payload) == header);
  Attributes attributes(message->payload.subspan(4));
  const auto attribute = attributes.next();
  REQUIRE(attribute);
  CHECK(attribute->type == 29);
  CHECK(leading<std::uint32_t>(attribute->payload) == 8U);
  CHECK_FALSE(messages.next());
}
