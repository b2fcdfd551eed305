// The one supervisor, as the followers of one configuration after the other use it.
#pragma once
#include <atomic>
#include <cstdint>
#include <optional>
#include <utility>

#include "source/script/supervisor.hpp"

namespace hostmeter::source::script {

// It cannot be started a second time once there are threads, so it outlives every pipeline.
class SharedSupervisor {
 public:
  explicit SharedSupervisor(Supervisor supervisor) : it_(std::move(supervisor)) {}
  SharedSupervisor(const SharedSupervisor&) = delete;

  // True: all else here is the caller's alone, until it lets go. From any thread.
  bool take() { return !taken_.exchange(true, std::memory_order_acquire); }
  void let_go() { taken_.store(false, std::memory_order_release); }

  const Supervisor& it() const { return it_; }
  // Never the same, so that answers to another's runs are known as such.
  std::uint64_t next_id() { return ++last_id_; }

  std::optional<Standing> standing;  // once it was heard
  bool is_gone = false;              // for good

 private:
  Supervisor it_;
  std::uint64_t last_id_ = 0;
  std::atomic<bool> taken_{false};
};

}  // namespace hostmeter::source::script
