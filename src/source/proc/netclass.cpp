// /sys/class/net: about 20 files for each interface, which hardly ever change. Some drivers sleep
// when asked for the speed, under a lock of all networking: threads of their own ask, and an
// interface that took longer than 10 ms rests for 100 times as long.
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
#include "source/proc/errands.hpp"
#include "source/proc/listing.hpp"
#include "source/proc/overdue.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::uint64_t kEveryTicks = 15;
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

enum Label { address, adminstate, broadcast, device, duplex, ifalias, operstate, labels };
using Labels = std::array<std::string, labels>;

AttributeDir open(const base::Dir& sys, const std::string& interface, base::Buffer& buffer) {
  std::array<char, 300> path{};
  std::snprintf(path.data(), path.size(), "class/net/%s", interface.c_str());
  return {sys.fd(), path.data(), buffer};
}

class InterfaceErrand final : public Errand {
 public:
  struct Answer {
    Facts<Netclass> facts;
    Labels labels;
    std::vector<Error> errors;
  };

  InterfaceErrand(std::shared_ptr<const base::Dir> sys, std::string_view name)
      : sys_(std::move(sys)), name_(name) {}

  const std::string& name() const { return name_; }
  // After it was taken back, until it is taken back again.
  // Whether the labels are other ones now.
  bool read_answer() {
    std::swap(answer_, fresh_);
    return answer_.labels != fresh_.labels;
  }
  const Answer& answer() const { return answer_; }

 protected:
  void run(base::Buffer& buffer) override {
    const AttributeDir files = open(*sys_, name_, buffer);
    Facts<Netclass>& facts = fresh_.facts;
    facts = {};
    fresh_.errors.clear();
    for (const auto& [field, file] : kNumbers) {
      const auto value = files.number(file);
      if (value)
        facts.set(field, *value);
      else
        fresh_.errors.push_back(value.error());
    }
    facts.set(Netclass::speed_bytes, speed(files));
    const auto flags = facts.get(Netclass::flags);
    Labels& values = fresh_.labels;
    files.copy("address", values[address]);
    values[adminstate] = !flags ? "" : (*flags & kUpFlag) != 0 ? "up" : "down";
    files.copy("broadcast", values[broadcast]);
    values[device] = name_;
    files.copy("duplex", values[duplex]);
    files.copy("ifalias", values[ifalias]);
    files.copy("operstate", values[operstate]);
    if (!values[operstate].empty()) facts.set(Netclass::up, values[operstate] == "up" ? 1 : 0);
  }

 private:
  // In Mbit/s; -1 when the driver does not know, as for a bridge.
  std::optional<std::uint64_t> speed(const AttributeDir& files) {
    const auto text = files.text("speed");
    if (!text || text->starts_with('-')) return {};
    const auto megabits = parse_attribute(*text);
    if (!megabits) {
      fresh_.errors.push_back(megabits.error());
      return {};
    }
    return scaled(*megabits, kBytesPerMegabit);
  }

  const std::shared_ptr<const base::Dir> sys_;
  const std::string name_;
  Answer answer_;
  Answer fresh_;  // of run() alone
};

class NetclassReader final : public Reader {
 public:
  NetclassReader(Host& host, const Options& options)
      : host_(host),
        filter_(options.interfaces),
        hidden_(options.hidden_interfaces),
        sys_(share(host.sys)),
        errands_(options.drivers ? options.drivers : errands_without_threads(*host.clock)),
        overdue_(host.instances, "netclass"),
        devices_(host.instances, kHost),
        infos_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    cadence_.begin(tick);
    if (cadence_.due() || newly_hidden()) list(out);
    errands_->tick(tick.monotonic_ns);
    const std::uint64_t now_ns = host_.clock->monotonic_ns();
    for (std::size_t i = 0; i < known_.size(); ++i) {
      const Interface& interface = known_[i];
      if (!interface.served || !(interface.fresh || cadence_.due(i))) continue;
      if (now_ns >= interface.rest_until_ns) errands_->send(interface.asked);
    }
    for (Interface& interface : known_) take(interface, tick, out);
    if (described_ || listed_ || tick.resend) send_infos(out);
    described_ = listed_ = false;
    show_overdue(out);
  }

 private:
  struct Interface {
    std::shared_ptr<InterfaceErrand> asked{};
    bool passes = false;   // the filter, and it is an interface: bonding_masters is none
    bool served = false;   // and it is not a container's
    bool fresh = true;     // not read yet
    bool answers = false;  // it has answered, and is not overdue
    bool seen = true;      // while listing
    std::uint64_t rest_until_ns = 0;
    Instance instance = 0;
    const std::string& name() const { return asked->name(); }
  };

  void take(Interface& interface, const Tick& tick, Output& out) {
    InterfaceErrand& asked = *interface.asked;
    const bool back = errands_->take_back(asked);
    const bool lost = interface.answers && errands_->is_overdue(asked);
    if (back) {
      described_ |= asked.read_answer() || !interface.answers;
      interface.fresh = false;
      interface.rest_until_ns = host_.clock->monotonic_ns() + rest_after(Errands::cost_ns(asked));
      for (const Error& error : asked.answer().errors) failed(error);
    }
    described_ |= lost;
    interface.answers = back || (interface.answers && !lost);
    if (!interface.served) return;
    if (lost) out.send(kHost, Facts<Netclass>{}, interface.instance);
    if (back || (tick.resend && interface.answers))
      out.send(kHost, asked.answer().facts, interface.instance);
  }

  void show_overdue(Output& out) {
    overdue_.begin();
    for (const Interface& interface : known_)
      if (interface.served && errands_->is_overdue(*interface.asked))
        overdue_.add(out, interface.name());
    overdue_.end(out);
  }

  // A container's end is often known only some ticks after its interface came.
  bool newly_hidden() const {
    return hidden_ && std::any_of(known_.begin(), known_.end(), [&](const Interface& interface) {
             return interface.served && hidden_->hides(interface.name());
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
      interface.served = interface.passes && !(hidden_ && hidden_->hides(interface.name()));
      if (!interface.served) continue;
      interface.instance = devices_.get(out, interface.name());
      if (!before) send_flags(interface, out);
      interface.fresh |= !before;
    }
    devices_.end(out);
    listed_ = true;
  }

  // No driver is asked for these: what is up, and what a loopback, is known from the start.
  void send_flags(const Interface& interface, Output& out) {
    Facts<Netclass> facts;
    const auto flags = open(*sys_, interface.name(), host_.buffer).number("flags");
    if (flags) facts.set(Netclass::flags, *flags);
    out.send(kHost, facts, interface.instance);
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
      if (interface.name() != name) continue;
      interface.seen = true;
      return;
    }
    if (known_.size() == kMostInterfaces) return failed({EFBIG, "netclass: interfaces"});
    Interface fresh{.asked = std::make_shared<InterfaceErrand>(sys_, name)};
    fresh.passes = filter_.passes(name) && bool(open(*sys_, fresh.name(), host_.buffer));
    known_.push_back(std::move(fresh));
  }

  void send_infos(Output& out) {
    Facts<NetworkInfo> one;
    one.set(NetworkInfo::info, 1);
    infos_.begin();
    for (const Interface& interface : known_) {
      if (!interface.served || !interface.answers) continue;
      std::array<std::string_view, labels> values;
      for (std::size_t i = 0; i < labels; ++i) values[i] = interface.asked->answer().labels[i];
      out.send(kHost, one, infos_.get_span(out, values.data(), values.size()));
    }
    infos_.end(out);
  }

  Host& host_;
  base::GlobFilter filter_;
  const HiddenInterfaces* hidden_;
  std::shared_ptr<const base::Dir> sys_;
  std::shared_ptr<Errands> errands_;
  Overdue overdue_;
  Cadence cadence_{kEveryTicks};
  InstanceSet devices_, infos_;
  std::vector<Interface> known_;
  std::size_t next_ = 0;
  bool listed_ = false, described_ = false, shows_host_ = false;
};

}  // namespace

extern const ReaderSpec netclass{"netclass",
                                 [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
                                   return std::make_unique<NetclassReader>(host, options);
                                 }};

}  // namespace hostmeter::source::proc
