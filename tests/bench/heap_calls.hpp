// How often this program asked for heap memory.
#pragma once
#include <cstdint>

namespace hostmeter::bench {

// Every malloc, calloc, realloc, aligned_alloc and operator new of all threads since start, the
// libraries' among them. What is freed is not subtracted: a steady tick is to ask for nothing.
std::uint64_t heap_calls();

}  // namespace hostmeter::bench
