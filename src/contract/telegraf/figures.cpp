#include "contract/telegraf/figures.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace hostmeter::contract::telegraf {
namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

// Of a term that is no series.
double special_value_of(const Term& term, const store::Snapshot& snapshot, SharedSum* shared,
                        const std::uint64_t* own) {
  if (term.series < Term::kShared)
    return own ? double(own[term.series - Term::kFirstOwn]) : kAbsent;
  if (term.series == Term::kShared) return shared ? shared->value(snapshot) : kAbsent;
  if (term.series == Term::kOne) return term.scale;
  if (term.series == Term::kNow) return term.scale * double(snapshot.realtime_ns) / term.divisor;
  return term.or_zero ? 0 : kAbsent;
}

double value_of(const Term& term, const store::Snapshot& snapshot, SharedSum* shared,
                const std::uint64_t* own) {
  if (term.series >= Term::kFirstOwn) return special_value_of(term, snapshot, shared, own);
  if (!snapshot.present[term.series]) return term.or_zero ? 0 : kAbsent;
  const std::uint64_t value = snapshot.values[term.series];
  const double number = term.scale * (term.is_real ? std::bit_cast<double>(value) : double(value));
  return term.divisor == 1 ? number : number / term.divisor;
}

double ratio(double scale, double a, double b) {
  if (b == 0) return std::isnan(a) ? a : 0;
  return scale * a / b;
}

double ran_for(double finished, double started, double now) {
  return finished >= started ? finished - started : now - started;
}

}  // namespace

double SharedSum::value(const store::Snapshot& snapshot) {
  if (sequence_ == snapshot.sequence) return value_;
  sequence_ = snapshot.sequence;
  value_ = 0;
  for (const Term& term : terms_) value_ += value_of(term, snapshot, nullptr, nullptr);
  return value_;
}

Sum Figures::sum(std::span<const Term> terms) {
  const bool all = std::ranges::all_of(terms, [](const Term& term) { return term.exists(); });
  if (terms.empty() || !all || sums_.size() >= kNoSum) return kNoSum;
  sums_.push_back({std::uint32_t(terms_.size()), std::uint32_t(terms.size())});
  terms_.insert(terms_.end(), terms.begin(), terms.end());
  for (auto* values : {&now_, &before_, &recent_}) values->resize(sums_.size(), kAbsent);
  return Sum(sums_.size() - 1);
}

void Figures::follow(const Formula& formula) {
  if (formula.how != How::rate && formula.how != How::recent) return;
  for (const Sum sum : {formula.a, formula.b})
    if (sum != kNoSum && std::ranges::find(followed_, sum) == followed_.end())
      followed_.push_back(sum);
}

std::optional<Term> Figures::copied(const Formula& formula) const {
  if (formula.how != How::scaled || formula.scale != 1 || formula.a == kNoSum) return {};
  const Range& range = sums_[formula.a];
  const Term& term = terms_[range.first];
  const bool is_plain = range.count == 1 && term.series < Term::kFirstOwn && !term.is_real &&
                        term.scale == 1 && term.divisor == 1;
  return is_plain ? std::optional(term) : std::nullopt;
}

void Figures::want(std::span<const Formula> formulas) {
  wanted_.emplace();
  for (const Formula& formula : formulas)
    for (const Sum sum : {formula.a, formula.b, formula.c})
      if (sum != kNoSum) wanted_->push_back(sum);
  std::ranges::sort(*wanted_);
  wanted_->erase(std::unique(wanted_->begin(), wanted_->end()), wanted_->end());
}

void Figures::remember(const store::Snapshot& snapshot) {
  for (const Sum sum : followed_) recent_[sum] = read(snapshot, sum);
  has_recent_ = !followed_.empty();
}

void Figures::gather(const store::Snapshot& snapshot) {
  for (const Sum sum : followed_) {
    before_[sum] = now_[sum];
    if (!has_recent_) recent_[sum] = now_[sum];
  }
  has_recent_ = false;
  if (wanted_) {
    for (const Sum sum : *wanted_) now_[sum] = read(snapshot, sum);
    return;
  }
  for (std::size_t sum = 0; sum < sums_.size(); ++sum) now_[sum] = read(snapshot, Sum(sum));
}

double Figures::read(const store::Snapshot& snapshot, Sum sum) const {
  const Term* const first = terms_.data() + sums_[sum].first;
  double total = value_of(*first, snapshot, shared_.get(), own_);
  for (const Term* term = first + 1; term != first + sums_[sum].count; ++term)
    total += value_of(*term, snapshot, shared_.get(), own_);
  return total;
}

double Figures::grown(Sum sum, const std::vector<double>& since) const {
  return now_[sum] - since[sum];
}

double Figures::value(const Formula& formula) const {
  const auto now = [this](Sum sum) { return sum == kNoSum ? kAbsent : now_[sum]; };
  const double a = now(formula.a);
  switch (formula.how) {
    case How::scaled:
      return formula.scale * a;
    case How::whole:
      return std::floor(a);
    case How::nonzero:
      return a == 0 ? kAbsent : a;
    case How::or_scale:
      return std::isnan(a) ? formula.scale : a;
    case How::or_other:
      return a == 0 ? now(formula.b) : a;
    case How::ratio:
      return ratio(formula.scale, a == 0 && formula.c != kNoSum ? now(formula.c) : a,
                   now(formula.b));
    case How::rate: {
      const double more = grown(formula.a, before_), of = grown(formula.b, before_);
      return more >= 0 && of > 0 ? formula.scale * more / of : kAbsent;
    }
    case How::recent: {
      const double more = grown(formula.a, recent_), of = grown(formula.b, recent_);
      if (std::isnan(more) || !(of > 0)) return kAbsent;
      return more > 0 ? formula.scale * more / of : 0;
    }
    case How::ran_for:
      return ran_for(a, now(formula.b), now(formula.c));
  }
  return kAbsent;
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t more) {
  constexpr std::uint64_t kOdd = 0x9E37'79B9'7F4A'7C15;
  hash = (hash ^ more) * kOdd;
  return hash ^ (hash >> 32U);
}

std::uint64_t Figures::hash_of(const Range& range) const {
  std::uint64_t hash = range.count;
  for (const Term& term : std::span(terms_).subspan(range.first, range.count)) {
    hash = mixed(mixed(hash, term.series),
                 std::bit_cast<std::uint64_t>(term.scale / term.divisor) ^ term.or_zero);
    if (term.series != Term::kShared) continue;
    for (const Term& shared : shared_->terms()) hash = mixed(hash, shared.series);
  }
  return hash;
}

std::uint64_t Figures::hash(std::uint64_t seed) const {
  for (const Range& range : sums_) seed = mixed(seed, hash_of(range));
  return seed;
}

void Figures::inherit(const Figures& others) {
  std::unordered_map<std::uint64_t, std::size_t> known;
  for (std::size_t i = 0; i < others.sums_.size(); ++i) known[others.hash_of(others.sums_[i])] = i;
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    const auto at = known.find(hash_of(sums_[i]));
    if (at == known.end()) continue;
    now_[i] = others.now_[at->second];
    recent_[i] = others.recent_[at->second];
  }
  has_recent_ = others.has_recent_;
}

}  // namespace hostmeter::contract::telegraf
