// The rows of block I/O in the kernel, without a kernel.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "source/bpf/blkio_table.hpp"

namespace hostmeter::test {

inline constexpr std::uint32_t kVda = 254U << WIRE_DEV_MINOR_BITS;

struct FakeBlkioTable final : source::bpf::BlkioTable {
  using Row = source::bpf::BlkioRow;
  std::vector<Row> kept;
  std::map<std::uint64_t, wire_ancestors> above;
  int failure = 0;
  std::size_t erasable = 1000;
  std::uint64_t dropped = 0;
  std::function<void()> before_row;  // what happens after all rows were read

  // Takes the place of what there was of the key.
  void put(const wire_blkio_key& key, const wire_blkio& io) {
    std::erase_if(kept, [&](const Row& row) { return is(row.key, key); });
    kept.push_back({key, io});
  }
  // As counted at issue.
  void put(std::uint64_t cgroup_id, wire_blkio_op op, std::uint64_t bytes, std::uint64_t ops,
           std::uint32_t dev = kVda, std::uint64_t css = 7) {
    put({cgroup_id, css, dev, std::uint32_t(op)}, {bytes, ops, 0, 0, {}});
  }
  // As timed, of 4 KiB each.
  void put_timed(std::uint64_t cgroup_id, wire_blkio_op op, std::size_t bucket, std::uint32_t count,
                 std::uint64_t ns) {
    wire_blkio io{};
    io.bytes = std::uint64_t{count} * 4096;
    io.latency.count[bucket] = count;
    io.latency.sum_ns = ns;
    put({cgroup_id, 7, kVda, std::uint32_t(op)}, io);
  }
  static bool is(const wire_blkio_key& a, const wire_blkio_key& b) {
    return a.cgroup_id == b.cgroup_id && a.css == b.css && a.dev == b.dev && a.op == b.op;
  }
  Result<std::span<const Row>> rows() override {
    if (failure != 0) return Error{failure, "read a BPF map"};
    return std::span<const Row>(kept);
  }
  Result<std::optional<wire_blkio>> row(const wire_blkio_key& key) override {
    if (before_row) std::exchange(before_row, nullptr)();
    for (const Row& row : kept)
      if (is(row.key, key)) return std::optional(row.sum);
    return std::optional<wire_blkio>();
  }
  wire_ancestors ancestors(std::uint64_t id) override { return above[id]; }
  bool erase(const wire_blkio_key& key) override {
    if (erasable == 0) return false;
    --erasable;
    std::erase_if(kept, [&](const Row& row) { return is(row.key, key); });
    return true;
  }
  void erase_ancestors(std::uint64_t id) override { above.erase(id); }
  source::bpf::MapHealth health() override { return {kept.size(), 16384, dropped, 2U, 16384}; }
};

}  // namespace hostmeter::test
