// What an engine's images, containers and volumes take on disk, asked for once in a while.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "hostmeter/flow/facts/engine.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/runtime/engine_client.hpp"
#include "source/runtime/slow_question.hpp"

namespace hostmeter::source::runtime {

class EngineDisk {
 public:
  struct Options {
    std::uint64_t interval_ns = 0;         // 0: it is never asked for
    bool images = false, volumes = false;  // also one by one
  };

  // How long an answer is waited for, and what was told stands when a newer one does not come.
  static constexpr std::uint64_t kPatienceNs = 300'000'000'000;

  EngineDisk(Runtime runtime, Options options, InstanceIds& ids)
      : runtime_(runtime),
        options_(options),
        images_(ids, kHost),
        volumes_(ids, kHost),
        question_({.longest = kLongestDiskUsage,
                   .interval_ns = options.interval_ns,
                   .retry_ns = options.interval_ns,
                   .patience_ns = kPatienceNs}) {}

  void begin(std::uint64_t now_ns) {
    if (options_.interval_ns != 0) question_.want(now_ns);
  }
  std::uint64_t next_look_ns(std::uint64_t now_ns) const { return question_.next_look_ns(now_ns); }
  void lose() { question_.drop(); }
  // Never waits: it takes the engine as long as it has files. True: usage() is another; an error is
  // about this question alone.
  Result<bool> follow(Output&, EngineClient&, std::uint64_t now_ns);
  // Whatever the connection is: what is too old goes. True: usage() is another.
  bool pass_time(Output&, std::uint64_t now_ns);
  void resend(Output&) const;

  const DiskUsage& usage() const { return usage_; }
  std::uint64_t left_out() const { return left_out_; }

 private:
  template <class Field>
  struct Shown {
    Instance instance;
    Facts<Field> facts;
  };

  void show(Output&);
  void show_images(Output&);
  void show_volumes(Output&);

  const Runtime runtime_;
  const Options options_;
  InstanceSet images_, volumes_;
  std::vector<Shown<ImageDisk>> shown_images_;
  std::vector<Shown<VolumeDisk>> shown_volumes_;
  SlowQuestion question_;
  DiskUsage usage_;
  bool has_usage_ = false;
  std::uint64_t left_out_ = 0;
};

}  // namespace hostmeter::source::runtime
