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
      activity_(options.activity),
      residents_(host, inventory, options.activity) {}

void CgroupNetworkReader::read(const Tick& tick, Output& out) {
  ++round_;
  follow(tick, out);
  wake_who_moved(tick);
  if (const Error error = links_.read_woken(); error.code != 0) failed(error);
  ask();
  send_all(tick.resend, out);
}

// Who lives where, and what became of the namespaces and of their devices.
void CgroupNetworkReader::follow(const Tick& tick, Output& out) {
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
    auto known = find(resident.netns);
    if (known == netns_.end() || known->view.inode() != resident.netns)
      known = netns_.insert(known, Netns{.owner = kHost,
                                         .view = NetnsView(resident.netns),
                                         .pid = 0,
                                         .instances = InstanceSet(host_.instances, kHost)});
    if (!known->present) own(*known, resident);
  }
  std::erase_if(netns_, [](const Netns& netns) { return netns.owner == kHost; });
  place();
}

// Where each container is among netns_.
void CgroupNetworkReader::place() {
  const auto slots = residents_.slots();
  last_usage_.resize(slots.size());
  sent_.resize(slots.size());
  for (std::size_t slot = 0; slot < slots.size(); ++slot) {
    LastUsage& last = last_usage_[slot];
    if (last.subject != slots[slot].subject) last = {.subject = slots[slot].subject};
    const auto at = find(slots[slot].netns);
    const bool is_there = at != netns_.end() && at->view.inode() == slots[slot].netns;
    last.netns = is_there ? std::uint32_t(at - netns_.begin()) : kNone;
  }
}

// The resident takes the place of an owner that is younger or none.
void CgroupNetworkReader::own(Netns& netns, const Resident& resident) {
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
  wake(netns);
  netns.owner = kHost;
  netns.view = NetnsView(netns.view.inode());
}

// Where it is, or belongs.
std::vector<CgroupNetworkReader::Netns>::iterator CgroupNetworkReader::find(NetnsInode inode) {
  return std::ranges::lower_bound(netns_, inode, {},
                                  [](const Netns& netns) { return netns.view.inode(); });
}

void CgroupNetworkReader::find_host_nsid() {
  NetlinkSocket* netlink = links_.netlink();
  if (host_nsid_ >= 0 || !netlink || netns_.empty()) return;
  const base::Raised rights(kRights);
  const auto nsid = nsid_of_host(host_, *netlink);
  if (!nsid) return;
  host_nsid_ = *nsid;
  // Which devices are veths of the host could not be told without it.
  for (Netns& netns : netns_) look_soon(netns);
}

// The number of a namespace that is gone is soon another's.
void CgroupNetworkReader::forget_nsids() {
  const auto gone = links_.gone_nsids();
  if (links_.lost_news()) host_nsid_ = -1;
  if (gone.empty() && !links_.lost_news()) return;
  for (Netns& netns : netns_) {
    if (!links_.lost_news() && std::ranges::find(gone, netns.view.nsid()) == gone.end()) continue;
    netns.view.forget_nsid();
    wake(netns);
  }
}

// A veth that nobody has claimed may be a new interface of one we know; one that is gone was.
void CgroupNetworkReader::hasten_looks() {
  for (const HostLink& link : links_.links()) {
    if (!link.veth || link.peer_nsid < 0 || link.claimed_until != 0) continue;
    for (Netns& netns : netns_)
      if (netns.view.nsid() == link.peer_nsid) look_soon(netns);
  }
  for (Netns& netns : netns_)
    if (rests(netns) && !netns.view.is_mirrored(links_)) wake(netns);
}

// Nobody rests who is not known to do nothing, nor in a tick that is far from the last. One such is
// late; where they follow each other turns would take too long.
void CgroupNetworkReader::wake_who_moved(const Tick& tick) {
  const bool is_long = long_ticks_.is_long_after_the_last(tick);
  const bool are_long = std::exchange(was_long_, is_long) && is_long;
  for (LastUsage& last : last_usage_) {
    if (last.netns == kNone) continue;
    const auto usage_ns = activity_ ? activity_->usage_ns(last.subject) : std::nullopt;
    const bool stands_still = usage_ns && usage_ns == last.usage_ns;
    last.usage_ns = usage_ns;
    if (stands_still && !is_long) continue;
    if (!stands_still || are_long) netns_[last.netns].moved = round_;
    wake(netns_[last.netns]);
  }
}

void CgroupNetworkReader::look_soon(Netns& netns) {
  netns.ok = false;
  wake(netns);
}

void CgroupNetworkReader::wake(Netns& netns) {
  if (!rests(netns)) return;
  netns.rests_until = 0;
  netns.view.wake(links_);
}

void CgroupNetworkReader::let_rest(Netns& netns) {
  static_assert(kStill >= Residents::kYoung, "one that was just met has just moved");
  const bool by_file = netns.view.nsid() < 0;
  if (!netns.ok || by_file || round_ < netns.moved + kStill) return;
  const std::uint64_t turn = round_ < netns.moved + kLongStill ? kTurn : kLongTurn;
  const std::uint64_t rounds = turn - (round_ + netns.owner.slot) % turn;
  netns.rests_until = round_ + rounds;
  netns.view.rest(links_, rounds);
}

// rights: raised when the first has to be asked, for all that follow.
void CgroupNetworkReader::ask() {
  Rights rights;
  glance(rights);
  for (Netns& netns : netns_)
    if (!rests(netns)) refresh(netns, rights);
}

void CgroupNetworkReader::glance(Rights& rights) {
  questions_.clear();
  for (Netns& netns : netns_) {
    if (rests(netns)) continue;
    netns.needs = is_look_due(netns)     ? Need::look
                  : is_glance_due(netns) ? Need::glance
                                         : Need::none;
    if (netns.needs == Need::glance) netns.view.note_questions(questions_);
  }
  if (questions_.empty()) return;
  rights.emplace(kRights);
  NetnsView::glance(*links_.netlink(), questions_);
  for (Netns& netns : netns_)
    if (!rests(netns) && netns.needs == Need::glance && !netns.view.is_answered())
      netns.needs = Need::look;
}

void CgroupNetworkReader::refresh(Netns& netns, Rights& rights) {
  const auto look_by_right = [&] {
    if (!rights) rights.emplace(kRights);
    netns.ok = look(netns);
  };
  if (netns.needs == Need::look) look_by_right();
  if (!netns.view.mirror(links_) && netns.needs != Need::look) {
    netns.needs = Need::look;
    look_by_right();
    netns.view.mirror(links_);
  }
  if (!netns.ok) residents_.doubt(netns.owner.slot);
}

// Once in so many rounds, each netns in its own.
bool CgroupNetworkReader::is_turn(const Netns& netns, std::uint64_t rounds) const {
  return (round_ + netns.owner.slot) % rounds == 0;
}

bool CgroupNetworkReader::is_look_due(const Netns& netns) const {
  static_assert(kLook % kTurn == 0 && kStillLook % kLongTurn == 0);
  if (!netns.ok || !links_.netlink() || netns.files_until > round_ || netns.view.nsid() < 0)
    return true;
  if (round_ < residents_.at(netns.owner.slot).since + Residents::kYoung) return true;
  return is_turn(netns, round_ <= netns.moved + kLook ? kLook : kStillLook);
}

// What counts an error or a drop runs, or counts something else as well. What does neither, as when
// the kernel sends anew what was never answered, is found by the next look.
bool CgroupNetworkReader::is_glance_due(const Netns& netns) const {
  static_assert(kGlance <= kStill, "what came before it rests is seen");
  return netns.view.is_unmirrored() || (is_turn(netns, kGlance) && round_ <= netns.moved + kGlance);
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

void CgroupNetworkReader::send_all(bool resend, Output& out) {
  for (Netns& netns : netns_) {
    if (!rests(netns) || resend) send(netns, resend, out);
    if (rests(netns)) continue;
    if (netns.needs == Need::look) send_mode(netns.owner.slot, resend, out);
    let_rest(netns);
  }
  if (!resend && round_ > modes_until_) return;
  for (std::size_t slot = 1; slot < sent_.size(); ++slot) send_mode(slot, resend, out);
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
      const bool stands_still = same_values(record, interface.sent[part]);
      if (!stands_still) netns.moved = round_;
      if (stands_still && !resend) continue;
      out.send(record);
      interface.sent[part] = record;
    }
  }
}

std::uint8_t CgroupNetworkReader::mode_of(const Resident& resident) const {
  const bool settled = resident.since == 1 || round_ >= resident.since + kSettleRounds;
  if (resident.netns == 0) return kUnknown;
  if (resident.netns == residents_.host_netns())
    return settled ? std::uint8_t(CgroupNetworkMode::host) : kUnknown;
  const std::uint32_t position = last_usage_[resident.subject.slot].netns;
  const Netns* const netns = position == kNone ? nullptr : &netns_[position];
  if (!netns || netns->owner != resident.subject) return std::uint8_t(CgroupNetworkMode::shared);
  if (!netns->view.looked()) return kUnknown;
  if (!netns->view.is_bare()) return std::uint8_t(CgroupNetworkMode::own);
  return settled ? std::uint8_t(CgroupNetworkMode::none) : kUnknown;
}

void CgroupNetworkReader::send_mode(std::size_t slot, bool resend, Output& out) {
  const Resident& resident = residents_.at(slot);
  Sent& sent = sent_[slot];
  if (sent.subject != resident.subject) sent = {resident.subject, kUnknown};
  if (sent.subject == kHost) return;
  const std::uint8_t mode = mode_of(resident);
  if (mode == sent.mode && !resend) return;
  sent.mode = mode;
  Facts<CgroupNetworkMode> facts;
  for (std::uint8_t i = 0; mode != kUnknown && i < kUnknown; ++i)
    facts.set(CgroupNetworkMode(i), std::uint64_t{i == mode});
  out.send(sent.subject, facts);
}

}  // namespace hostmeter::source::net
