// What Telegraf's prometheus_client output would serve under the same configuration.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "contract/contract.hpp"
#include "contract/telegraf/item.hpp"
#include "contract/telegraf/options.hpp"
#include "contract/telegraf/schedule.hpp"
#include "contract/telegraf/source.hpp"

namespace hostmeter::contract::telegraf {

// Lives on the pump, but for shown(). What series and identities make of the inputs is worked out
// when they change, at an input's next gather; a gather only reads numbers, other ticks do nothing.
class Telegraf final : public Contract {
 public:
  explicit Telegraf(Options options);

  void on_tick(const store::Snapshot&, const store::Identities&, store::View&) override;
  // All of it, whatever is selected: Telegraf knows no selection.
  Shown shown(const store::Snapshot&, const Selection&) const override;

 private:
  using Items = std::vector<std::shared_ptr<Item>>;
  class Old;
  class Maker;
  struct Gathered {
    Input input;
    Schedule schedule;
    Seen seen;
    Items items;
    std::shared_ptr<const store::PrintedMetrics> printed;  // of exec: what was taken last
    Schedule::Due due = Schedule::Due::no;
  };

  void look_if_due(Gathered&, const store::Snapshot&, const store::Identities&);
  void gather_if_due(const Gathered&, const store::Snapshot&);
  void look(Gathered&, const store::Snapshot&, const store::Identities&);
  void take_printed(Gathered&, const Exec&, const store::Snapshot&);
  std::shared_ptr<Item> renewed(Old&, Item);
  void put_together(const store::Snapshot&);
  void gather(Item&, const store::Snapshot&);
  void expire(std::uint64_t now_ns);
  std::uint64_t expiry_of(const Item&) const;

  const Options options_;
  std::shared_ptr<Names> names_ = std::make_shared<Names>();
  std::vector<Gathered> inputs_;
  std::shared_ptr<const store::ViewLayout> layout_;
  std::vector<double> values_;
  std::uint64_t version_ = 0;
  std::uint64_t next_expiry_ns_ = ~std::uint64_t{0};  // monotonic
  bool has_other_lines_ = false;                      // than the layout
};

}  // namespace hostmeter::contract::telegraf
