// A snapshot, looked at by names; remembers what was looked at.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/telegraf/figures.hpp"
#include "contract/telegraf/tags.hpp"
#include "store/identities.hpp"
#include "store/snapshot.hpp"

namespace hostmeter::contract::telegraf {

// The labels of a line, as they were before they were escaped.
Tags labels_of(const store::Line& line);
std::string label_of(const store::Line& line, std::string_view name);  // empty: it has none

class Source {
 public:
  Source(const store::Snapshot& snapshot, const store::Identities& identities)
      : snapshot_(snapshot), identities_(identities) {}

  struct Family {
    const MetricDesc* metric = nullptr;
    const std::vector<store::Line>* lines = nullptr;

    Term term(const store::Line& line) const {
      return {.series = line.series, .is_real = metric->encoding == Encoding::real};
    }
  };
  // One that is not there has no lines.
  Family family(std::string_view name);
  // A metric of one series.
  Term only(std::string_view name);
  // The one with this label; a missing term when there is none.
  Term with(const Family& family, std::string_view label, std::string_view value) const;

  // Its value now; when that becomes another, what was made of this source is to be made anew.
  std::optional<double> watched(const Family& family, const store::Line& line);

  const store::Identities& identities() {
    asked_identities_ = true;
    return identities_;
  }
  const store::Snapshot& snapshot() const { return snapshot_; }

 private:
  friend class Seen;
  struct Watch {
    SeriesId series;
    std::uint64_t value;
    std::uint8_t present;
  };
  struct Look {
    std::uint32_t family;
    std::uint64_t since;
  };

  const store::Snapshot& snapshot_;
  const store::Identities& identities_;
  std::vector<Look> families_;
  std::vector<Watch> watches_;
  bool asked_identities_ = false;
};

// What a source was when it was looked at.
class Seen {
 public:
  Seen() = default;
  explicit Seen(Source& source);

  bool is_as_it_was(const store::Snapshot&, const store::Identities&) const;

 private:
  bool has_looked_ = false;
  std::vector<Source::Look> families_;
  std::vector<Source::Watch> watches_;
  std::optional<std::uint64_t> identities_;
};

}  // namespace hostmeter::contract::telegraf
