// Cgroup files of single values and of "key value" lines.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts.hpp"

namespace hostmeter::source::cgroup {

template <class Field>
struct Key {
  std::string_view name;
  Field field;
  std::uint64_t scale = 1;
};

// The keys of one file, found by a hash made at compile time: memory.stat has 60 lines, most of
// which are not ours, and is read for every cgroup at every tick.
template <class Field, std::size_t N>
class KeyTable {
 public:
  consteval explicit KeyTable(const Key<Field> (&keys)[N]) {
    for (std::size_t i = 0; i < N; ++i) {
      keys_[i] = keys[i];
      std::uint8_t& head = heads_[hash(keys[i].name)];
      next_[i] = head;
      head = std::uint8_t(i + 1);
    }
  }

  constexpr const Key<Field>* find(std::string_view name) const {
    if (name.empty()) return nullptr;
    for (std::uint8_t i = heads_[hash(name)]; i != 0; i = next_[i - 1])
      if (keys_[i - 1].name == name) return &keys_[i - 1];
    return nullptr;
  }

 private:
  static constexpr std::size_t hash(std::string_view name) {
    const auto at = [&](std::size_t i) { return std::size_t(static_cast<unsigned char>(name[i])); };
    return (name.size() * 7 + at(name.size() - 1) * 3 + at(name.size() / 2) + at(0)) % 128;
  }
  std::array<Key<Field>, N> keys_{};
  std::array<std::uint8_t, 128> heads_{};
  std::array<std::uint8_t, N> next_{};
};

// Every line ends in a newline, or the file was cut short. EBADMSG also for a key of ours without
// a number, ERANGE for one that does not fit its unit.
template <class Field, std::size_t N>
Result<Facts<Field>> parse_flat(std::string_view text, const KeyTable<Field, N>& keys,
                                std::string_view what) {
  if (text.empty() || text.back() != '\n') return Error{EBADMSG, what};
  Facts<Field> facts;
  Text lines(text);
  while (!lines.empty()) {
    Text line = lines.line();
    const Key<Field>* key = keys.find(line.until(' '));
    if (!key) continue;
    const auto number = line.number();
    if (!number) return Error{EBADMSG, what};
    const auto value = scaled(*number, key->scale);
    if (!value) return Error{ERANGE, what};
    facts.set(key->field, *value);
  }
  return facts;
}

// A file of one number. "max" is 2^64 - 1.
constexpr std::uint64_t kMax = ~std::uint64_t{0};
inline Result<std::uint64_t> parse_value(std::string_view text, std::string_view what) {
  Text words = Text(text).line();
  const std::string_view word = words.word();
  if (!words.empty() || !text.ends_with('\n')) return Error{EBADMSG, what};
  if (word == "max") return kMax;
  const auto value = Text::to_number(word);
  if (!value) return Error{EBADMSG, what};
  return *value;
}

}  // namespace hostmeter::source::cgroup
