// The pump: drains the rings into series and publishes a snapshot at each tick mark.
#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/census.hpp"
#include "app/channel.hpp"
#include "app/registrar.hpp"
#include "collect/bindings.hpp"
#include "contract/contract.hpp"
#include "hostmeter/flow/instances.hpp"
#include "store/printed.hpp"
#include "store/series_table.hpp"
#include "store/snapshot.hpp"

namespace hostmeter::app {

// The consumer of all rings. It owns the collectors' bindings and the series; what it shares are
// snapshots.
class Pump {
 public:
  // channels: the first is the sampler's, whose marks publish. contracts: those that are served.
  Pump(std::vector<Channel*> channels, std::span<const CollectorSpec* const> collectors,
       const store::SeriesTable::Options& options, store::SnapshotPool& pool,
       std::vector<contract::Contract*> contracts, store::Identities::Options identities = {},
       Census::Options census = {}, std::size_t most_printed_bytes = ~std::size_t{0});

  // Until stop is set and the bell rung; then drains once more, so that nothing sent is lost.
  void run(const Doorbell& bell, const std::atomic<bool>& stop);

  // What is in the rings now. Publishes when a whole tick's mark was among it.
  void drain();

 private:
  void drain(Channel& channel);
  void on_record(const Record& record);
  void on_news(NewsItem& item);
  bool is_ours(std::string_view metric) const;
  void publish(const Record& mark);
  void report(const Record& mark);
  void report_printers();

  std::vector<Channel*> channels_;
  std::vector<Instance> rings_;  // by channel
  store::SeriesTable series_;
  store::Printers printers_;
  struct Reported {
    Instance instance = 0;
    bool is_there = false;
  };
  std::map<std::string, Reported> reported_;  // by printer
  std::uint64_t reported_changes_ = 0;
  collect::Bindings bindings_;
  store::SnapshotPool& pool_;
  std::vector<contract::Contract*> contracts_;
  InstanceIds instances_{15};
  Census census_;
  Registrar registrar_;
};

// Every metric of these collectors, with who fills it.
std::vector<store::Family> families_of(std::span<const CollectorSpec* const> collectors);

}  // namespace hostmeter::app
