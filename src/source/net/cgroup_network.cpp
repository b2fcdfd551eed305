// The network of containers.
#include "source/net/cgroup_network.hpp"

#include <algorithm>
#include <utility>

namespace hostmeter::source::net {
namespace {

constexpr auto kUnknown = std::uint8_t(CgroupNetworkMode::count);

// A runtime starts a container in the host's netns, and gives it devices last: what a container
// has right after its birth is not what it will have.
constexpr std::uint64_t kSettleRounds = 3;

// To open the namespace of another's process, and to ask about one that is not ours.
constexpr base::CapabilitySet kRights{CAP_SYS_PTRACE, CAP_NET_ADMIN};

bool is_refusal(const Error& error) {
  return error.code == EPERM || error.code == EACCES || error.code == EOPNOTSUPP;
}

bool same_values(const Record& left, const Record& right) {
  return left.instance == right.instance && left.present == right.present &&
         std::equal(std::begin(left.value), std::end(left.value), std::begin(right.value));
}

}  // namespace

CgroupNetworkReader::CgroupNetworkReader(Host& host, HostLinks& links,
                                         const cgroup::Inventory& inventory, const Options& options)
    : host_(host),
      links_(links),
      inventory_(inventory),
      filter_(options.container_interfaces),
      residents_(host, inventory, options.activity) {}

void CgroupNetworkReader::read(const Tick& tick, Output& out) {
  ++round_;
  // That the host's own devices cannot be read is for their reader to count.
  (void)links_.update(tick);
  const bool links_changed = std::exchange(generation_, links_.generation()) != links_.generation();
  if (residents_.update(round_)) {
    regroup(out);
    modes_until_ = round_ + kSettleRounds;
  }
  if (residents_.error().code != 0) failed(residents_.error());
  forget_nsids();
  find_host_nsid();
  if (links_changed) hasten_looks();
  const bool blind = residents_.host_netns() == 0 || (residents_.refused() && netns_.empty());
  mode_ = blind ? Mode::off : links_.mode() == Mode::walk ? Mode::walk : Mode::file;
  Rights rights;
  bool looked = false;
  for (Netns& netns : netns_) looked |= refresh(netns, rights);
  rights.reset();
  for (Netns& netns : netns_) send(netns, tick.resend, out);
  if (tick.resend || looked || round_ <= modes_until_) send_modes(tick.resend, out);
}

// Makes netns_ what the residents say. An owner stays one for as long as it lives there.
void CgroupNetworkReader::regroup(Output& out) {
  for (Netns& netns : netns_) {
    const Subject owner = netns.owner;
    const auto slots = residents_.slots();
    netns.present = owner.slot < slots.size() && slots[owner.slot].subject == owner &&
                    slots[owner.slot].netns == netns.view.inode();
    if (netns.present) netns.pid = slots[owner.slot].pid;
    if (!netns.present) leave(netns, out);
  }
  for (const Resident& resident : residents_.slots()) {
    if (resident.netns == 0 || resident.netns == residents_.host_netns()) continue;
    Netns* known = find(resident.netns);
    if (!known) {
      const auto at = std::lower_bound(
          netns_.begin(), netns_.end(), resident.netns,
          [](const Netns& netns, NetnsInode inode) { return netns.view.inode() < inode; });
      known = &*netns_.insert(
          at, Netns{NetnsView(resident.netns), kHost, 0, InstanceSet(host_.instances, kHost)});
    }
    if (!known->present) own(*known, resident, out);
  }
  std::erase_if(netns_, [](const Netns& netns) { return netns.owner == kHost; });
}

// The resident takes the place of an owner that is younger or none.
void CgroupNetworkReader::own(Netns& netns, const Resident& resident, Output&) {
  if (netns.owner != kHost && residents_.at(netns.owner.slot).order <= resident.order) return;
  netns.owner = resident.subject;
  netns.pid = resident.pid;
  netns.instances = InstanceSet(host_.instances, resident.subject);
}

// Its interfaces are gone, and nobody is there to tell if the cgroup is gone too.
void CgroupNetworkReader::leave(Netns& netns, Output& out) {
  if (inventory_.find(netns.owner)) {
    netns.instances.begin();
    netns.instances.end(out);
  }
  netns.instances.drop();
  netns.owner = kHost;
  netns.view = NetnsView(netns.view.inode());
}

CgroupNetworkReader::Netns* CgroupNetworkReader::find(NetnsInode inode) {
  const auto at = std::lower_bound(
      netns_.begin(), netns_.end(), inode,
      [](const Netns& netns, NetnsInode wanted) { return netns.view.inode() < wanted; });
  return at == netns_.end() || at->view.inode() != inode ? nullptr : &*at;
}

void CgroupNetworkReader::find_host_nsid() {
  NetlinkSocket* netlink = links_.netlink();
  if (host_nsid_ >= 0 || !netlink || netns_.empty()) return;
  const base::Raised rights(kRights);
  const auto nsid = nsid_of_host(host_, *netlink);
  if (nsid) host_nsid_ = *nsid;
}

// The number of a namespace that is gone is soon another's.
void CgroupNetworkReader::forget_nsids() {
  if (links_.lost_news()) host_nsid_ = -1;
  for (Netns& netns : netns_) {
    const auto gone = links_.gone_nsids();
    if (links_.lost_news() || std::find(gone.begin(), gone.end(), netns.view.nsid()) != gone.end())
      netns.view.forget_nsid();
  }
}

// A veth that nobody has claimed may be a new interface of one we know.
void CgroupNetworkReader::hasten_looks() {
  for (const HostLink& link : links_.links()) {
    if (!link.veth || link.peer_nsid < 0 || link.claimed != 0) continue;
    for (Netns& netns : netns_)
      if (netns.view.nsid() == link.peer_nsid) netns.ok = false;
  }
}

// rights: raised when the first has to be asked, for all that follow. Most ticks ask nobody. True:
// what is in it was listed anew.
bool CgroupNetworkReader::refresh(Netns& netns, Rights& rights) {
  const auto raise = [&] {
    if (!rights) rights.emplace(kRights);
  };
  if (is_look_due(netns) || is_glance_due(netns)) raise();
  bool looking =
      is_look_due(netns) || (is_glance_due(netns) && netns.view.glance(links_).code != 0);
  if (looking) netns.ok = look(netns);
  if (!netns.view.mirror(links_) && !looking) {
    raise();
    looking = true;
    netns.ok = look(netns);
    netns.view.mirror(links_);
  }
  if (!netns.ok) residents_.doubt(netns.owner.slot);
  return looking;
}

bool CgroupNetworkReader::is_look_due(const Netns& netns) const {
  if (!netns.ok || !links_.netlink() || netns.files_until > round_ || netns.view.nsid() < 0)
    return true;
  if ((round_ + netns.owner.slot) % kLook == 0) return true;
  return round_ < residents_.at(netns.owner.slot).since + Residents::kYoung;
}

bool CgroupNetworkReader::is_glance_due(const Netns& netns) const {
  return netns.view.is_unmirrored() || (round_ + netns.owner.slot) % kGlance == 0;
}

bool CgroupNetworkReader::look(Netns& netns) {
  Error error{EOPNOTSUPP, "netns: netlink"};
  const bool asked = links_.netlink() && netns.files_until <= round_;
  if (asked) error = netns.view.look(host_, links_, host_nsid_, netns.pid, filter_);
  if (error.code == EBADMSG) failed(error);
  if (is_refusal(error)) {
    // A socket that is lost for a moment is no refusal of this netns.
    if (asked) netns.files_until = round_ + kFiles;
    mode_ = Mode::file;
  }
  if (error.code != 0) error = netns.view.look_at_file(host_, netns.pid, filter_);
  // One that moved or ended meanwhile is no failure: where it lives is asked again.
  if (error.code != 0 && error.code != ESTALE) failed(error);
  return error.code == 0;
}

void CgroupNetworkReader::send(Netns& netns, bool resend, Output& out) {
  auto& interfaces = netns.view.interfaces();
  if (netns.view.take_changed()) {
    netns.instances.begin();
    for (Interface& interface : interfaces)
      if (!interface.excluded) interface.instance = netns.instances.get(out, interface.name);
    netns.instances.end(out);
  }
  for (Interface& interface : interfaces) {
    if (interface.excluded) continue;
    Facts<CgroupNetwork> facts;
    if (interface.fresh) facts = cgroup_network_facts(interface.counters);
    for (std::size_t part = 0; part < interface.sent.size(); ++part) {
      const Record record = facts.part(part, netns.owner, interface.instance);
      if (!resend && same_values(record, interface.sent[part])) continue;
      out.send(record);
      interface.sent[part] = record;
    }
  }
}

std::uint8_t CgroupNetworkReader::mode_of(const Resident& resident) {
  const bool settled = resident.since == 1 || round_ >= resident.since + kSettleRounds;
  if (resident.netns == 0) return kUnknown;
  if (resident.netns == residents_.host_netns())
    return settled ? std::uint8_t(CgroupNetworkMode::host) : kUnknown;
  const Netns* netns = find(resident.netns);
  if (!netns || netns->owner != resident.subject) return std::uint8_t(CgroupNetworkMode::shared);
  if (!netns->view.looked()) return kUnknown;
  if (!netns->view.is_bare()) return std::uint8_t(CgroupNetworkMode::own);
  return settled ? std::uint8_t(CgroupNetworkMode::none) : kUnknown;
}

void CgroupNetworkReader::send_modes(bool resend, Output& out) {
  const auto slots = residents_.slots();
  sent_.resize(slots.size());
  for (std::size_t slot = 1; slot < slots.size(); ++slot) {
    Sent& sent = sent_[slot];
    if (sent.subject != slots[slot].subject) sent = {slots[slot].subject, kUnknown};
    if (sent.subject == kHost) continue;
    const std::uint8_t mode = mode_of(slots[slot]);
    if (mode == sent.mode && !resend) continue;
    sent.mode = mode;
    Facts<CgroupNetworkMode> facts;
    for (std::uint8_t i = 0; mode != kUnknown && i < kUnknown; ++i)
      facts.set(CgroupNetworkMode(i), std::uint64_t{i == mode});
    out.send(sent.subject, facts);
  }
}

}  // namespace hostmeter::source::net
