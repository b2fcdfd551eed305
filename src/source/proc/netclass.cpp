// /sys/class/net: about 20 files for each interface, which hardly ever change. Some drivers sleep
// when asked for the speed, under a lock of all networking: an interface that took longer than
// 10 ms rests for 100 times as long.
#include "hostmeter/flow/facts/netclass.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "hostmeter/base/text.hpp"
#include "source/net/net_dev.hpp"
#include "source/proc/attribute.hpp"
#include "source/proc/cadence.hpp"
#include "source/proc/listing.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::uint64_t kEveryTicks = 15;
constexpr std::uint64_t kSlowNs = 10'000'000, kRestPerCost = 100;
constexpr std::size_t kMostInterfaces = 8192;
constexpr std::uint64_t kBytesPerMegabit = 1'000'000 / 8;
constexpr std::uint64_t kUpFlag = 1;  // IFF_UP

struct NumberFile {
  Netclass field;
  const char* file;
};
constexpr NumberFile kNumbers[] = {
    {Netclass::address_assign_type, "addr_assign_type"},
    {Netclass::carrier, "carrier"},
    {Netclass::carrier_changes, "carrier_changes"},
    {Netclass::carrier_up_changes, "carrier_up_count"},
    {Netclass::carrier_down_changes, "carrier_down_count"},
    {Netclass::device_id, "dev_id"},
    {Netclass::dormant, "dormant"},
    {Netclass::flags, "flags"},
    {Netclass::iface_id, "ifindex"},
    {Netclass::iface_link, "iflink"},
    {Netclass::iface_link_mode, "link_mode"},
    {Netclass::mtu_bytes, "mtu"},
    {Netclass::name_assign_type, "name_assign_type"},
    {Netclass::net_dev_group, "netdev_group"},
    {Netclass::protocol_type, "type"},
    {Netclass::transmit_queue_length, "tx_queue_len"},
};

class NetclassReader final : public Reader {
 public:
  NetclassReader(Host& host, const Options& options)
      : host_(host),
        filter_(options.interfaces),
        hidden_(options.hidden_interfaces),
        devices_(host.instances, kHost),
        infos_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    cadence_.begin(tick);
    if (cadence_.due() || newly_hidden()) list(out);
    bool described = false;
    for (std::size_t i = 0; i < known_.size(); ++i) {
      Interface& interface = known_[i];
      if (!interface.served || !(interface.fresh || cadence_.due(i))) continue;
      const std::uint64_t began_ns = host_.clock->monotonic_ns();
      if (began_ns < interface.rest_until_ns) continue;
      read_interface(interface, out);
      const std::uint64_t ended_ns = host_.clock->monotonic_ns(), cost_ns = ended_ns - began_ns;
      interface.rest_until_ns = cost_ns > kSlowNs ? ended_ns + kRestPerCost * cost_ns : 0;
      described |= interface.fresh || labels_ != interface.labels;
      if (labels_ != interface.labels) interface.labels = labels_;
      interface.fresh = false;
    }
    if (described || listed_ || tick.resend) send_infos(out);
    listed_ = false;
  }

 private:
  enum Label { address, adminstate, broadcast, device, duplex, ifalias, operstate, labels };
  using Labels = std::array<std::string, labels>;

  struct Interface {
    std::string name;
    bool passes = false;  // the filter, and it is an interface: bonding_masters is none
    bool served = false;  // and it is not a container's
    bool fresh = true;    // not read yet
    bool seen = true;     // while listing
    std::uint64_t rest_until_ns = 0;
    Instance instance = 0;
    Labels labels{};
  };

  // A container's end is often known only some ticks after its interface came.
  bool newly_hidden() const {
    return hidden_ && std::any_of(known_.begin(), known_.end(), [&](const Interface& interface) {
             return interface.served && hidden_->hides(interface.name);
           });
  }

  void list(Output& out) {
    for (Interface& interface : known_) interface.seen = false;
    next_ = 0;
    if (shows_host()) {
      const auto listed =
          list_names(host_.sys.fd(), "class/net", [this](std::string_view name) { meet(name); });
      if (!listed) failed(listed.error());
    }
    std::erase_if(known_, [](const Interface& interface) { return !interface.seen; });
    devices_.begin();
    for (Interface& interface : known_) {
      const bool before = interface.served;
      interface.served = interface.passes && !(hidden_ && hidden_->hides(interface.name));
      if (!interface.served) continue;
      interface.instance = devices_.get(out, interface.name);
      interface.fresh |= !before;
    }
    devices_.end(out);
    listed_ = true;
  }

  // A sysfs shows the network of whoever mounted it, for good. When the host's is not ours, it is
  // the host's if it has the same devices; one that came between the two looks only delays us.
  bool shows_host() {
    shows_host_ = shows_host_ || host_.net == "net" || has_devices_of_host();
    return shows_host_;
  }

  bool has_devices_of_host() {
    std::array<char, 64> path{};
    std::snprintf(path.data(), path.size(), "%s/dev", host_.net.c_str());
    const auto text = base::read_once(host_.proc.fd(), path.data(), host_.buffer);
    std::vector<std::string> devices, shown;
    for (net::NetDev lines(text ? *text : std::string_view());;) {
      const auto line = lines.next();
      if (!line || !*line) break;
      devices.emplace_back((*line)->name);
    }
    (void)list_names(host_.sys.fd(), "class/net", [&](std::string_view name) {
      const bool is_device = bool(host_.sys.link(("class/net/" + std::string(name)).c_str()));
      if (is_device) shown.emplace_back(name);
    });
    std::sort(devices.begin(), devices.end());
    std::sort(shown.begin(), shown.end());
    return !devices.empty() && devices == shown;
  }

  // Names come in the order of the last listing, but for those that came and went.
  void meet(std::string_view name) {
    for (std::size_t tried = 0; tried < known_.size(); ++tried) {
      Interface& interface = known_[next_ < known_.size() ? next_ : next_ = 0];
      ++next_;
      if (interface.name != name) continue;
      interface.seen = true;
      return;
    }
    if (known_.size() == kMostInterfaces) return failed({EFBIG, "netclass: interfaces"});
    Interface fresh{.name = std::string(name)};
    fresh.passes = filter_.passes(name) && bool(open(fresh));
    known_.push_back(std::move(fresh));
  }

  AttributeDir open(const Interface& interface) const {
    std::array<char, 300> path{};
    std::snprintf(path.data(), path.size(), "class/net/%s", interface.name.c_str());
    return {host_.sys.fd(), path.data(), host_.buffer};
  }

  void read_interface(const Interface& interface, Output& out) {
    const AttributeDir files = open(interface);
    Facts<Netclass> facts;
    for (const auto& [field, file] : kNumbers) {
      const auto value = files.number(file);
      if (value)
        facts.set(field, *value);
      else
        failed(value.error());
    }
    facts.set(Netclass::speed_bytes, speed(files));
    const auto flags = facts.get(Netclass::flags);
    files.copy("address", labels_[address]);
    labels_[adminstate] = !flags ? "" : (*flags & kUpFlag) != 0 ? "up" : "down";
    files.copy("broadcast", labels_[broadcast]);
    labels_[device] = interface.name;
    files.copy("duplex", labels_[duplex]);
    files.copy("ifalias", labels_[ifalias]);
    files.copy("operstate", labels_[operstate]);
    if (!labels_[operstate].empty()) facts.set(Netclass::up, labels_[operstate] == "up" ? 1 : 0);
    out.send(kHost, facts, interface.instance);
  }

  // In Mbit/s; -1 when the driver does not know, as for a bridge.
  std::optional<std::uint64_t> speed(const AttributeDir& files) {
    const auto text = files.text("speed");
    if (!text || text->starts_with('-')) return {};
    const auto megabits = parse_attribute(*text);
    if (!megabits) {
      failed(megabits.error());
      return {};
    }
    return scaled(*megabits, kBytesPerMegabit);
  }

  void send_infos(Output& out) {
    Facts<NetworkInfo> one;
    one.set(NetworkInfo::info, 1);
    infos_.begin();
    for (const Interface& interface : known_) {
      if (!interface.served) continue;
      std::array<std::string_view, labels> values;
      for (std::size_t i = 0; i < labels; ++i) values[i] = interface.labels[i];
      out.send(kHost, one, infos_.get_span(out, values.data(), values.size()));
    }
    infos_.end(out);
  }

  Host& host_;
  base::GlobFilter filter_;
  const HiddenInterfaces* hidden_;
  Cadence cadence_{kEveryTicks};
  InstanceSet devices_, infos_;
  std::vector<Interface> known_;
  std::size_t next_ = 0;
  Labels labels_;
  bool listed_ = false, shows_host_ = false;
};

}  // namespace

extern const ReaderSpec netclass{"netclass",
                                 [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
                                   return std::make_unique<NetclassReader>(host, options);
                                 }};

}  // namespace hostmeter::source::proc
