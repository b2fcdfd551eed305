// The values of a BPF array, mapped into our memory.
#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <span>
#include <utility>

namespace hostmeter::source::bpf {

template <class Value>
class MappedArray {
 public:
  MappedArray() = default;
  // Of an array made with BPF_F_MMAPABLE, or of .bss; empty when the kernel does not map it.
  MappedArray(int map_fd, std::size_t count, int protection) : size_(count * sizeof(Value)) {
    void* mapped = ::mmap(nullptr, size_, protection, MAP_SHARED, map_fd, 0);
    if (mapped != MAP_FAILED) start_ = mapped;
  }
  MappedArray(MappedArray&& other) noexcept
      : start_(std::exchange(other.start_, nullptr)), size_(other.size_) {}
  MappedArray& operator=(MappedArray&& other) noexcept {
    std::swap(start_, other.start_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~MappedArray() {
    if (start_) ::munmap(start_, size_);
  }

  explicit operator bool() const { return start_ != nullptr; }
  std::span<Value> values() const { return {static_cast<Value*>(start_), size_ / sizeof(Value)}; }

 private:
  void* start_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace hostmeter::source::bpf
