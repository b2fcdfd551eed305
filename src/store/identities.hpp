// Who the cgroups are: what their paths tell, joined with what runtimes say.
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "hostmeter/flow/news.hpp"
#include "store/container_filter.hpp"

namespace hostmeter::store {

// Lives on the pump thread. A cgroup and its description come in any order, on two threads: whoever
// comes second finds the other by the container's id. A new cgroup whose name a runtime is about to
// tell is held back for a while, so that its series need not change their labels.
class Identities {
 public:
  static constexpr unsigned kLongestHold = 2;  // ticks

  struct Options {
    std::vector<std::string> shown_labels;   // globs of a container's own labels
    std::vector<std::string> kept_labels{};  // and of those only contracts ask for
    ContainerFilter filter;
    std::size_t max_unclaimed = 20'000;  // descriptions of containers that have no cgroup
  };

  // What is known of a cgroup, valid until the next call that changes something.
  struct Known {
    const Born* born;
    const Description* description;           // nullptr: nobody described it
    std::string_view pod_namespace{}, pod{};  // also of a container that was not described itself
    bool is_shown;
    bool is_excluded;   // by the filter, and not merely held
    bool is_described;  // also of what is inside a container: by that one's runtime
    bool is_stale;      // its runtime cannot be asked, or knows it no more
  };

  explicit Identities(Options options) : options_(std::move(options)) {}

  void born(const Born&);
  void forget(Subject);
  void described(Description);
  void undescribed(const Undescribed&);
  void runtime(const RuntimeUp&);
  // The end of a tick. In a steady one nothing is done.
  void tick();

  // The slots that one of the calls above may have made another of; each once.
  std::vector<std::uint32_t> take_changed();

  // Runtimes that can be asked, as they say, and have not told of a new container in time: once for
  // each such container.
  std::vector<Runtime> take_doubted() { return std::exchange(doubted_, {}); }

  bool has(Subject) const;
  bool knows(std::uint32_t slot) const { return slot < by_slot_.size() && by_slot_[slot]; }
  Known known(std::uint32_t slot) const;  // of a cgroup that was born and is not forgotten
  // Of a container, whether or not it has a cgroup; nullptr: nobody described it.
  const Description* description(const std::string& container_id, Runtime) const;
  // Those of its labels that are for all to see.
  std::vector<std::pair<std::string, std::string>> shown_labels(const Description&) const;
  // Another number once anything above may be otherwise.
  std::uint64_t version() const { return version_; }

  // `{id="/docker/0123…",name="web"`: what each of its series begins with.
  std::string owner_labels(std::uint32_t slot) const;

  std::size_t descriptions() const { return descriptions_.size(); }
  std::size_t pods() const { return pods_.size(); }
  std::uint64_t dropped() const { return dropped_; }  // descriptions there was no room for
  std::size_t held() const { return held_.size(); }
  std::size_t excluded() const { return excluded_; }  // containers, by the filter

 private:
  using Key = std::pair<std::string, Runtime>;  // runtimes do not share ids, guesses from paths may
  struct Entry {
    Description description;
    bool passes = true;  // the filter but for its name; not all labels it asks for are kept
    bool is_undescribed = false;
    bool was_claimed = false;
    std::uint32_t claims = 0;            // cgroups that it describes
    std::list<Key>::iterator unclaimed;  // while there are none
  };
  struct Pod {
    std::string pod_namespace, name;
    std::uint32_t users = 0;  // cgroups and descriptions that say they are of it
  };
  enum class State : std::uint8_t { held, shown, excluded };
  struct Cgroup {
    Born born;
    std::map<Key, Entry>::value_type* entry = nullptr;
    State state = State::held;
    std::uint8_t ticks_held = 0;
  };
  using BySlot = std::multimap<std::string, std::uint32_t, std::less<>>;

  void decide_held();
  void drop_leaving();
  bool is_expected(const Cgroup&) const;
  bool passes(const Cgroup&) const;
  std::string_view container_name(const Cgroup&) const;
  void decide(Cgroup&);
  void set_state(Cgroup&, State);
  void find_description(Cgroup&);
  void claim(Cgroup&, std::map<Key, Entry>::value_type*);
  void unclaim(std::map<Key, Entry>::value_type&);
  void erase(std::map<Key, Entry>::iterator);
  void join_pod(const std::string& uid);
  void leave_pod(const std::string& uid);
  void name_pod(const Description&);
  void renew(Cgroup&);
  bool is_up(Runtime runtime) const { return up_[std::size_t(runtime)] == Up::yes; }

  enum class Up : std::uint8_t { unheard, no, yes };

  const Options options_;
  std::vector<std::unique_ptr<Cgroup>> by_slot_;
  std::map<Key, Entry> descriptions_;
  std::list<Key> unclaimed_;  // the oldest first
  BySlot by_container_, by_pod_;
  std::unordered_map<std::string, Pod> pods_;
  std::array<Up, std::size_t(Runtime::systemd) + 1> up_{};
  std::vector<std::uint32_t> held_, changed_;
  std::vector<Runtime> doubted_;
  std::deque<std::pair<Key, std::uint64_t>> leaving_;  // undescribed, and the tick of that
  std::uint64_t ticks_ = 0;
  std::size_t excluded_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t version_ = 0;
};

}  // namespace hostmeter::store
