// Everything between the kernel and the newest snapshot, wired and with its threads.
#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/channel.hpp"
#include "app/paths.hpp"
#include "app/pump.hpp"
#include "app/readers.hpp"
#include "app/runtimes.hpp"
#include "app/sampler.hpp"
#include "config/settings.hpp"
#include "contract/contract.hpp"
#include "store/snapshot.hpp"

namespace hostmeter::app {

// Threads start in the order pump, sampler, runtimes and end in reverse; those that wait for
// filesystems and drivers come and go with the need. Snapshots point into it: whoever serves them
// must have ended before it does.
class Pipeline {
 public:
  // scripts: runs them; null: they are not run. snapshot_readers: how many threads hold a snapshot
  // at once. Throws std::runtime_error with a reason and its mend when the host cannot be read at
  // all.
  Pipeline(const config::Settings& settings, const Paths& paths, std::size_t snapshot_readers,
           const Clock& clock, ScriptHost* scripts = nullptr);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;

  // Reads the first tick on the calling thread, which is when nobody else looks at the readers.
  // What is known of containers, text files and scripts is in it as far as it is told within so
  // long.
  void start(std::uint64_t longest_wait_ns = 0);
  void stop();

  // What the first tick found, in a few lines for a person.
  const std::vector<std::string>& findings() const { return findings_; }

  // One tick on the calling thread, instead of start(). Filesystems, drivers and runtimes get so
  // long to answer.
  void once(std::uint64_t longest_wait_ns);

  // Whether start() gave up rights for good: another pipeline could not do what this one does.
  bool gave_up_rights() const { return gave_up_rights_; }

  store::SnapshotPool& snapshots() { return snapshots_; }
  // That of listeners of that output; without a telegraf.conf there is one.
  const contract::Contract& contract(std::size_t output = 0) const {
    return *contracts_[output < contracts_.size() ? output : 0];
  }
  const Readers& readers() const { return readers_; }
  const source::Host& host() const { return host_; }
  // Only while no sampler thread runs: before start(), or after once().
  std::vector<ReaderState> reader_states() const { return sampler_.reader_states(); }

 private:
  void before_tick();
  void note_walks();
  std::vector<Channel*> channels();

  const config::Rights rights_;
  const unsigned holding_ticks_;  // until it is decided of each container whether it is shown
  source::Host host_;
  Readers readers_;
  store::SnapshotPool snapshots_;
  std::vector<std::unique_ptr<contract::Contract>> contracts_;
  Channel channel_;
  Runtimes runtimes_;
  Doorbell pump_bell_, sampler_bell_;
  RingOutput out_;
  Pump pump_;
  Sampler sampler_;
  std::vector<std::string> findings_;
  bool gave_up_rights_ = false;
  std::atomic<bool> stop_pump_{false}, stop_sampler_{false};
  std::thread pump_thread_, sampler_thread_;
};

}  // namespace hostmeter::app
