// The one supervisor, as the followers of one configuration after the other use it.
#pragma once
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "source/script/known_script.hpp"
#include "source/script/run_output.hpp"
#include "source/script/supervisor.hpp"

namespace hostmeter::source::script {

// As the daemon sees it.
struct RunUnderWay {
  std::size_t most_bytes = 0;
  std::optional<RunOutput> output{};
  // Who prints line by line does not wake us for each: a pipe holds enough until then.
  std::uint64_t read_from_ns = 0;
  bool is_copious = false;  // once it printed so much at once that its pipe may fill while we rest
  bool is_unwanted = false, is_stopped = false;
};

// It cannot be started a second time once there are threads, so it outlives every pipeline. So does
// what is under way and known: a new configuration takes it over and loses nothing.
class SharedSupervisor {
 public:
  // While there is one, no run is started and the end of none is counted, so that a configuration
  // that is about to take over shows no less than the one in force. Runs go on meanwhile.
  class Hold {
   public:
    explicit Hold(SharedSupervisor& of) : of_(of) {
      const std::lock_guard lock(of.known.mutex);
      of_.is_held_.store(true, std::memory_order_relaxed);
    }
    ~Hold() { of_.is_held_.store(false, std::memory_order_relaxed); }
    Hold(const Hold&) = delete;

   private:
    SharedSupervisor& of_;
  };

  explicit SharedSupervisor(Supervisor supervisor) : it_(std::move(supervisor)) {}
  SharedSupervisor(const SharedSupervisor&) = delete;

  // True: it is the caller's alone, until it lets go. From any thread.
  bool take() { return !taken_.exchange(true, std::memory_order_acquire); }
  void let_go() { taken_.store(false, std::memory_order_release); }

  // What only the one who has it may use.
  const Supervisor& it() const { return it_; }
  // Never the same, so that answers to another's runs are known as such.
  std::uint64_t next_id() { return ++last_id_; }
  // Once it was heard; what it says later does not count.
  void stands(Standing standing) {
    if (has_standing_.load(std::memory_order_relaxed)) return;
    standing_ = std::move(standing);
    has_standing_.store(true, std::memory_order_release);
  }
  // For good.
  void lose() {
    it_.give_up();
    is_gone_.store(true, std::memory_order_relaxed);
  }
  // Once it is lost: whether nothing is left of it, either.
  bool is_over() { return it_.is_over(); }
  std::map<std::uint64_t, RunUnderWay> under_way;
  std::deque<Request> unsent;

  // From any thread. Null: it was not heard yet.
  const Standing* standing() const {
    return has_standing_.load(std::memory_order_acquire) ? &standing_ : nullptr;
  }
  bool is_held() const { return is_held_.load(std::memory_order_relaxed); }
  bool is_gone() const { return is_gone_.load(std::memory_order_relaxed); }

  KnownScripts known;

 private:
  Supervisor it_;
  Standing standing_;
  std::uint64_t last_id_ = 0;
  std::atomic<bool> taken_{false}, has_standing_{false}, is_gone_{false}, is_held_{false};
};

}  // namespace hostmeter::source::script
