#include "source/bpf/blkio_accounts.hpp"

namespace hostmeter::source::bpf {
namespace {

struct Fields {
  CgroupBlkio bytes, ops;
};
constexpr Fields kFields[] = {
    {CgroupBlkio::read_bytes, CgroupBlkio::read_ops},
    {CgroupBlkio::write_bytes, CgroupBlkio::write_ops},
    {CgroupBlkio::discard_bytes, CgroupBlkio::discard_ops},
};
static_assert(std::size(kFields) == WIRE_BLKIO_COUNTED_OPS);

std::uint64_t grown(std::uint64_t now, std::uint64_t most) {
  const bool more = std::int64_t(now) > std::int64_t(most);
  return more ? now - most : 0;
}

}  // namespace

wire_blkio BlkioCounting::load(const wire_blkio& counts) {
  const auto value = [](const __u64& count) { return __atomic_load_n(&count, __ATOMIC_RELAXED); };
  return {value(counts.bytes), value(counts.ops), value(counts.async_bytes),
          value(counts.async_ops)};
}

// A row shrinks while a request is queued again: until that is issued anew nothing has happened
// that was not counted before.
wire_blkio BlkioCounting::growth(const wire_blkio& now, const wire_blkio& seen) {
  return {grown(now.bytes, seen.bytes), grown(now.ops, seen.ops),
          grown(now.async_bytes, seen.async_bytes), grown(now.async_ops, seen.async_ops)};
}

void BlkioCounting::grow(wire_blkio& seen, const wire_blkio& growth) {
  seen.bytes += growth.bytes;
  seen.ops += growth.ops;
  seen.async_bytes += growth.async_bytes;
  seen.async_ops += growth.async_ops;
}

void BlkioCounting::credit(Sums& sums, const wire_blkio_key& key, const wire_blkio& growth) {
  const auto [bytes, ops] = kFields[key.op];
  sums[std::size_t(bytes)] += growth.bytes;
  sums[std::size_t(ops)] += growth.ops;
  sums[std::size_t(CgroupBlkio::async_bytes)] += growth.async_bytes;
  sums[std::size_t(CgroupBlkio::async_ops)] += growth.async_ops;
}

}  // namespace hostmeter::source::bpf
