// What containers did that ended: totals that stay when their own series are gone.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "collect/ended_rows.hpp"
#include "hostmeter/flow/news.hpp"

namespace hostmeter::collect {

// Follows every container and counts it once, at the end of the tick in which it ended. Of figures
// that come later only what is more is added. A container whose name is not known yet is waited
// for, boundedly; once counted it stays where it was counted. Lives on the pump thread; a steady
// tick allocates nothing.
class EndedTotals {
 public:
  struct Options {
    std::size_t max_rows = 1'000;                    // by image and namespace, and as many by pod
    std::uint64_t longest_wait_ns = 10'000'000'000;  // for the name of one that ended
    std::uint64_t pod_idle_ns = 3'600'000'000'000;   // rows of pods are dropped after so long
  };
  struct Who {
    std::string_view image, pod_namespace, pod;
  };

  EndedTotals(Bindings& out, InstanceIds& ids, Options options);

  // Containers only: what others use is that of those in them.
  void born(Subject subject);
  // is_all: no more is to be waited for.
  void named(Subject subject, const Who& who, bool is_all = true);
  // Whether it is to be counted, if it is not yet.
  void exclude(Subject subject, bool excluded);
  void gone(Subject subject);
  void forget(Subject subject);
  void gone(const GoneInstance& gone);

  void apply(const Record& record);

  // Before a tick is published.
  void end_tick(std::uint64_t monotonic_ns);

 private:
  struct Device {
    Instance instance;
    std::uint64_t value[kValuesPerRecord];  // the greatest seen
  };
  struct Life {
    Subject subject;
    std::uint64_t born_ns = 0, gone_ns = 0;  // the ends of those ticks
    std::uint64_t lived_ns = 0;              // as the kernel tells; 0: it does not
    bool is_gone = false, is_closing = false, is_named = false, is_counted = false,
         is_excluded = false;
    EndedRows::Row *image = nullptr, *pod = nullptr;
    EndedFigures figures;  // the greatest seen, over all devices
    EndedFigures counted;  // what of them was added to the totals
    std::vector<Device> devices;
  };

  Life* find(Subject subject);
  void raise(Life& life, Ended field, std::uint64_t value);
  void know(Life& life, std::uint32_t fields);
  void apply_device(Life& life, const Record& record);
  void place(Life& life, const Who& who);
  void leave(Life& life);
  void count(Life& life);
  void add_difference(Life& life);
  bool is_due(const Life& life) const;

  Bindings& out_;
  const Options options_;
  EndedRows images_, pods_;
  std::vector<std::unique_ptr<Life>> lives_;    // by slot
  std::vector<std::unique_ptr<Life>> closing_;  // forgotten in this tick
  std::vector<Subject> fresh_;                  // born in this tick
  std::vector<Subject> ended_;                  // and not counted yet
  std::uint64_t now_ns_ = 0;
};

}  // namespace hostmeter::collect
