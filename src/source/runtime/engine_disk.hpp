// What an engine's images, containers and volumes take on disk, asked for once in a while.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hostmeter/flow/facts/engine.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/runtime/engine_client.hpp"

namespace hostmeter::source::runtime {

class EngineDisk {
 public:
  struct Options {
    std::uint64_t interval_ns = 0;         // 0: it is never asked for
    bool images = false, volumes = false;  // also one by one
  };

  EngineDisk(Runtime runtime, Options options, InstanceIds& ids)
      : runtime_(runtime), options_(options), images_(ids, kHost), volumes_(ids, kHost) {}

  void begin(std::uint64_t now_ns) { due_ns_ = now_ns; }
  void lose() { asked_.reset(); }
  // Never waits: it takes the engine as long as it has files. True when there is another answer;
  // with an error that is no answer.
  Result<bool> follow(Output&, EngineClient&, std::uint64_t now_ns);
  void resend(Output&) const;

  const DiskUsage& usage() const { return usage_; }
  std::uint64_t left_out() const { return left_out_; }

 private:
  template <class Field>
  struct Shown {
    Instance instance;
    Facts<Field> facts;
  };

  Result<bool> take(const Result<bool>& whole);
  void show(Output&);
  void show_images(Output&);
  void show_volumes(Output&);

  const Runtime runtime_;
  const Options options_;
  InstanceSet images_, volumes_;
  std::vector<Shown<ImageDisk>> shown_images_;
  std::vector<Shown<VolumeDisk>> shown_volumes_;
  std::optional<Asked> asked_;
  std::uint64_t due_ns_ = 0, asked_ns_ = 0;
  DiskUsage usage_;
  std::uint64_t left_out_ = 0;
};

}  // namespace hostmeter::source::runtime
