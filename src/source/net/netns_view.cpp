// A container's netns, seen from the host.
#include "source/net/netns_view.hpp"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "source/net/net_dev.hpp"

namespace hostmeter::source::net {
namespace {

bool is_stub(std::string_view name) {
  constexpr std::string_view kStubs[] = {"lo",      "tunl0",   "sit0",     "gre0",    "gretap0",
                                         "erspan0", "ip_vti0", "ip6_vti0", "ip6tnl0", "ip6gre0"};
  return std::find(std::begin(kStubs), std::end(kStubs), name) != std::end(kStubs);
}

// Null: there is none, or the device is gone; another may have its index.
HostLink* host_end(const Interface& interface, HostLinks& links) {
  if (interface.host_index == 0) return nullptr;
  HostLink* const link = links.find(interface.host_index);
  return link && link->first_update == interface.host_since ? link : nullptr;
}

}  // namespace

Error NetnsView::look(Host& host, HostLinks& links, int host_nsid, int pid,
                      const base::GlobFilter& filter) {
  NetlinkSocket* netlink = links.netlink();
  if (!netlink) return {EOPNOTSUPP, "netns: netlink"};
  if (nsid_ < 0) {
    const auto nsid = nsid_of_process(host.proc, pid, inode_, *netlink);
    if (!nsid) return nsid.error();
    nsid_ = *nsid;
  }
  const Error error = dump(*netlink, links, host_nsid, filter);
  if (error.code != 0) nsid_ = -1;
  return error;
}

Error NetnsView::dump(NetlinkSocket& netlink, HostLinks& links, int host_nsid,
                      const base::GlobFilter& filter) {
  ifinfomsg header{};
  Request request(RTM_GETLINK, NLM_F_DUMP, header);
  request.add(IFLA_TARGET_NETNSID, std::uint32_t(nsid_));
  Error error{};
  begin();
  const auto listed = netlink.dump(request, [&](const Message& message) {
    const auto link = parse_link(message.payload);
    if (!link) error = link.error();
    if (!link || error.code != 0) return;
    // Before 4.15 the kernel does not know the question and lists our own devices.
    if (link->target_nsid != nsid_) error = {EOPNOTSUPP, "netns: target"};
    if (!link->counters) error = {EBADMSG, "netns: counters"};
    if (error.code != 0) return;
    Interface& interface = named(link->name, filter);
    interface.index = link->index;
    interface.stub |= link->loopback;
    interface.counters = *link->counters;
    interface.fresh = true;
    const bool veth_of_host =
        host_nsid >= 0 && link->kind == "veth" && link->peer_nsid == host_nsid;
    const HostLink* other_end = veth_of_host ? links.find(link->peer) : nullptr;
    interface.host_index = other_end ? other_end->index : 0;
    interface.host_since = other_end ? other_end->first_update : 0;
  });
  if (!listed) error = listed.error();
  end(error.code == 0 && !listed->interrupted);
  return error;
}

void NetnsView::note_questions(std::vector<Question>& questions) {
  for (std::size_t i = 0; i < interfaces_.size(); ++i) {
    if (interfaces_[i].excluded) continue;
    interfaces_[i].fresh = false;
    questions.push_back({this, i});
  }
}

void NetnsView::glance(NetlinkSocket& netlink, std::span<const Question> questions) {
  constexpr std::size_t kMostBytes = 4096;  // of an answer
  const auto about = [](const Question& question) -> Interface& {
    return question.of->interfaces_[question.interface];
  };
  // What is not answered is found out by is_answered.
  (void)netlink.ask_each<kMostBytes>(
      questions.size(),
      [&](std::size_t i) {
        ifinfomsg header{};
        header.ifi_index = about(questions[i]).index;
        Request request(RTM_GETLINK, 0, header);
        request.add(IFLA_TARGET_NETNSID, std::uint32_t(questions[i].of->nsid_));
        return request;
      },
      [&](std::size_t i, const Message& message) {
        questions[i].of->take(message, about(questions[i]));
      });
}

void NetnsView::take(const Message& message, Interface& interface) const {
  const auto link = parse_link(message.payload);
  if (!link || link->target_nsid != nsid_ || link->name != interface.name || !link->counters)
    return;
  interface.counters = *link->counters;
  interface.fresh = true;
}

bool NetnsView::is_answered() const {
  return std::all_of(interfaces_.begin(), interfaces_.end(), [](const Interface& interface) {
    return interface.excluded || interface.fresh;
  });
}

Error NetnsView::look_at_file(Host& host, int pid, const base::GlobFilter& filter) {
  // The number may be another process's by now.
  const auto inode = netns_of_process(host.proc, pid);
  if (!inode) return inode.error();
  if (*inode != inode_) return {ESTALE, "netns: changed"};
  std::array<char, 32> path{};
  std::snprintf(path.data(), path.size(), "%d/net/dev", pid);
  const auto text = base::read_once(host.proc.fd(), path.data(), host.buffer);
  if (!text) return text.error();
  // Whose veths they are is not known from here on: to be asked as soon as netlink can be.
  nsid_ = -1;
  Error error{};
  begin();
  for (NetDev lines(*text);;) {
    const auto line = lines.next();
    if (!line) error = line.error();
    if (!line || !*line) break;
    Interface& interface = named((*line)->name, filter);
    interface.counters = (*line)->counters;
    interface.host_index = 0;
    interface.fresh = true;
  }
  end(error.code == 0);
  return error;
}

bool NetnsView::mirror(HostLinks& links) {
  bool whole = true;
  for (Interface& interface : interfaces_) {
    if (interface.host_index == 0) continue;
    interface.fresh = false;
    HostLink* other_end = host_end(interface, links);
    if (!other_end) {
      whole = false;
      continue;
    }
    links.claim(*other_end);
    if (!links.is_fresh(*other_end)) continue;
    interface.counters.rx_bytes = other_end->counters.tx_bytes;
    interface.counters.rx_packets = other_end->counters.tx_packets;
    interface.counters.tx_bytes = other_end->counters.rx_bytes;
    interface.counters.tx_packets = other_end->counters.rx_packets;
    interface.fresh = true;
  }
  return whole;
}

bool NetnsView::is_mirrored(HostLinks& links) const {
  return std::all_of(interfaces_.begin(), interfaces_.end(), [&](const Interface& interface) {
    return interface.host_index == 0 || host_end(interface, links);
  });
}

void NetnsView::rest(HostLinks& links, std::uint64_t updates) const {
  for (const Interface& interface : interfaces_)
    if (HostLink* other_end = host_end(interface, links)) links.rest(*other_end, updates);
}

void NetnsView::wake(HostLinks& links) const {
  for (const Interface& interface : interfaces_)
    if (HostLink* other_end = host_end(interface, links)) links.wake(*other_end);
}

bool NetnsView::is_unmirrored() const {
  return std::any_of(interfaces_.begin(), interfaces_.end(), [](const Interface& interface) {
    return !interface.excluded && interface.host_index == 0;
  });
}

bool NetnsView::is_bare() const {
  return std::all_of(interfaces_.begin(), interfaces_.end(),
                     [](const Interface& interface) { return interface.stub; });
}

bool NetnsView::take_changed() {
  return std::exchange(changed_, false);
}

// Devices are listed in the same order again and again.
Interface& NetnsView::named(std::string_view name, const base::GlobFilter& filter) {
  for (std::size_t tried = 0; tried < interfaces_.size(); ++tried) {
    Interface& known = interfaces_[next_ < interfaces_.size() ? next_ : next_ = 0];
    ++next_;
    if (known.name != name) continue;
    known.seen = true;
    return known;
  }
  changed_ = true;
  Interface fresh;
  fresh.name = name;
  fresh.stub = is_stub(name);
  fresh.excluded = !filter.passes(name);
  fresh.seen = true;
  return interfaces_.emplace_back(std::move(fresh));
}

void NetnsView::begin() {
  next_ = 0;
  for (Interface& interface : interfaces_) interface.seen = interface.fresh = false;
}

// whole: what was not listed is gone. Else it may have been missed.
void NetnsView::end(bool whole) {
  if (!whole) return;
  looked_ = true;
  if (std::erase_if(interfaces_, [](const Interface& known) { return !known.seen; }) > 0)
    changed_ = true;
}

}  // namespace hostmeter::source::net
