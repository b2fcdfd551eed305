// Where series live. The store implements it; the pump thread owns it.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "hostmeter/metric/desc.hpp"

namespace hostmeter {

using SeriesId = std::uint32_t;
inline constexpr SeriesId kNoSeries = ~SeriesId{0};
inline constexpr std::uint32_t kNoOwner = ~std::uint32_t{0};

class SeriesSink {
 public:
  virtual ~SeriesSink() = default;

  // A new series of a declared metric, absent until set. owner: the slot of the Subject whose
  // container labels it gets, or kNoOwner; values: one for each of the metric's own labels.
  // kNoSeries when the limit on series is reached (counted there). Of a histogram it is the first
  // of MetricDesc::cells() in a row, and absent until all of them are set.
  virtual SeriesId bind(const MetricDesc&, std::uint32_t owner,
                        std::span<const std::string_view> values) = 0;
  virtual void unbind(SeriesId) = 0;

  // The hot path: three stores, none for what is so already.
  void set(SeriesId series, std::uint64_t value) {
    if (present_[series] != 0 && values_[series] == value) return;
    values_[series] = value;
    present_[series] = 1;
    note(series);
  }
  void clear(SeriesId series) {
    if (present_[series] == 0) return;
    present_[series] = 0;
    note(series);
  }

  // Another value for what is there; nothing for what is not.
  void renew(SeriesId series, std::uint64_t value) {
    values_[series] = value;
    note(series);
  }

  // For a counter whose figures come from more than one source: never lowers it.
  void raise(SeriesId series, std::uint64_t value) {
    if (present_[series] == 0 || values_[series] < value) set(series, value);
  }

 protected:
  // Neighbours whose changes are noted together, so that who copies them copies what changed.
  static constexpr std::size_t kBlock = 64;

  void grow(std::size_t series) {
    values_.resize(series);
    present_.resize(series);
    changed_.resize((series + kBlock - 1) / kBlock);
  }

  std::vector<std::uint64_t> values_;
  std::vector<std::uint8_t> present_;
  std::vector<std::uint64_t> changed_;  // by block: the last round in which one was set or cleared
  std::uint64_t round_ = 1;

 private:
  void note(SeriesId series) { changed_[series / kBlock] = round_; }
};

}  // namespace hostmeter
