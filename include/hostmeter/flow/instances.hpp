// Numbers for the devices, interfaces and mounts that a reader lists.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/flow/output.hpp"

namespace hostmeter {

// Hands out instance numbers, unique among all producers and not soon used again: a Record that is
// still under way can never be taken for one of a later instance.
class InstanceIds {
 public:
  static constexpr unsigned kIndexBits = 20, kGenerationBits = 8;

  explicit InstanceIds(unsigned producer) : producer_(producer) {}  // 0…15

  // 0, which names nothing and whose Records nobody takes, when all 2^20 - 1 are in use.
  Instance take() {
    if (free_.empty() && generations_.size() == (1U << kIndexBits) - 1) return 0;
    if (free_.empty()) {
      generations_.push_back(0);
      free_.push_back(std::uint32_t(generations_.size()));
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    return index | std::uint32_t(generations_[index - 1]) << kIndexBits |
           producer_ << (kIndexBits + kGenerationBits);
  }
  void give_back(Instance instance) {
    if (instance == 0) return;
    const std::uint32_t index = instance & ((1U << kIndexBits) - 1);
    ++generations_[index - 1];
    given_back_.push_back(index);
  }
  // After a tick that was whole: until then Records of what was given back may be sent again.
  void settle() {
    free_.insert(free_.end(), given_back_.begin(), given_back_.end());
    given_back_.clear();
  }

 private:
  std::uint32_t producer_;
  std::vector<std::uint8_t> generations_;
  std::vector<std::uint32_t> free_, given_back_;
};

// The instances of one Subject as one reader lists them, again and again in much the same order:
// finding one costs a comparison, and a tick without changes allocates nothing.
class InstanceSet {
 public:
  InstanceSet(InstanceIds& ids, Subject subject) : ids_(&ids), subject_(subject) {}

  void begin() { next_ = 0; }

  // The number of the instance with these label values; announced when it is new. The first value
  // need not be unique, all together must be.
  template <class... Value>
  Instance get(Output& out, const Value&... values) {
    const std::string_view wanted[] = {std::string_view(values)...};
    return get_span(out, wanted, sizeof...(Value));
  }
  Instance get_span(Output& out, const std::string_view* values, std::size_t count) {
    for (std::size_t tried = 0; tried < known_.size(); ++tried) {
      Known& known = known_[next_ < known_.size() ? next_ : next_ = 0];
      ++next_;
      if (!known.is(values, count)) continue;
      known.seen = true;
      return known.instance;
    }
    Known fresh{ids_->take(), true, {values, values + count}};
    out.send(NewsItem(NamedInstance{subject_, fresh.instance, fresh.values}));
    known_.insert(known_.begin() + std::ptrdiff_t(next_), std::move(fresh));
    return known_[next_++].instance;
  }

  // Those not asked for since begin() are gone.
  void end(Output& out) {
    std::size_t kept = 0;
    for (Known& known : known_) {
      if (!known.seen) {
        out.send(NewsItem(GoneInstance{subject_, known.instance}));
        ids_->give_back(known.instance);
        continue;
      }
      known.seen = false;
      if (&known_[kept] != &known) known_[kept] = std::move(known);
      ++kept;
    }
    known_.resize(kept);
  }

  // Gives the numbers back without a word, as when the Subject itself is gone.
  void drop() {
    for (const Known& known : known_) ids_->give_back(known.instance);
    known_.clear();
  }

  std::size_t size() const { return known_.size(); }

 private:
  struct Known {
    Instance instance = 0;
    bool seen = false;
    std::vector<std::string> values;
    bool is(const std::string_view* wanted, std::size_t count) const {
      if (values.size() != count) return false;
      for (std::size_t i = 0; i < count; ++i)
        if (values[i] != wanted[i]) return false;
      return true;
    }
  };
  InstanceIds* ids_;
  Subject subject_;
  std::vector<Known> known_;
  std::size_t next_ = 0;
};

}  // namespace hostmeter
