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

std::uint64_t timed(const wire_latency& latency) {
  std::uint64_t sum = 0;
  for (const std::uint32_t count : latency.count) sum += count;
  return sum;
}

}  // namespace

wire_blkio BlkioCounting::load(const wire_blkio& io) {
  const auto value = [](const __u64& count) { return __atomic_load_n(&count, __ATOMIC_RELAXED); };
  return {value(io.bytes), value(io.untimed), value(io.async_bytes), value(io.async_ops),
          LatencyCounting::load(io.latency)};
}

// Counted at issue, a row shrinks while a request is queued again: until that is issued anew
// nothing has happened that was not counted before.
wire_blkio BlkioCounting::growth(const wire_blkio& now, const wire_blkio& seen) {
  return {grown(now.bytes, seen.bytes), grown(now.untimed, seen.untimed),
          grown(now.async_bytes, seen.async_bytes), grown(now.async_ops, seen.async_ops),
          LatencyCounting::growth(now.latency, seen.latency)};
}

bool BlkioCounting::is_growth(const wire_blkio& growth) {
  return growth.bytes != 0 || growth.untimed != 0 || LatencyCounting::is_growth(growth.latency);
}

void BlkioCounting::grow(wire_blkio& seen, const wire_blkio& growth) {
  seen.bytes += growth.bytes;
  seen.untimed += growth.untimed;
  seen.async_bytes += growth.async_bytes;
  seen.async_ops += growth.async_ops;
  LatencyCounting::grow(seen.latency, growth.latency);
}

void BlkioCounting::credit(Sums& sums, const wire_blkio_key& key, const wire_blkio& growth) {
  // The time of a request may be seen a tick before its count.
  LatencyCounting::add_to(sums.latencies[key.op], growth.latency);
  if (LatencyCounting::is_growth(growth.latency)) sums.grown_latencies |= 1U << key.op;
  if (key.op >= WIRE_BLKIO_COUNTED_OPS) return;
  const auto [bytes, requests] = kFields[key.op];
  const auto add = [&](CgroupBlkio field, std::uint64_t more) {
    sums.counts[std::size_t(field)] += more;
  };
  add(bytes, growth.bytes);
  add(requests, ops(growth));
  add(CgroupBlkio::async_bytes, growth.async_bytes);
  add(CgroupBlkio::async_ops, growth.async_ops);
}

std::uint64_t BlkioCounting::ops(const wire_blkio& io) {
  return io.untimed + timed(io.latency);
}

}  // namespace hostmeter::source::bpf
