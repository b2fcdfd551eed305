// A value or the reason why there is none.
#pragma once
#include <cerrno>
#include <string_view>
#include <utility>
#include <variant>

namespace hostmeter {

// Why something failed: an errno and the static name of what was tried. No allocation, so a
// failing read costs the hot path nothing.
struct Error {
  int code = 0;
  std::string_view what;  // string literal
};

// ENOENT and ENODEV (and ESRCH for processes): the thing is gone, which is no error.
constexpr bool is_gone(const Error& error) {
  return error.code == ENOENT || error.code == ENODEV || error.code == ESRCH;
}

// A T or an Error. Stands in for std::expected until the project moves to C++23.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, error) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return std::get<0>(state_); }
  const T& operator*() const { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace hostmeter
