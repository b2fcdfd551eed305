// Netlink messages: bytes in, views out. Pure; NetlinkSocket talks to the kernel.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "hostmeter/base/result.hpp"

namespace hostmeter::source::net {

using Bytes = std::span<const std::byte>;

// The first bytes as a T; nothing when there are too few.
template <class T>
std::optional<T> leading(Bytes bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (bytes.size() < sizeof(T)) return {};
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

// All up to the first NUL; what has none is no string, and empty here.
std::string_view to_string(Bytes bytes);

struct Message {
  std::uint16_t type = 0, flags = 0;
  std::uint32_t sequence = 0;
  Bytes payload;
};

struct Attribute {
  std::uint16_t type = 0;  // without the flags for nesting and byte order
  Bytes payload;
};

// Cursors. next() is empty at the end and at the first that does not fit; damaged() says which.
class Messages {
 public:
  explicit Messages(Bytes bytes) : rest_(bytes) {}
  std::optional<Message> next();
  bool damaged() const { return damaged_; }

 private:
  Bytes rest_;
  bool damaged_ = false;
};

class Attributes {
 public:
  explicit Attributes(Bytes bytes) : rest_(bytes) {}
  std::optional<Attribute> next();
  bool damaged() const { return damaged_; }

 private:
  Bytes rest_;
  bool damaged_ = false;
};

// How far an answer has come. An interrupted dump may lack devices or list them twice: the table
// changed while the kernel walked it.
struct Progress {
  bool done = false;
  bool interrupted = false;
  int refused = 0;  // the kernel's errno
};

// Reads one datagram of an answer and calls use(const Message&) for each part of it. Messages of
// other requests are skipped.
template <class Use>
Result<Progress> read_answer(Bytes datagram, std::uint32_t sequence, Use&& use);

// What a message of an answer is.
enum class Part : std::uint8_t { foreign, content, end };
struct PartOf {
  Part part;
  int code;  // at the end: the errno of a refusal, or 0
  bool interrupted;
};
Result<PartOf> part_of(const Message& message, std::uint32_t sequence);

// A request, built in place.
class Request {
 public:
  static constexpr std::size_t kMostBytes = 128;

  template <class Header>
  Request(std::uint16_t type, std::uint16_t flags, const Header& header)
      : Request(type, flags, &header, sizeof header) {}

  void add(std::uint16_t attribute, std::uint32_t value);
  void number(std::uint32_t sequence);  // answers carry it
  Bytes bytes() const { return Bytes(data_).first(size_); }

 private:
  Request(std::uint16_t type, std::uint16_t flags, const void* header, std::size_t size);
  void append(const void* from, std::size_t size);

  alignas(8) std::array<std::byte, kMostBytes> data_{};
  std::size_t size_ = 0;
};

template <class Use>
Result<Progress> read_answer(Bytes datagram, std::uint32_t sequence, Use&& use) {
  Messages messages(datagram);
  Progress progress;
  while (const auto message = messages.next()) {
    const auto part = part_of(*message, sequence);
    if (!part) return part.error();
    if (part->part == Part::foreign) continue;
    progress.interrupted |= part->interrupted;
    if (part->part == Part::content) {
      use(*message);
      continue;
    }
    progress.done = true;
    progress.refused = part->code;
    return progress;
  }
  if (messages.damaged()) return Error{EBADMSG, "netlink: message"};
  return progress;
}

}  // namespace hostmeter::source::net
