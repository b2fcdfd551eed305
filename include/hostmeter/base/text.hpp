// Reading kernel text in place.
#pragma once
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hostmeter {

// A cursor over text that someone else owns. It never copies and never allocates; every view it
// hands out lives as long as the buffer below it.
class Text {
 public:
  explicit constexpr Text(std::string_view text) : rest_(text) {}

  constexpr bool empty() const { return rest_.empty(); }
  constexpr std::string_view rest() const { return rest_; }

  // The next line without its newline; empty at the end.
  constexpr Text line() { return Text(until('\n')); }

  // All up to the next separator, which is swallowed; the whole rest when there is none.
  constexpr std::string_view until(char separator) {
    const auto at = rest_.find(separator);
    const std::string_view head = rest_.substr(0, at);
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + 1);
    return head;
  }

  // The next run of non-blanks; empty at the end.
  constexpr std::string_view word() {
    skip_blanks();
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != ' ' && rest_[end] != '\t') ++end;
    const std::string_view head = rest_.substr(0, end);
    rest_.remove_prefix(end < rest_.size() ? end + 1 : end);
    return head;
  }

  // The next word as a decimal number below 2^64. A word that is not wholly digits is no number.
  constexpr std::optional<std::uint64_t> number() { return to_number(word()); }

  // The next word as a floating-point number ("0.25", "-3"). Not "inf", "nan" or "0x1".
  std::optional<double> real() { return to_real(word()); }

  constexpr void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
      rest_.remove_prefix(1);
  }

  static constexpr std::optional<std::uint64_t> to_number(std::string_view digits) {
    if (digits.empty() || digits.size() > 20) return {};
    std::uint64_t value = 0;
    for (const char digit : digits) {
      if (digit < '0' || digit > '9') return {};
      std::uint64_t next = 0;
      if (__builtin_mul_overflow(value, 10U, &next) ||
          __builtin_add_overflow(next, std::uint64_t(digit - '0'), &value))
        return {};
    }
    return value;
  }

  static std::optional<double> to_real(std::string_view word) {
    double value = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (word.empty() || failure != std::errc{} || end != word.data() + word.size()) return {};
    if (!(value - value == 0)) return {};  // inf, nan
    return value;
  }

  static constexpr std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
  }

 private:
  static constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  std::string_view rest_;
};

// value x scale, or nothing when that does not fit: a unit conversion never wraps.
constexpr std::optional<std::uint64_t> scaled(std::uint64_t value, std::uint64_t scale) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(value, scale, &product)) return {};
  return product;
}

}  // namespace hostmeter
