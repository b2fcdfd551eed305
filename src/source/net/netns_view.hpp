#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/glob_filter.hpp"
#include "source/host.hpp"
#include "source/net/host_links.hpp"
#include "source/net/netns.hpp"

namespace hostmeter::source::net {

// A device inside a netns.
struct Interface {
  std::string name;
  int index = 0;
  int host_index = 0;            // the host's end of a veth; 0: it has none
  std::uint64_t host_since = 0;  // HostLink::first_update, when we learnt that
  bool stub = false;             // loopback, or what the kernel puts into every netns
  bool excluded = false;
  bool seen = false;
  Instance instance = 0;
  // As the inside sees them. Of a veth, bytes and packets follow the host's end at every tick.
  Counters counters;
  bool fresh = false;  // counters are of this tick
  std::array<Record, Facts<CgroupNetwork>::kParts> sent{};
};

// One netns seen from the host: what is in it and what that counted. It never holds an fd of it.
class NetnsView {
 public:
  explicit NetnsView(NetnsInode inode) : inode_(inode) {}

  NetnsInode inode() const { return inode_; }
  int nsid() const { return nsid_; }
  bool looked() const { return looked_; }
  void forget_nsid() { nsid_ = -1; }

  // Lists the devices and their counters by netlink. pid: any process that lives there. EACCES,
  // EPERM, EOPNOTSUPP: this cannot be had here, use look_at_file.
  Error look(Host& host, HostLinks& links, int host_nsid, int pid, const base::GlobFilter& filter);

  // Only the counters of the devices that are known and wanted, which is cheaper: the kernel takes
  // long to tell of a loopback that nobody asked for. Of many namespaces together: each notes what
  // it asks, all is asked, and one that has not been answered in full has changed, look.
  struct Question {
    NetnsView* of;
    std::size_t interface;
  };
  void note_questions(std::vector<Question>& questions);
  static void glance(NetlinkSocket& netlink, std::span<const Question> questions);
  bool is_answered() const;

  // What look does, from proc/PID/net/dev.
  Error look_at_file(Host& host, int pid, const base::GlobFilter& filter);

  // Takes the bytes and packets of each veth from the host's end, and claims that. False: one is
  // gone or another, look again.
  bool mirror(HostLinks& links);
  // Whether the host's ends are still those that were mirrored.
  bool is_mirrored(HostLinks& links) const;

  // Nobody needs what the host's ends count before so many updates from now; or does so now.
  void rest(HostLinks& links, std::uint64_t updates) const;
  void wake(HostLinks& links) const;

  // Some device must be glanced at every tick: nothing on the host mirrors it.
  bool is_unmirrored() const;
  // Nothing but a loopback in here.
  bool is_bare() const;

  std::vector<Interface>& interfaces() { return interfaces_; }
  // True once after the list of interfaces changed.
  bool take_changed();

 private:
  Interface& named(std::string_view name, const base::GlobFilter& filter);
  void begin();
  void end(bool whole);
  void take(const Message& message, Interface& interface) const;
  Error dump(NetlinkSocket& netlink, HostLinks& links, int host_nsid,
             const base::GlobFilter& filter);

  NetnsInode inode_;
  int nsid_ = -1;
  bool looked_ = false, changed_ = false;
  std::size_t next_ = 0;
  std::vector<Interface> interfaces_;
};

}  // namespace hostmeter::source::net
