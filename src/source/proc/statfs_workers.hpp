// Asking mounted filesystems for their sizes, where an answer may never come.
#pragma once
#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::proc {

struct StatfsAnswer {
  std::uint64_t size = 0, free = 0, avail = 0;  // bytes
  std::uint64_t files = 0, files_free = 0;
  // What lay at the path: its device_number, and the mount it was reached by, as our own mountinfo
  // counts them (0: the kernel did not say). Nothing: not known, and not looked at.
  struct Place {
    std::uint64_t device = 0, mount_id = 0;
  };
  std::optional<Place> place{};
};

// statfs of a path of the host, below its root. Blocks as long as the filesystem likes. The path is
// resolved among our own mounts, where another filesystem than the host's may lie at it: see place.
Result<StatfsAnswer> statfs_below(const base::Dir& root, const char* path);

// Between the sampler, which owns the list of mounts and the time, and the threads that wait for
// filesystems. statfs on a dead NFS or FUSE server hangs for ever and cannot be cancelled, so one
// thread asks one mount at a time, and when it has hung for too long it is given up: its mount is
// hung, mounts of the same filesystem are not asked, and another thread goes on with the rest. At
// most most_stuck threads are ever given up; after that what is not asked becomes stale. A given-up
// thread that comes back delivers its answer and ends, or goes on when there is no other.
//
// Nobody here sends Records: the sampler takes the answers with it, so a mount's series have one
// producer however often its thread was replaced. The lock is held to copy, never while asking.
//
// How the program uses it: make_shared it and hand it to the readers' Options; at every tick, on
// any thread, `if (workers->start_one()) std::thread([workers] { workers->run(); }).detach();`.
// Detached, because a stuck thread can never be joined; the thread's own shared_ptr keeps this
// alive if it wakes while the process exits. At the end call stop() and do not wait.
class StatfsWorkers {
 public:
  struct Options {
    std::uint64_t interval_ns = 15'000'000'000;  // from an answer to the next question
    std::uint64_t limit_ns = 5'000'000'000;      // without an answer for so long: hung
    unsigned most_stuck = 4;
  };
  using Ask = std::function<Result<StatfsAnswer>(const char* path)>;

  struct Mount {
    std::string path;
    std::uint64_t device = 0;  // device_number of the filesystem: the same for all mounts of it
  };
  enum class State : std::uint8_t {
    unknown,   // not yet asked
    answered,  // see answer
    refused,   // see error; kElsewhere: another filesystem answered
    hung,      // asked longer ago than the limit
    stale,     // answered once, but there was nobody left to ask again
  };
  // The mount is hidden by another, or was made on the host after our own mounts parted from its.
  static constexpr int kElsewhere = EXDEV;
  struct Seen {
    State state = State::unknown;
    int error = 0;
    StatfsAnswer answer;
  };

  StatfsWorkers(const Options& options, Ask ask) : options_(options), ask_(std::move(ask)) {}

  // Sampler. The answers of mounts that stay are kept.
  void set_mounts(const std::vector<Mount>& mounts);
  // Sampler, at every tick: questions fall due, limits pass. True when what look() tells changed.
  bool tick(std::uint64_t monotonic_ns);
  // Sampler: one for each of set_mounts, in its order.
  void look(std::vector<Seen>& into) const;

  // True: a thread on run() is wanted and counted as started; say so if it could not be.
  bool start_one();
  void start_failed();

  // The body of a thread: until stop(), or until it has been replaced.
  void run();
  // Makes run() return, but for a thread that is stuck.
  void stop();

  // Whether every mount was asked and has answered, refused or been given up.
  bool settled() const;

  unsigned stuck() const;  // threads given up and not back, for our own metrics

 private:
  struct Entry {
    Mount mount;
    std::uint64_t serial = 0;  // survives changes of the list; never used again
    std::uint64_t due_ns = 0, answered_ns = 0;
    Seen last{};    // unknown, answered or refused
    State shown{};  // what the last tick made of it
  };
  struct Question {
    std::uint64_t serial, device, since_ns;
    bool given_up;
  };

  Entry* next_due();
  State state_of(const Entry&) const;
  bool is_asked(std::uint64_t device) const;
  bool is_hung(std::uint64_t device) const;
  bool finish(std::uint64_t serial, const Result<StatfsAnswer>&);

  const Options options_;
  const Ask ask_;
  mutable std::mutex lock_;
  std::condition_variable wake_;
  std::vector<Entry> entries_;
  std::vector<Question> questions_;  // one for each thread that is asking
  std::uint64_t now_ns_ = 0, serials_ = 0;
  unsigned working_ = 0, stuck_ = 0;
  bool changed_ = false, stopping_ = false;
};

}  // namespace hostmeter::source::proc
