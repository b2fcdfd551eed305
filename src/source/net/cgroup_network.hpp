#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "base/capabilities.hpp"
#include "source/cgroup/inventory.hpp"
#include "source/host.hpp"
#include "source/net/host_links.hpp"
#include "source/net/netns_view.hpp"
#include "source/net/options.hpp"
#include "source/net/residents.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::net {

// The network of containers. Each netns but the host's has one owner, the oldest container in it:
// only that one gets figures, so that sums are right. Bytes and packets of a veth are the host's
// end, the other way round; its errors and drops, and all of other devices, are read inside. A
// netns rests, and is read in turns, while no container in it runs and nothing passes its devices:
// what comes in and wakes nobody is found at its next turn.
class CgroupNetworkReader final : public Reader {
 public:
  CgroupNetworkReader(Host& host, HostLinks& links, const cgroup::Inventory& inventory,
                      const Options& options);

  void read(const Tick& tick, Output& out) override;
  // file: at least one netns had to be read that way.
  Mode mode() const override { return mode_; }

 private:
  // Rounds: how long nothing may have moved before a netns rests; from one of its turns to the
  // next, and once nothing has for long; between errors and drops of a veth; between searches for
  // new interfaces, and where nothing has moved since; before netlink is tried again.
  static constexpr std::uint64_t kStill = 5, kTurn = 15, kLongStill = 120, kLongTurn = 60,
                                 kGlance = 5, kLook = 30, kStillLook = 1920, kFiles = 60;

  enum class Need : std::uint8_t { none, glance, look };

  struct Netns {
    Subject owner;
    std::uint64_t rests_until = 0;  // the round
    std::uint64_t moved = 0;        // the last round in which a container ran or a counter moved
    std::uint64_t files_until = 0;  // netlink was refused
    NetnsView view;
    int pid;  // some process in it
    InstanceSet instances;
    bool ok = false;          // the last look succeeded, and nothing has happened since
    Need needs = Need::none;  // in this round
    bool present = false;     // used while regrouping
  };

  // A container's CPU usage in the last round.
  struct LastUsage {
    Subject subject;
    std::uint32_t netns = kNone;  // its position
    std::optional<std::uint64_t> usage_ns{};
  };
  static constexpr auto kNone = ~std::uint32_t{0};

  void follow(const Tick& tick, Output& out);
  void regroup(Output& out);
  void own(Netns& netns, const Resident& resident);
  void leave(Netns& netns, Output& out);
  std::vector<Netns>::iterator find(NetnsInode inode);
  void place();
  void find_host_nsid();
  void forget_nsids();
  void hasten_looks();

  void wake_who_moved(const Tick& tick);
  void look_soon(Netns& netns);
  void wake(Netns& netns);
  void let_rest(Netns& netns);
  bool rests(const Netns& netns) const { return round_ < netns.rests_until; }

  using Rights = std::optional<base::Raised>;
  void ask();
  void glance(Rights& rights);
  void refresh(Netns& netns, Rights& rights);
  bool look(Netns& netns);
  bool is_turn(const Netns& netns, std::uint64_t rounds) const;
  bool is_look_due(const Netns& netns) const;
  bool is_glance_due(const Netns& netns) const;
  void send_all(bool resend, Output& out);
  void send(Netns& netns, bool resend, Output& out);
  void send_mode(std::size_t slot, bool resend, Output& out);
  std::uint8_t mode_of(const Resident& resident) const;

  Host& host_;
  HostLinks& links_;
  const cgroup::Inventory& inventory_;
  const base::GlobFilter filter_;
  const cgroup::Activity* const activity_;
  Residents residents_;
  std::vector<Netns> netns_;           // ascending by inode
  std::vector<LastUsage> last_usage_;  // by slot
  std::vector<NetnsView::Question> questions_;
  LongTicks long_ticks_;
  bool was_long_ = false;
  struct Sent {
    Subject subject;
    std::uint8_t mode;
  };
  std::vector<Sent> sent_;  // by slot
  int host_nsid_ = -1;
  std::uint64_t round_ = 0, generation_ = 0;
  std::uint64_t modes_until_ = 0;  // until this round one may change that nobody looked at
  Mode mode_ = Mode::off;
};

}  // namespace hostmeter::source::net
