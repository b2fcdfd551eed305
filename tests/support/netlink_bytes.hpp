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

template <class T>
void put(ByteVector& bytes, const T& value) {
  const auto* from = reinterpret_cast<const std::byte*>(&value);
  bytes.insert(bytes.end(), from, from + sizeof value);
  bytes.resize((bytes.size() + 3) & ~std::size_t{3});
}

inline void put_attribute(ByteVector& bytes, int type, const void* data, std::size_t size) {
  nlattr header{};
  header.nla_type = std::uint16_t(type);
  header.nla_len = std::uint16_t(sizeof header + size);
  put(bytes, header);
  const auto* from = static_cast<const std::byte*>(data);
  bytes.insert(bytes.end(), from, from + size);
  bytes.resize((bytes.size() + 3) & ~std::size_t{3});
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
