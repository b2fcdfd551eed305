// What Telegraf's prometheus_client output would serve under the same configuration.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
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
  std::size_t left_out() const override { return left_out_; }
  std::vector<std::string> take_remarks() override { return std::exchange(remarks_, {}); }
  Shown shown(const store::Snapshot&, const Selection&) const override;
  bool selects() const override { return false; }

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
  std::uint64_t& count(const Gathered&, InputCount);
  void look(Gathered&, const store::Snapshot&, const store::Identities&);
  void take_printed(Gathered&, const Exec&, const store::Snapshot&);
  std::shared_ptr<Item> renewed(Old&, Item);
  void put_together(const store::Snapshot&);
  void say_left_out(std::size_t series, const std::string& of);
  void gather(Item&, const store::Snapshot&);
  void expire(std::uint64_t now_ns);
  std::uint64_t expiry_of(const Item&) const;

  const Options options_;
  std::shared_ptr<Names> names_ = std::make_shared<Names>();
  std::vector<Gathered> inputs_;
  std::vector<std::uint64_t> counts_;  // of each input, by InputCount
  std::shared_ptr<const store::ViewLayout> layout_;
  std::vector<double> values_;
  std::uint64_t version_ = 0;
  std::uint64_t next_expiry_ns_ = ~std::uint64_t{0};  // monotonic
  bool has_other_lines_ = false;                      // than the layout
  // Of scripts' metrics, those that are called as the agent's own here.
  std::set<std::string, std::less<>> own_names_;
  std::size_t left_out_ = 0;
  std::string left_out_of_;
  std::vector<std::string> remarks_;
};

}  // namespace hostmeter::contract::telegraf
