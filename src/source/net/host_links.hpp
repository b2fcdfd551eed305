// The network devices of the host, their counters, and what became of them since the last tick.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "source/net/link.hpp"
#include "source/net/netlink_socket.hpp"
#include "source/net/options.hpp"
#include "source/proc/options.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::net {

struct HostLink {
  int index = 0;  // 0: not known, read from a file
  std::string name;
  bool veth = false;
  int peer = 0;        // ifindex of the other end of a veth
  int peer_nsid = -1;  // where that is; -1: here
  Counters counters;
  std::uint64_t first_update = 0;   // counts of HostLinks::update
  std::uint64_t last_update = 0;    // when counters were read
  std::uint64_t claimed_until = 0;  // a container says that it is its veth
  std::uint64_t rests_until = 0;    // before this update nobody needs its counters
};

// Shared by the readers of one thread: the first to ask in a tick reads. One RTM_GETSTATS dump
// brings the counters of all devices; where most of them rest, the others are asked one by one.
// Names are learnt once and follow the kernel's notifications.
// Where netlink cannot be had, /proc/net/dev, which knows neither peers nor indexes.
class HostLinks final : public proc::HiddenInterfaces {
 public:
  HostLinks(Host& host, const Options& options);

  // An error when even the file cannot be read: then there is no device.
  Error update(const Tick& tick);
  std::uint64_t updates() const { return updates_; }
  Mode mode() const { return mode_; }

  // Ascending by index.
  std::span<HostLink> links() { return links_; }
  HostLink* find(int index);
  // Whether a device has counters of this update.
  bool is_fresh(const HostLink& link) const { return link.last_update == updates_; }

  // A container says that this is its veth, in this update; and that it needs the counters so many
  // updates from now, and not before. Where it is shown among the host's they are read all the
  // same.
  void claim(HostLink& link) const { link.claimed_until = updates_; }
  void rest(HostLink& link, std::uint64_t updates);
  // It needs them now: read_woken brings them.
  void wake(HostLink& link);
  Error read_woken();

  // Changes whenever a device came, went, moved or was renamed.
  std::uint64_t generation() const { return generation_; }

  // Namespaces that are gone since the last update; lost_news: some may be missing here.
  std::span<const int> gone_nsids() const { return gone_nsids_; }
  bool lost_news() const { return lost_news_; }

  // The socket to ask about other namespaces with; nullptr when there is none.
  NetlinkSocket* netlink();

  // A veth that is claimed, or so young that its container may not have got it yet.
  bool hides(const HostLink& link) const;
  bool hides(std::string_view interface) const override;

 private:
  Error update_by_netlink();
  Error read_counters();
  Error dump_counters();
  Error ask_counters();
  void set_rest(HostLink& link, std::uint64_t until);
  void note_rests();
  void take_counters(const Message& message);
  void wait_to_retry(const Error& error);
  Error update_from_file();
  Error open();
  void hear();
  void hear(const Message& message);
  Error learn();
  void learn(const Link& link);
  void forget(int index);
  void forget_unseen();
  HostLink& by_name(std::string_view name);
  void sort_names();
  std::optional<std::uint32_t> position_of(std::string_view name) const;

  Host& host_;
  const bool show_container_veths_;
  NetlinkSocket socket_, listener_;
  std::vector<HostLink> links_;
  std::vector<std::uint32_t> names_;  // positions in links_, ascending by name
  std::vector<std::uint64_t> rests_;  // HostLink::rests_until, by position in links_
  std::vector<std::uint32_t> due_;    // positions in links_, those whose counters are asked for
  std::vector<int> gone_nsids_;
  std::size_t next_ = 0;  // where find looks first: devices are listed in the same order
  std::uint64_t tick_ = 0, updates_ = 0, generation_ = 0;
  std::uint64_t named_ = ~std::uint64_t{0}, rests_of_ = ~std::uint64_t{0};  // generations
  std::uint64_t retry_ = 0;      // the update at which to try netlink again
  std::uint64_t pause_ = 0;      // updates from the last failure to that
  std::uint64_t next_dump_ = 0;  // the update in which all are asked, whoever rests
  bool learnt_ = false, lost_news_ = false, unknown_ = false, damaged_ = false, woken_ = false;
  Error error_{};
  Mode mode_ = Mode::off;
};

}  // namespace hostmeter::source::net
