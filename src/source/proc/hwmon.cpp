// /sys/class/hwmon: temperatures, fans, voltages and power. Chips are asked by threads of their
// own, one chip sent in a tick, each every 15 ticks; one that took longer than 10 ms rests for 100
// times as long.
#include "hostmeter/flow/facts/hwmon.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "source/proc/hwmon_chip.hpp"
#include "source/proc/listing.hpp"
#include "source/proc/overdue.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::uint64_t kEveryTicks = 15;
constexpr std::size_t kKinds = std::size_t(SensorKind::count);

class HwmonReader final : public Reader {
 public:
  HwmonReader(Host& host, const Options& options)
      : host_(host),
        sys_(share(host.sys)),
        errands_(options.sensors ? options.sensors : errands_without_threads(*host.clock)),
        overdue_(host.instances, "hwmon") {}

  void read(const Tick& tick, Output& out) override {
    const bool first = ticks_++ == 0, all = first || tick.resend;
    if (all || ticks_ % kEveryTicks == 1) list();
    errands_->tick(tick.monotonic_ns);
    const std::uint64_t now_ns = host_.clock->monotonic_ns();
    if (!all) {
      if (Chip* chip = longest_due(now_ns)) send(*chip);
    } else {
      for (Chip& chip : chips_)
        if (now_ns >= chip.rest_until_ns) send(chip);
    }
    for (Chip& chip : chips_) take(chip);
    if (tick.resend)
      for (Place& place : places_) place.changed = true;
    send_changed(out);
    show_overdue(out);
  }

 private:
  struct Chip {
    std::shared_ptr<ChipErrand> asked;
    bool seen = true;
    bool answers = false;  // it has answered, and is not overdue
    std::uint64_t due_tick = 0, rest_until_ns = 0;
  };
  // Chips of one device share its label, and so their series.
  struct Place {
    explicit Place(InstanceIds& ids, std::string_view name)
        : label(name),
          sensors(kKinds, InstanceSet(ids, kHost)),
          names(ids, kHost),
          labels(ids, kHost) {}

    std::string label;
    std::vector<InstanceSet> sensors;  // by kind
    InstanceSet names, labels;
    bool changed = true;
  };

  void list() {
    for (Chip& chip : chips_) chip.seen = false;
    const auto listed =
        list_names(host_.sys.fd(), "class/hwmon", [this](std::string_view entry) { meet(entry); });
    if (!listed) failed(listed.error());
    for (Chip& chip : chips_)
      if (!chip.seen) set_answers(chip, false);
    std::erase_if(chips_, [](const Chip& chip) { return !chip.seen; });
  }

  void meet(std::string_view entry) {
    const auto known = std::find_if(chips_.begin(), chips_.end(),
                                    [&](const Chip& chip) { return chip.asked->entry() == entry; });
    if (known == chips_.end())
      chips_.push_back({.asked = std::make_shared<ChipErrand>(sys_, entry)});
    else
      known->seen = true;
  }

  Chip* longest_due(std::uint64_t now_ns) {
    Chip* longest = nullptr;
    for (Chip& chip : chips_) {
      if (chip.due_tick > ticks_ || now_ns < chip.rest_until_ns) continue;
      if (!longest || chip.due_tick < longest->due_tick) longest = &chip;
    }
    return longest;
  }

  void send(Chip& chip) {
    chip.due_tick = ticks_ + kEveryTicks;
    errands_->send(chip.asked);
  }

  void take(Chip& chip) {
    if (!errands_->take_back(*chip.asked)) {
      if (errands_->is_overdue(*chip.asked)) set_answers(chip, false);
      return;
    }
    set_answers(chip, false);  // of the place it had before
    chip.asked->read_answer();
    for (const Error& error : chip.asked->answer().errors) failed(error);
    chip.rest_until_ns = host_.clock->monotonic_ns() + rest_after(Errands::cost_ns(*chip.asked));
    set_answers(chip, true);
  }

  void set_answers(Chip& chip, bool answers) {
    if (!chip.answers && !answers) return;
    chip.answers = answers;
    place_of(chip).changed = true;
  }

  Place& place_of(const Chip& chip) {
    const std::string& label = chip.asked->answer().place;
    for (Place& place : places_)
      if (place.label == label) return place;
    return places_.emplace_back(host_.instances, label);
  }

  void send_changed(Output& out) {
    std::erase_if(places_, [&](Place& place) {
      if (!std::exchange(place.changed, false)) return false;
      bool used = false;
      for (InstanceSet& set : place.sensors) set.begin();
      place.names.begin();
      place.labels.begin();
      for (const Chip& chip : chips_) {
        if (!chip.answers || chip.asked->answer().place != place.label) continue;
        send_chip(chip.asked->answer(), place, out);
        used = true;
      }
      for (InstanceSet& set : place.sensors) set.end(out);
      place.names.end(out);
      place.labels.end(out);
      return !used;
    });
  }

  void show_overdue(Output& out) {
    overdue_.begin();
    for (const Chip& chip : chips_)
      if (errands_->is_overdue(*chip.asked)) overdue_.add(out, chip.asked->entry());
    overdue_.end(out);
  }

  void send_chip(const ChipErrand::Answer& answer, Place& place, Output& out) {
    if (!answer.name.empty()) {
      Facts<HwmonChip> one;
      one.set(HwmonChip::name, 1);
      out.send(kHost, one, place.names.get(out, place.label, answer.name));
    }
    for (std::size_t i = 0; i < answer.count; ++i) send_sensor(place, answer.sensors[i], out);
  }

  void send_sensor(Place& place, const Sensor& sensor, Output& out) {
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "%s%u", name_of(sensor.kind).data(), sensor.number);
    switch (sensor.kind) {
      case SensorKind::temp:
        send_values<HwmonTemp>(place, name.data(), sensor, out);
        break;
      case SensorKind::fan:
        send_values<HwmonFan>(place, name.data(), sensor, out);
        break;
      case SensorKind::in:
        send_values<HwmonIn>(place, name.data(), sensor, out);
        break;
      case SensorKind::power:
        send_values<HwmonPower>(place, name.data(), sensor, out);
        break;
      case SensorKind::freq:
        send_values<HwmonFreq>(place, name.data(), sensor, out);
        break;
      case SensorKind::intrusion:
        send_values<HwmonIntrusion>(place, name.data(), sensor, out);
        break;
      case SensorKind::count:
        return;
    }
    if (sensor.label.empty()) return;
    Facts<HwmonLabel> one;
    one.set(HwmonLabel::label, 1);
    out.send(kHost, one, place.labels.get(out, place.label, sensor.label, name.data()));
  }
  template <class Field>
  void send_values(Place& place, const char* name, const Sensor& sensor, Output& out) {
    Facts<Field> facts;
    for (std::size_t i = 0; i < Facts<Field>::kFields; ++i)
      facts.set_real(Field(i), sensor.values[i]);
    if (facts.empty()) return;
    out.send(kHost, facts, place.sensors[std::size_t(sensor.kind)].get(out, place.label, name));
  }

  Host& host_;
  std::shared_ptr<const base::Dir> sys_;
  std::shared_ptr<Errands> errands_;
  Overdue overdue_;
  std::uint64_t ticks_ = 0;
  std::vector<Chip> chips_;
  std::vector<Place> places_;
};

}  // namespace

extern const ReaderSpec hwmon{"hwmon",
                              [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
                                return std::make_unique<HwmonReader>(host, options);
                              }};

}  // namespace hostmeter::source::proc
