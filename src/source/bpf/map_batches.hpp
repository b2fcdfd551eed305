// Rows of a hash map of the kernel, many with one call.
#pragma once
#include <bpf/bpf.h>

#include <cerrno>
#include <cstdint>
#include <vector>

namespace hostmeter::source::bpf {

// Calls keep(count) after each batch: so many keys, and as many values, or a multiple of them where
// each CPU has its own, are at the front. 0, or a negative errno.
template <class Key, class Value, class Keep>
int read_batches(int map, std::vector<Key>& keys, std::vector<Value>& values, std::size_t largest,
                 Keep keep) {
  std::uint32_t reached = 0;
  void* position = nullptr;
  for (;;) {
    std::uint32_t count = std::uint32_t(keys.size());
    std::uint32_t next = 0;
    const int failure =
        bpf_map_lookup_batch(map, position, &next, keys.data(), values.data(), &count, nullptr);
    if (failure == -ENOSPC && keys.size() < largest) {  // one hash bucket holds more
      keys.resize(keys.size() * 2);
      values.resize(values.size() * 2);
      continue;
    }
    if (failure != 0 && failure != -ENOENT) return failure;
    keep(count);
    if (failure == -ENOENT) return 0;
    reached = next;
    position = &reached;
  }
}

}  // namespace hostmeter::source::bpf
