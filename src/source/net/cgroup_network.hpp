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
// end, the other way round; its errors and drops, and all of other devices, are read inside.
class CgroupNetworkReader final : public Reader {
 public:
  CgroupNetworkReader(Host& host, HostLinks& links, const cgroup::Inventory& inventory,
                      const Options& options);

  void read(const Tick& tick, Output& out) override;
  // file: at least one netns had to be read that way.
  Mode mode() const override { return mode_; }

 private:
  static constexpr std::uint64_t kGlance = 5;  // rounds between errors and drops of a veth
  static constexpr std::uint64_t kLook = 30;   // rounds between searches for new interfaces
  static constexpr std::uint64_t kFiles = 60;  // rounds before netlink is tried again

  struct Netns {
    NetnsView view;
    Subject owner;
    int pid;  // some process in it
    InstanceSet instances;
    std::uint64_t files_until = 0;  // netlink was refused
    bool ok = false;                // the last look succeeded, and nothing has happened since
    bool present = false;           // used while regrouping
  };

  void regroup(Output& out);
  void own(Netns& netns, const Resident& resident, Output& out);
  void leave(Netns& netns, Output& out);
  Netns* find(NetnsInode inode);
  void find_host_nsid();
  void forget_nsids();
  void hasten_looks();

  using Rights = std::optional<base::Raised>;
  bool refresh(Netns& netns, Rights& rights);
  bool look(Netns& netns);
  bool is_look_due(const Netns& netns) const;
  bool is_glance_due(const Netns& netns) const;
  void send(Netns& netns, bool resend, Output& out);
  void send_modes(bool resend, Output& out);
  std::uint8_t mode_of(const Resident& resident);

  Host& host_;
  HostLinks& links_;
  const cgroup::Inventory& inventory_;
  const base::GlobFilter filter_;
  Residents residents_;
  std::vector<Netns> netns_;  // ascending by inode
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
