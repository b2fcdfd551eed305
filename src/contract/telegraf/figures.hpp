// Numbers made of a snapshot's series, with what must be remembered for those that are changes.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "store/snapshot.hpp"

namespace hostmeter::contract::telegraf {

// What the contract itself counts of an input.
enum class InputCount : std::uint8_t { gathers, metrics, count };

// A series' value, scaled; of a time in ns. Divided where that is exact and a factor is not.
struct Term {
  static constexpr SeriesId kOne = kNoSeries - 1;     // always 1
  static constexpr SeriesId kNow = kNoSeries - 2;     // the tick's moment, since 1970
  static constexpr SeriesId kShared = kNoSeries - 3;  // what Figures::share was given
  // And on: of what Figures::count_with was given.
  static constexpr std::size_t kMostOwn = 4'096;
  static constexpr SeriesId kFirstOwn = kShared - kMostOwn;
  static Term own(std::size_t input, InputCount what) {
    const std::size_t at = input * std::size_t(InputCount::count) + std::size_t(what);
    return at < kMostOwn ? Term{.series = SeriesId(kFirstOwn + at)} : Term{};
  }

  SeriesId series = kNoSeries;  // none: the value is absent
  bool is_real = false;
  bool or_zero = false;  // where it is absent, 0 is right
  double scale = 1, divisor = 1;

  bool exists() const { return series != kNoSeries || or_zero; }
  Term times(double factor) const { return {series, is_real, or_zero, scale * factor, divisor}; }
  Term over(double number) const { return {series, is_real, or_zero, scale, divisor * number}; }
  Term else_zero() const { return {series, is_real, true, scale, divisor}; }
};

using Sum = std::uint16_t;  // an index
inline constexpr Sum kNoSum = 0xFFFF;

enum class How : std::uint8_t {
  scaled,    // scale x a
  whole,     // a without its fraction
  nonzero,   // a; absent when it is 0
  or_scale,  // a; scale when it is absent
  or_other,  // a; b where a is 0
  ratio,     // scale x a / b; 0 when b is. c in the place of a, where there is a c and a is 0
  rate,     // scale x what a grew by since the last gather, to what b grew by; absent unless b grew
  recent,   // the same since about a second ago; 0 where a did not
  ran_for,  // c - b; a - b when a came after b
};

struct Formula {
  How how = How::scaled;
  Sum a = kNoSum, b = kNoSum, c = kNoSum;
  double scale = 1;
};

// A sum that many things are set against, read once for all of them.
class SharedSum {
 public:
  explicit SharedSum(std::vector<Term> terms) : terms_(std::move(terms)) {}
  double value(const store::Snapshot&);
  const std::vector<Term>& terms() const { return terms_; }

 private:
  std::vector<Term> terms_;
  double value_ = 0;
  std::uint64_t sequence_ = 0;
};

class Figures {
 public:
  // For Term::kShared.
  void share(std::shared_ptr<SharedSum> sum) { shared_ = std::move(sum); }
  // For Term::own: by input and InputCount. They outlive it.
  void count_with(const std::uint64_t* counts) { own_ = counts; }
  // Of which changes are asked for: no others are remembered.
  void follow(const Formula&);
  // kNoSum when one of them is not there.
  Sum sum(std::span<const Term> terms);
  Sum sum(std::initializer_list<Term> terms) { return sum(std::span(terms.begin(), terms.size())); }

  // The series whose value alone a formula is; none: it takes more than a look there.
  std::optional<Term> copied(const Formula&) const;
  // From now on value() is asked for these alone: what no one of them needs is not read.
  void want(std::span<const Formula> formulas);

  void remember(const store::Snapshot&);  // about a second before a gather, for How::recent
  void gather(const store::Snapshot&);
  // Of the last gather. NaN: absent.
  double value(const Formula&) const;

  // What others remember of sums of the same series.
  void inherit(const Figures& others);

  // Differs when what they are made of does.
  std::uint64_t hash(std::uint64_t seed) const;

 private:
  struct Range {
    std::uint32_t first, count;
  };
  std::uint64_t hash_of(const Range&) const;
  double read(const store::Snapshot&, Sum) const;
  double grown(Sum, const std::vector<double>& since) const;

  std::vector<Term> terms_;
  std::vector<Range> sums_;
  std::vector<Sum> followed_;
  std::optional<std::vector<Sum>> wanted_;
  std::shared_ptr<SharedSum> shared_;
  const std::uint64_t* own_ = nullptr;
  std::vector<double> now_, before_, recent_;  // by Sum
  bool has_recent_ = false;
};

std::uint64_t mixed(std::uint64_t hash, std::uint64_t more);

}  // namespace hostmeter::contract::telegraf
