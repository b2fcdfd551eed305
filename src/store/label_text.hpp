// Label text that the lines of many series share.
#pragma once
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>

namespace hostmeter::store {

// One allocation, never changed once made; lines point to it, also those of published snapshots.
class LabelText {
 public:
  struct Free {
    void operator()(const LabelText* text) const {
      ::operator delete(const_cast<LabelText*>(text));
    }
  };
  using Owned = std::unique_ptr<const LabelText, Free>;

  static Owned make(std::string_view text) {
    void* const memory = ::operator new(sizeof(LabelText) + text.size());
    auto* const made = new (memory) LabelText(std::uint32_t(text.size()));
    text.copy(made->bytes(), text.size());
    return Owned(made);
  }

  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  std::uint32_t size() const { return size_; }
  std::string_view view() const { return {data(), size_}; }

 private:
  explicit LabelText(std::uint32_t size) : size_(size) {}
  char* bytes() { return reinterpret_cast<char*>(this + 1); }

  std::uint32_t size_;
};

}  // namespace hostmeter::store
