#include "source/bpf/memory_index.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <vector>

using hostmeter::source::bpf::addresses_in_code;
using hostmeter::source::bpf::parse_index_table;

namespace {

using Bytes = std::vector<std::uint8_t>;
using Places = std::vector<std::int16_t>;

Bytes of_ints(const std::vector<std::int32_t>& entries) {
  Bytes bytes(entries.size() * sizeof entries[0]);
  std::memcpy(bytes.data(), entries.data(), bytes.size());
  return bytes;
}

}  // namespace

TEST_CASE("a table of bytes counts its places from 0, with -1 for none") {
  CHECK(parse_index_table(Bytes{2, 0xff, 0, 1, 0xff}, 5, 3) == Places{2, -1, 0, 1, -1});
}

TEST_CASE("an older table counts them from 1, with 0 for none") {
  CHECK(parse_index_table(Bytes{3, 0, 1, 2, 0}, 5, 3) == Places{2, -1, 0, 1, -1});
  CHECK(parse_index_table(of_ints({3, 0, 1, 2, 0}), 5, 3) == Places{2, -1, 0, 1, -1});
}

TEST_CASE("what is no such table is refused") {
  CHECK_FALSE(parse_index_table(Bytes{2, 0xff, 0, 2, 0xff}, 5, 3));     // one place twice
  CHECK_FALSE(parse_index_table(Bytes{2, 0xff, 0, 0xff, 0xff}, 5, 3));  // one never
  CHECK_FALSE(parse_index_table(Bytes{2, 0xff, 0, 1, 3}, 5, 3));        // one too high
  CHECK_FALSE(parse_index_table(Bytes{2, 0xfe, 0, 1, 0xff}, 5, 3));
  CHECK_FALSE(parse_index_table(Bytes{2, 0xff, 0, 1}, 5, 3));  // too short
  CHECK_FALSE(parse_index_table(Bytes(64, 0), 5, 3));
  CHECK_FALSE(parse_index_table(Bytes(64, 0xff), 5, 3));
  CHECK_FALSE(parse_index_table({}, 5, 3));
  CHECK_FALSE(parse_index_table(of_ints({3, 0, 1, 2, 1}), 5, 3));
}

TEST_CASE("code holds an address of the kernel wherever four bytes make one") {
  // movsbl 0xffffffff8283a1c0(%rsi),%eax
  const Bytes code{0x0f, 0xbe, 0x86, 0xc0, 0xa1, 0x83, 0x82, 0x90};
  const auto addresses = addresses_in_code(code);
  CHECK(std::find(addresses.begin(), addresses.end(), 0xffffffff8283a1c0) != addresses.end());
  for (const std::uint64_t address : addresses) CHECK(address >= 0xffffffff80000000);
  CHECK(addresses_in_code(Bytes{0x0f, 0xbe, 0x86}).empty());
  CHECK(addresses_in_code({}).empty());
}
