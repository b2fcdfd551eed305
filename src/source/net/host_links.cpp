// The network devices of the host.
#include "source/net/host_links.hpp"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "source/net/net_dev.hpp"

namespace hostmeter::source::net {
namespace {

constexpr std::uint64_t kSettleUpdates =
    6;  // how long a new veth waits for its container's reader to look
constexpr std::uint64_t kRetryUpdates = 60;  // how long netlink is left alone at most
constexpr std::uint64_t kDumpUpdates = 300;  // from one dump to the next, at most
constexpr std::size_t kDumpsInAsking = 3;    // what asking a device costs, in a dump's share of it
constexpr unsigned kMostNotices = 4096;      // in one update; the rest counts as lost

bool same_but_counters(const HostLink& known, const Link& link) {
  return known.name == link.name && known.veth == (link.kind == "veth") &&
         known.peer == link.peer && known.peer_nsid == link.peer_nsid.value_or(-1);
}

// What will be the same at the next tick.
bool is_refusal(const Error& error) {
  return error.code == EPERM || error.code == EACCES || error.code == EOPNOTSUPP ||
         error.code == EAFNOSUPPORT || error.code == EPROTONOSUPPORT;
}

}  // namespace

HostLinks::HostLinks(Host& host, const Options& options)
    : host_(host), show_container_veths_(options.show_container_veths) {}

Error HostLinks::update(const Tick& tick) {
  if (tick.number == tick_) return error_;
  tick_ = tick.number;
  ++updates_;
  gone_nsids_.clear();
  lost_news_ = false;
  Error error{EOPNOTSUPP, "netlink"};
  if (host_.live && updates_ >= retry_) {
    error = update_by_netlink();
    wait_to_retry(error);
  }
  mode_ = error.code == 0 ? Mode::walk : Mode::file;
  if (error.code != 0) {
    lost_news_ = true;
    error = update_from_file();
  }
  if (error.code != 0) mode_ = Mode::off;
  if (named_ != generation_) sort_names();
  return error_ = error;
}

// One failure may be a moment's; one that goes on is not asked for at every tick, as asking waits.
void HostLinks::wait_to_retry(const Error& error) {
  if (error.code == 0) pause_ = 0;
  if (error.code == 0) return;
  const std::uint64_t longer = pause_ == 0 ? 1 : std::min(2 * pause_, kRetryUpdates);
  pause_ = is_refusal(error) ? kRetryUpdates : longer;
  retry_ = updates_ + pause_;
}

NetlinkSocket* HostLinks::netlink() {
  return mode_ == Mode::walk && socket_ ? &socket_ : nullptr;
}

HostLink* HostLinks::find(int index) {
  if (next_ < links_.size() && links_[next_].index == index) return &links_[next_++];
  const auto at =
      std::lower_bound(links_.begin(), links_.end(), index,
                       [](const HostLink& link, int wanted) { return link.index < wanted; });
  if (at == links_.end() || at->index != index) return nullptr;
  next_ = std::size_t(at - links_.begin()) + 1;
  return &*at;
}

bool HostLinks::hides(const HostLink& link) const {
  if (show_container_veths_) return false;
  // The claim is of the last update while this one's containers have not been read yet.
  if (link.claimed_until != 0 && link.claimed_until + 1 >= updates_) return true;
  return link.veth && link.first_update > 1 && updates_ < link.first_update + kSettleUpdates;
}

bool HostLinks::hides(std::string_view interface) const {
  const auto position = position_of(interface);
  return position && hides(links_[*position]);
}

// Only while names_ is up to date.
std::optional<std::uint32_t> HostLinks::position_of(std::string_view name) const {
  const auto at = std::lower_bound(names_.begin(), names_.end(), name,
                                   [this](std::uint32_t position, std::string_view wanted) {
                                     return links_[position].name < wanted;
                                   });
  if (at == names_.end() || links_[*at].name != name) return {};
  return *at;
}

Error HostLinks::open() {
  if (!socket_) {
    auto socket = NetlinkSocket::open(host_);
    if (!socket) return socket.error();
    socket_ = std::move(*socket);
  }
  if (!listener_) {
    auto listener = NetlinkSocket::open_listener(host_);
    if (!listener) return listener.error();
    listener_ = std::move(*listener);
    lost_news_ = true;
  }
  return {};
}

Error HostLinks::update_by_netlink() {
  if (const Error error = open(); error.code != 0) return error;
  hear();
  if (!learnt_ || lost_news_)
    if (const Error error = learn(); error.code != 0) return error;

  if (const Error error = read_counters(); error.code != 0) return error;
  // Counters of a device whose index was given to another meanwhile are forgotten here.
  hear();
  learnt_ = learnt_ && !lost_news_;
  return {};
}

// Those that neither rest nor have been read.
Error HostLinks::read_counters() {
  woken_ = false;
  due_.clear();
  if (rests_of_ != generation_) note_rests();
  for (std::size_t i = 0; i < links_.size(); ++i)
    if (updates_ >= rests_[i] && !is_fresh(links_[i])) due_.push_back(std::uint32_t(i));
  const bool all = updates_ >= next_dump_ || due_.size() * kDumpsInAsking > links_.size();
  return all ? dump_counters() : ask_counters();
}

Error HostLinks::dump_counters() {
  if_stats_msg header{};
  header.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
  Request request(RTM_GETSTATS, NLM_F_DUMP, header);
  const bool unknown_before = std::exchange(unknown_, false);
  damaged_ = false;
  next_ = 0;
  const auto listed =
      socket_.dump(request, [this](const Message& message) { take_counters(message); });
  if (!listed) return listed.error();
  if (damaged_) return {EBADMSG, "link stats"};
  // One that came after the last notification will be heard of. If not, the table is read again.
  learnt_ = learnt_ && !(unknown_ && unknown_before);
  next_dump_ = unknown_ ? 0 : updates_ + kDumpUpdates;
  if (!listed->interrupted) forget_unseen();
  return {};
}

// One that gives no answer is gone or was refused: the next dump says which.
Error HostLinks::ask_counters() {
  constexpr std::size_t kMostBytes = 1024;  // of an answer
  damaged_ = false;
  const Error error = socket_.ask_each<kMostBytes>(
      due_.size(),
      [this](std::size_t i) {
        if_stats_msg header{};
        header.ifindex = std::uint32_t(links_[due_[i]].index);
        header.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
        return Request(RTM_GETSTATS, 0, header);
      },
      [this](std::size_t, const Message& message) { take_counters(message); });
  if (error.code != 0) return error;
  if (damaged_) return {EBADMSG, "link stats"};
  for (const std::uint32_t position : due_)
    if (!is_fresh(links_[position])) next_dump_ = 0;
  return {};
}

void HostLinks::take_counters(const Message& message) {
  const auto stats = parse_link_stats(message.payload);
  damaged_ |= !stats;
  if (!stats) return;
  HostLink* link = find(stats->index);
  unknown_ |= !link;
  if (!link) return;
  link->counters = stats->counters;
  link->last_update = updates_;
}

void HostLinks::rest(HostLink& link, std::uint64_t updates) {
  link.claimed_until = updates_ + updates;
  if (!show_container_veths_) set_rest(link, updates_ + updates);
}

void HostLinks::wake(HostLink& link) {
  set_rest(link, 0);
  link.claimed_until = std::min(link.claimed_until, updates_);
  woken_ |= !is_fresh(link);
}

void HostLinks::set_rest(HostLink& link, std::uint64_t until) {
  link.rests_until = until;
  if (rests_of_ == generation_) rests_[std::size_t(&link - links_.data())] = until;
}

void HostLinks::note_rests() {
  rests_of_ = generation_;
  rests_.resize(links_.size());
  std::ranges::transform(links_, rests_.begin(), &HostLink::rests_until);
}

Error HostLinks::read_woken() {
  if (!woken_ || !netlink()) return {};
  const Error error = read_counters();
  wait_to_retry(error);
  if (named_ != generation_) sort_names();
  return error;
}

void HostLinks::hear() {
  for (unsigned i = 0; i < kMostNotices; ++i) {
    const auto datagram = listener_.heard();
    lost_news_ |= !datagram;
    if (!datagram && !listener_) return;
    if (!datagram) continue;
    if (datagram->empty()) return;
    Messages messages(*datagram);
    while (const auto message = messages.next()) hear(*message);
    lost_news_ |= messages.damaged();
  }
  lost_news_ = true;
}

void HostLinks::hear(const Message& message) {
  if (message.type == RTM_DELNSID) {
    const auto nsid = parse_nsid(message.payload);
    if (nsid)
      gone_nsids_.push_back(*nsid);
    else
      lost_news_ = true;
  }
  if (message.type != RTM_NEWLINK && message.type != RTM_DELLINK) return;
  const auto link = parse_link(message.payload);
  if (!link) {
    lost_news_ = true;
    return;
  }
  if (link->bridge_port) return;
  if (message.type == RTM_DELLINK)
    forget(link->index);
  else
    learn(*link);
}

Error HostLinks::learn() {
  ifinfomsg header{};
  Request request(RTM_GETLINK, NLM_F_DUMP, header);
  request.add(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  bool damaged = false;
  const auto listed = socket_.dump(request, [&](const Message& message) {
    const auto link = parse_link(message.payload);
    damaged |= !link;
    if (link) learn(*link);
  });
  if (!listed) return listed.error();
  if (damaged) return {EBADMSG, "links"};
  learnt_ = !listed->interrupted;
  return {};
}

void HostLinks::learn(const Link& link) {
  HostLink* known = find(link.index);
  if (known && same_but_counters(*known, link)) return;
  ++generation_;
  if (!known) {
    const auto at =
        std::lower_bound(links_.begin(), links_.end(), link.index,
                         [](const HostLink& other, int wanted) { return other.index < wanted; });
    known = &*links_.insert(at, HostLink{});
    known->first_update = updates_;
  }
  const int peer_nsid = link.peer_nsid.value_or(-1);
  if (known->peer_nsid != peer_nsid) {
    // It is another container's now, and nobody's until that says so.
    known->first_update = updates_;
    known->claimed_until = known->rests_until = 0;
  }
  known->index = link.index;
  known->name = link.name;
  known->veth = link.kind == "veth";
  known->peer = link.peer;
  known->peer_nsid = peer_nsid;
}

void HostLinks::forget(int index) {
  const HostLink* known = find(index);
  if (!known) return;
  links_.erase(links_.begin() + (known - links_.data()));
  ++generation_;
}

void HostLinks::forget_unseen() {
  const auto gone =
      std::erase_if(links_, [this](const HostLink& link) { return link.last_update != updates_; });
  if (gone > 0) ++generation_;
}

Error HostLinks::update_from_file() {
  learnt_ = false;
  next_dump_ = 0;
  listener_ = {};  // or it would fill up unheard
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "%s/dev", host_.net.c_str());
  const auto text = base::read_once(host_.proc.fd(), path.data(), host_.buffer);
  Error error{};
  if (!text) error = text.error();
  for (NetDev lines(text ? *text : std::string_view()); error.code == 0;) {
    const auto line = lines.next();
    if (!line) error = line.error();
    if (!line || !*line) break;
    HostLink& link = by_name((*line)->name);
    link.counters = (*line)->counters;
    link.last_update = updates_;
    // Nobody can claim what only netlink tells: a claim stands until that can be asked again.
    if (link.claimed_until != 0 && link.claimed_until + 1 >= updates_)
      link.claimed_until = std::max(link.claimed_until, updates_);
  }
  if (error.code != 0) links_.clear(), ++generation_;  // none of a damaged file is taken
  forget_unseen();
  return error;
}

HostLink& HostLinks::by_name(std::string_view name) {
  if (named_ == generation_) {
    if (const auto position = position_of(name)) return links_[*position];
  } else {
    for (HostLink& link : links_)
      if (link.name == name) return link;
  }
  ++generation_;
  HostLink fresh;
  fresh.name = name;
  fresh.first_update = updates_;
  // What has no index is before all that have one.
  return *links_.insert(links_.begin(), std::move(fresh));
}

void HostLinks::sort_names() {
  named_ = generation_;
  names_.resize(links_.size());
  for (std::size_t i = 0; i < names_.size(); ++i) names_[i] = std::uint32_t(i);
  std::sort(names_.begin(), names_.end(), [this](std::uint32_t left, std::uint32_t right) {
    return links_[left].name < links_[right].name;
  });
}

}  // namespace hostmeter::source::net
