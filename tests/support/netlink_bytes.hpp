// Netlink messages as the kernel would send them, for tests to take apart and to damage.
#pragma once
#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace hostmeter::test {

using ByteVector = std::vector<std::byte>;

inline void put(ByteVector& bytes, const void* data, std::size_t size) {
  const std::size_t at = bytes.size();
  bytes.resize((at + size + 3) & ~std::size_t{3});
  if (size > 0) std::memcpy(&bytes[at], data, size);
}
template <class T>
void put(ByteVector& bytes, const T& value) {
  put(bytes, &value, sizeof value);
}

inline void put_attribute(ByteVector& bytes, int type, const void* data, std::size_t size) {
  nlattr header{};
  header.nla_type = std::uint16_t(type);
  header.nla_len = std::uint16_t(sizeof header + size);
  put(bytes, header);
  put(bytes, data, size);
}
inline void put_attribute(ByteVector& bytes, int type, std::int32_t value) {
  put_attribute(bytes, type, &value, sizeof value);
}
inline void put_attribute(ByteVector& bytes, int type, std::string_view text) {
  ByteVector terminated(text.size() + 1);
  std::memcpy(terminated.data(), text.data(), text.size());
  put_attribute(bytes, type, terminated.data(), terminated.size());
}
inline void put_attribute(ByteVector& bytes, int type, const ByteVector& nested) {
  put_attribute(bytes, type, nested.data(), nested.size());
}

inline void put_message(ByteVector& bytes, int type, int flags, std::uint32_t sequence,
                        const ByteVector& payload) {
  nlmsghdr header{};
  header.nlmsg_type = std::uint16_t(type);
  header.nlmsg_flags = std::uint16_t(flags);
  header.nlmsg_seq = sequence;
  header.nlmsg_len = std::uint32_t(sizeof header + payload.size());
  put(bytes, header);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  bytes.resize((bytes.size() + 3) & ~std::size_t{3});
}

inline ByteVector payload_of(std::int32_t value) {
  ByteVector bytes;
  put(bytes, value);
  return bytes;
}

}  // namespace hostmeter::test
