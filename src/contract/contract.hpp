// What a contract is: a snapshot seen under the names that another agent's users depend on.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "store/identities.hpp"
#include "store/snapshot.hpp"

namespace hostmeter::contract {

// What scripts print is selected under this name.
inline constexpr std::string_view kPrinted = "script";

// collect[] and exclude[] of a URL: names of collectors. No names: all.
struct Selection {
  std::vector<std::string> collect, exclude;
  bool takes(std::string_view collector) const;
};

// What one scrape shows.
struct Shown {
  std::vector<std::size_t>
      families{};                     // indices into Snapshot::families, in the order to be written
  const store::View* view = nullptr;  // then lines that the contract made
  const store::PrintedMetrics* printed = nullptr;  // and behind them what scripts print
};

class Contract {
 public:
  virtual ~Contract() = default;

  // Pump, at every tick, before the snapshot is published: for contracts that need memory, or make
  // lines of their own. view is theirs in that snapshot, as they left it some ticks ago.
  virtual void on_tick(const store::Snapshot&, const store::Identities&, store::View&) {}

  // What it points to is the snapshot's: valid as long as that is held.
  virtual Shown shown(const store::Snapshot&, const Selection&) const = 0;

  // Whether it shows what scripts print as it is put together for all of them.
  virtual bool shows_printed() const { return false; }
  // Of what scripts print it leaves out so many series of its own accord, on the pump; and as
  // sentences why, when that is new.
  virtual std::size_t left_out() const { return 0; }
  virtual std::vector<std::string> take_remarks() { return {}; }

  // Whether a Selection is of any account.
  virtual bool selects() const { return true; }

  // Which of the snapshot's views is its own: told by the pump before the first tick.
  void set_place(std::size_t place) { place_ = place; }

  // The first name of the selection that no collector has; empty when all are known.
  static std::string_view unknown_name(const std::vector<store::Family>& families,
                                       const Selection&);

 protected:
  const store::View* view_of(const store::Snapshot& snapshot) const {
    return place_ < snapshot.views.size() ? &snapshot.views[place_] : nullptr;
  }

 private:
  std::size_t place_ = 0;
};

}  // namespace hostmeter::contract
