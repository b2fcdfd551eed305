// The fields of a group, filled by a reader and cut into Records.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "hostmeter/flow/record.hpp"

namespace hostmeter {

// A field enum names its group with `constexpr Group group_of(Field)`, ends in `count`, and says
// which of its fields are doubles by overloading is_real. All others are ns, bytes or counts.
template <class Field>
constexpr bool is_real(Field) {
  return false;
}

template <class Field>
class Facts {
 public:
  static constexpr std::size_t kFields = std::size_t(Field::count);
  static constexpr std::size_t kParts = (kFields + kValuesPerRecord - 1) / kValuesPerRecord;
  static constexpr Group kGroup = group_of(Field{});

  void set(Field field, std::uint64_t value) {
    values_[std::size_t(field)] = value;
    present_[std::size_t(field)] = true;
  }
  void set(Field field, std::optional<std::uint64_t> value) {
    if (value) set(field, *value);
  }
  void set_real(Field field, double value) { set(field, std::bit_cast<std::uint64_t>(value)); }
  void set_real(Field field, std::optional<double> value) {
    if (value) set_real(field, *value);
  }

  std::optional<std::uint64_t> get(Field field) const {
    if (!present_[std::size_t(field)]) return {};
    return values_[std::size_t(field)];
  }
  std::optional<double> get_real(Field field) const {
    const auto bits = get(field);
    if (!bits) return {};
    return std::bit_cast<double>(*bits);
  }

  bool empty() const {
    for (const bool there : present_)
      if (there) return false;
    return true;
  }

  // One Record for six fields. Absent fields travel too: that is how a value is taken back.
  Record part(std::size_t part, Subject subject, Instance instance) const {
    Record record{
        .subject = subject, .group = kGroup, .part = std::uint8_t(part), .instance = instance};
    for (std::size_t i = 0; i < kValuesPerRecord; ++i) {
      const std::size_t field = part * kValuesPerRecord + i;
      if (field >= kFields || !present_[field]) continue;
      record.value[i] = values_[field];
      record.present = std::uint8_t(record.present | 1U << i);
    }
    return record;
  }

 private:
  std::array<std::uint64_t, kFields> values_{};
  std::array<bool, kFields> present_{};
};

}  // namespace hostmeter
