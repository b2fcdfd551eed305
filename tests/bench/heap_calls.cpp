// Stands in front of glibc's allocator: operator new calls malloc, and so is counted as well.
#include "bench/heap_calls.hpp"

#include <atomic>
#include <cstddef>

namespace {
std::atomic<std::uint64_t> calls{0};

void count() {
  calls.fetch_add(1, std::memory_order_relaxed);
}
}  // namespace

namespace hostmeter::bench {

std::uint64_t heap_calls() {
  return calls.load(std::memory_order_relaxed);
}

}  // namespace hostmeter::bench

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  count();
  return __libc_malloc(size);
}
void* calloc(std::size_t number, std::size_t size) noexcept {
  count();
  return __libc_calloc(number, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  count();
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count();
  return __libc_memalign(alignment, size);
}

}  // extern "C"
