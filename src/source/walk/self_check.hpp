// Whether the walk says what the kernel's files say, for a few live cgroups of this very host.
#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/reader.hpp"
#include "source/walk/subset.hpp"

namespace hostmeter::source::walk {

// How near a figure of the walk must be to what its file said before and after it.
enum class Match : std::uint8_t {
  exact,    // between the two
  us,       // the same, of a file in whole us
  sampled,  // user and system: the kernel shares the usage out anew whenever someone asks
  charged,  // kernel memory: to read the file takes some, from our own cgroup and those above it
};

// A field of a value group under the name it has in messages.
template <class Field>
struct Column {
  Field field;
  std::string_view name;
  Match match = Match::exact;
};

inline bool matches(Match match, std::uint64_t before, std::uint64_t walk, std::uint64_t after) {
  constexpr std::uint64_t kUs = 1000, kTicks = 20'000'000, kFiles = 256U << 10;
  const auto [low, high] = std::minmax(before, after);
  switch (match) {
    case Match::exact:
      return walk >= low && walk <= high;
    case Match::us:
      return walk >= low && walk < high + kUs;
    case Match::sampled:
      return walk + kTicks + low / 8 >= low && walk <= high + kTicks + high / 8;
    case Match::charged:
      return walk + kFiles >= low && walk <= high;
  }
  return false;
}

// Files are read before the walk and after it. A figure is right as soon as one walk of several was
// between what they said: what moves, or was not summed up by the kernel yet, may need more than
// one. One that is never right, or that only the files have, is a disagreement. Zeros prove
// nothing: a walk that reads nothing has them too. So some figure of the group must have been more
// than 0 in both; until one is, other cgroups are looked at, and the group stays with the files.
template <class Field>
class SelfCheck {
 public:
  enum class Verdict : std::uint8_t { open, agreed, disagreed };
  using Walked = std::function<Facts<Field>(const cgroup::Cgroup&)>;
  // A reader of files, new each time, for the cgroups of this inventory.
  using MakeFiles = std::function<std::unique_ptr<Reader>(const cgroup::Inventory&)>;

  SelfCheck(const cgroup::Inventory& inventory, std::span<const Column<Field>> columns,
            MakeFiles make_files)
      : inventory_(inventory), columns_(columns), make_files_(std::move(make_files)) {}

  // True: the walk will be compared.
  bool before_walk() {
    is_due_ = fruitless_ < kTries || ++waited_ % kTries == 0;
    if (!is_due_) return false;
    choose_sample();
    before_ = read_files();
    return !sample_.empty();
  }

  // After the walk of the same tick.
  Verdict after_walk(const Walked& walked) {
    if (!is_due_) return Verdict::open;
    const std::vector<Facts<Field>> after = read_files();
    complaint_.clear();
    bool compared = false, same = true;
    for (std::size_t i = 0; i < sample_.size(); ++i) {
      const cgroup::Cgroup* const cgroup = inventory_.find(sample_[i].subject);
      if (!cgroup || i >= before_.size()) continue;
      const std::optional<bool> agreed =
          agree(sample_[i], cgroup->path, before_[i], walked(*cgroup), after[i]);
      if (!agreed) continue;
      compared = true;
      same &= *agreed;
    }
    if (same && proven_) return Verdict::agreed;
    has_compared_ |= compared;
    if (!same) return ++tries_ < kTries ? Verdict::open : Verdict::disagreed;
    if (compared) complaint_ = "all figures to hold the walk against are 0";
    ++fruitless_;
    sample_.clear();
    return Verdict::open;
  }

  bool has_compared() const { return has_compared_; }

  // Of the last comparison: "usage of /docker/1 is 2 in its file and 3 in the walk".
  const std::string& complaint() const { return complaint_; }

 private:
  static constexpr std::size_t kSample = 8, kProbes = 64;
  static constexpr unsigned kTries = 10;

  struct Sampled {
    Subject subject;
    std::vector<bool> right;  // by column
  };
  struct Capture final : Output {
    explicit Capture(std::vector<std::pair<Subject, Facts<Field>>>& into) : found(into) {}
    void send(NewsItem) override {}
    void send(const Record& record) override {
      const auto at = std::find_if(found.begin(), found.end(),
                                   [&](const auto& one) { return one.first == record.subject; });
      if (at == found.end() || record.group != Facts<Field>::kGroup) return;
      for (std::size_t i = 0; i < kValuesPerRecord; ++i) {
        const std::size_t field = std::size_t{record.part} * kValuesPerRecord + i;
        if (!(record.present >> i & 1U)) continue;
        // Of a group with instances: the sum over them.
        at->second.set(Field(field), record.value[i] + at->second.get(Field(field)).value_or(0));
      }
    }
    std::vector<std::pair<Subject, Facts<Field>>>& found;
  };

  // Whether each column that both files have is right, now or before; nothing when there is none.
  std::optional<bool> agree(Sampled& one, const std::string& path, const Facts<Field>& before,
                            const Facts<Field>& walked, const Facts<Field>& after) {
    std::optional<bool> agreed;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const Field field = columns_[c].field;
      const auto first = before.get(field), last = after.get(field);
      if (!first || !last) continue;
      if (!one.right[c]) {
        const auto value = walked.get(field);
        one.right[c] = value && matches(columns_[c].match, *first, *value, *last);
        if (!one.right[c]) complain(columns_[c].name, path, *last, value);
        proven_ |= one.right[c] && *value != 0 && *last != 0;
      }
      agreed = agreed.value_or(true) && one.right[c];
    }
    return agreed;
  }

  // Spread over all that are served, the root aside: half of them with processes, whose figures are
  // not all 0, if such are found soon; after a look that proved nothing others than before.
  void choose_sample() {
    std::erase_if(sample_, [&](const Sampled& one) { return !inventory_.find(one.subject); });
    if (!sample_.empty()) return;
    std::vector<const cgroup::Cgroup*> served;
    for (const cgroup::Cgroup* cgroup : inventory_.slots())
      if (cgroup && cgroup->subject != kHost && inventory_.is_served(*cgroup))
        served.push_back(cgroup);
    const auto take = [&](std::size_t most, std::size_t looks, auto&& is_wanted) {
      const std::size_t step = std::max<std::size_t>(1, served.size() / looks);
      const std::size_t first = step > 1 ? fruitless_ % step : fruitless_ * most;
      for (std::size_t i = 0; i < served.size() && sample_.size() < most; i += step) {
        const cgroup::Cgroup& one = *served[(first + i) % served.size()];
        if (std::ranges::find(sample_, one.subject, &Sampled::subject) == sample_.end() &&
            is_wanted(one))
          sample_.push_back({one.subject, std::vector<bool>(columns_.size())});
      }
    };
    take(kSample / 2, kProbes,
         [&](const cgroup::Cgroup& one) { return inventory_.first_pid(one) > 0; });
    take(kSample, kSample, [](const cgroup::Cgroup&) { return true; });
  }

  std::vector<Facts<Field>> read_files() const {
    Subset chosen(inventory_);
    chosen.begin();
    std::vector<std::pair<Subject, Facts<Field>>> found;
    for (const Sampled& one : sample_) {
      if (const cgroup::Cgroup* cgroup = inventory_.find(one.subject)) chosen.choose(*cgroup, true);
      found.emplace_back(one.subject, Facts<Field>{});
    }
    Capture capture(found);
    make_files_(chosen)->read(Tick{}, capture);
    std::vector<Facts<Field>> facts;
    facts.reserve(found.size());
    for (const auto& [subject, read] : found) facts.push_back(read);
    return facts;
  }

  void complain(std::string_view name, std::string_view path, std::uint64_t file,
                std::optional<std::uint64_t> walk) {
    if (!complaint_.empty()) return;
    complaint_ = std::string(name) + " of " + std::string(path) + " is " + std::to_string(file) +
                 " in its file and " + (walk ? std::to_string(*walk) : "absent") + " in the walk";
  }

  const cgroup::Inventory& inventory_;
  const std::span<const Column<Field>> columns_;
  const MakeFiles make_files_;
  std::vector<Sampled> sample_;
  std::vector<Facts<Field>> before_;
  unsigned tries_ = 0, fruitless_ = 0, waited_ = 0;
  bool proven_ = false, is_due_ = true, has_compared_ = false;
  std::string complaint_;
};

}  // namespace hostmeter::source::walk
