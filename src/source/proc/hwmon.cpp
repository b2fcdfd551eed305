// /sys/class/hwmon: temperatures, fans, voltages and power.
#include "source/proc/hwmon.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts/hwmon.hpp"
#include "source/proc/attribute.hpp"
#include "source/proc/listing.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

// Some chips are behind slow buses: asking takes the driver milliseconds, or seconds.
constexpr std::uint64_t kEveryTicks = 15;
constexpr std::uint64_t kSlowNs = 10'000'000;
constexpr std::uint64_t kRestPerCost = 100;  // a slow place rests so many times what it cost
constexpr std::size_t kMostSensors = 1024;
constexpr std::uint32_t kMostNumber = 9999;
constexpr double kMilli = 0.001, kMicro = 0.000001;

constexpr std::string_view kKindNames[] = {"temp", "fan", "in", "power"};

struct Property {
  std::string_view name;
  double scale = 1;
};

// The properties of each kind, in the order of its facts. An alarm is 0 or 1 whatever the sensor
// measures, but for the one that node_exporter serves in degrees.
constexpr std::size_t kMostProperties = 5;
constexpr std::array<Property, kMostProperties> kProperties[] = {
    {{{"input", kMilli}, {"max", kMilli}, {"crit", kMilli}, {"crit_alarm", kMilli}}},
    {{{"input"}, {"min"}, {"max"}, {"target"}, {"alarm"}}},
    {{{"input", kMilli}, {"min", kMilli}, {"max", kMilli}, {"alarm"}}},
    {{{"input", kMicro}, {"average", kMicro}}}};

}  // namespace

std::optional<SensorFile> parse_sensor_file(std::string_view name) {
  for (std::size_t kind = 0; kind < std::size(kKindNames); ++kind) {
    if (!name.starts_with(kKindNames[kind])) continue;
    Text rest(name.substr(kKindNames[kind].size()));
    const auto number = Text::to_number(rest.until('_'));
    if (!number || *number > kMostNumber || rest.empty()) return {};
    return SensorFile{SensorKind(kind), std::uint32_t(*number), rest.rest()};
  }
  return {};
}

std::string clean_hwmon_name(std::string_view raw) {
  std::string name;
  for (char c : raw) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    const bool stays = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':';
    name += stays ? c : '_';
  }
  const auto first = name.find_first_not_of('_');
  if (first == std::string::npos) return {};
  return name.substr(first, name.find_last_not_of('_') - first + 1);
}

std::string resolve_link(std::string_view base, std::string_view target) {
  std::string path(target.starts_with('/') ? std::string_view() : base);
  for (Text parts(target); !parts.empty();) {
    const std::string_view part = parts.until('/');
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      const auto slash = path.rfind('/');
      path.resize(slash == std::string::npos ? 0 : slash);
      continue;
    }
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

std::string chip_of_device(std::string_view device_path) {
  const auto slash = device_path.rfind('/');
  const std::string device = clean_hwmon_name(device_path.substr(slash + 1));
  if (slash == std::string_view::npos) return device;
  const std::string_view above = device_path.substr(0, slash);
  const std::string bus = clean_hwmon_name(above.substr(above.rfind('/') + 1));
  return bus.empty() || device.empty() ? device : bus + "_" + device;
}

namespace {

class HwmonReader final : public Reader {
 public:
  explicit HwmonReader(Host& host) : host_(host) {}

  // Asking may sleep in a driver, and the sampler with it: so at most one place is asked in a tick,
  // but for the first tick and one whose predecessor was lost.
  void read(const Tick& tick, Output& out) override {
    const bool first = ticks_++ == 0, all = first || tick.resend;
    if (all || ticks_ % kEveryTicks == 1) list(out);
    const std::uint64_t now_ns = host_.clock->monotonic_ns();
    if (!all) {
      if (Place* place = longest_due(now_ns)) read_place(*place, out);
      return;
    }
    for (Place& place : places_)
      if (now_ns >= place.rest_until_ns) read_place(place, out);
  }

 private:
  struct Chip {
    std::string entry;     // hwmon3
    std::string raw_name;  // as the driver says: another driver may take the same entry later
    std::string label{}, chip_name{};
    bool seen = true;
  };
  // Where in the machine chips are: those of one device share its label, and so their series.
  struct Place {
    explicit Place(InstanceIds& ids, std::string_view name)
        : label(name),
          sensors{{ids, kHost}, {ids, kHost}, {ids, kHost}, {ids, kHost}},
          names(ids, kHost),
          labels(ids, kHost) {}

    std::string label;
    InstanceSet sensors[4], names, labels;
    std::uint64_t due_tick = 0, rest_until_ns = 0;
  };
  struct Sensor {
    SensorKind kind{};
    std::uint32_t number = 0;
    std::string label;
    std::array<std::optional<double>, kMostProperties> values;
  };

  static std::string path_of(std::string_view entry) { return "class/hwmon/" + std::string(entry); }

  void list(Output& out) {
    for (Chip& chip : chips_) chip.seen = false;
    const auto listed =
        list_names(host_.sys.fd(), "class/hwmon", [this](std::string_view entry) { meet(entry); });
    if (!listed) failed(listed.error());
    std::erase_if(chips_, [](const Chip& chip) { return !chip.seen; });
    std::erase_if(places_, [&](Place& place) {
      const bool gone = std::none_of(chips_.begin(), chips_.end(),
                                     [&](const Chip& chip) { return chip.label == place.label; });
      if (gone) withdraw(place, out);
      return gone;
    });
    for (const Chip& chip : chips_) {
      const bool known = std::any_of(places_.begin(), places_.end(),
                                     [&](const Place& place) { return place.label == chip.label; });
      if (!known) places_.emplace_back(host_.instances, chip.label);
    }
  }

  static void begin(Place& place) {
    for (InstanceSet& set : place.sensors) set.begin();
    place.names.begin();
    place.labels.begin();
  }
  static void end(Place& place, Output& out) {
    for (InstanceSet& set : place.sensors) set.end(out);
    place.names.end(out);
    place.labels.end(out);
  }
  static void withdraw(Place& place, Output& out) {
    begin(place);
    end(place, out);
  }

  Place* longest_due(std::uint64_t now_ns) {
    Place* longest = nullptr;
    for (Place& place : places_) {
      if (place.due_tick > ticks_ || now_ns < place.rest_until_ns) continue;
      if (!longest || place.due_tick < longest->due_tick) longest = &place;
    }
    return longest;
  }

  void read_place(Place& place, Output& out) {
    const std::uint64_t began_ns = host_.clock->monotonic_ns();
    begin(place);
    for (const Chip& chip : chips_)
      if (chip.label == place.label) read_chip(chip, place, out);
    end(place, out);
    place.due_tick = ticks_ + kEveryTicks;
    const std::uint64_t ended_ns = host_.clock->monotonic_ns();
    const std::uint64_t cost_ns = ended_ns - began_ns;
    place.rest_until_ns = cost_ns > kSlowNs ? ended_ns + kRestPerCost * cost_ns : 0;
  }

  void meet(std::string_view entry) {
    const auto known = std::find_if(chips_.begin(), chips_.end(),
                                    [&](const Chip& chip) { return chip.entry == entry; });
    const bool fresh = known == chips_.end();
    if (fresh) chips_.push_back({.entry = std::string(entry), .raw_name = "\n"});
    Chip& chip = fresh ? chips_.back() : *known;
    chip.seen = true;
    std::array<char, 300> path{};
    std::snprintf(path.data(), path.size(), "class/hwmon/%s", chip.entry.c_str());
    AttributeDir(host_.sys.fd(), path.data(), host_.buffer).copy("name", text_);
    if (chip.raw_name == text_) return;
    chip.raw_name = text_;
    chip.chip_name = clean_hwmon_name(text_);
    chip.label = label_of(chip);
  }

  // The number in hwmon3 depends on the order drivers were loaded in; the place of the device in
  // the machine does not.
  std::string label_of(const Chip& chip) const {
    const std::string path = path_of(chip.entry);
    const auto place = host_.sys.link(path.c_str());
    const std::string real = place ? resolve_link("class/hwmon", *place) : path;
    if (const auto device = host_.sys.link((path + "/device").c_str())) {
      std::string label = chip_of_device(resolve_link(real, *device));
      if (!label.empty()) return label;
    }
    return chip.chip_name.empty() ? clean_hwmon_name(chip.entry) : chip.chip_name;
  }

  void read_chip(const Chip& chip, Place& place, Output& out) {
    std::array<char, 300> path{};
    std::snprintf(path.data(), path.size(), "class/hwmon/%s", chip.entry.c_str());
    count_ = 0;
    read_sensors(path.data());
    if (count_ == 0) {  // drivers of old have them one directory further
      std::snprintf(path.data(), path.size(), "class/hwmon/%s/device", chip.entry.c_str());
      read_sensors(path.data());
    }
    if (!chip.chip_name.empty()) {
      Facts<HwmonChip> one;
      one.set(HwmonChip::name, 1);
      out.send(kHost, one, place.names.get(out, chip.label, chip.chip_name));
    }
    for (std::size_t i = 0; i < count_; ++i) send_sensor(place, found_[i], out);
  }

  void read_sensors(const char* path) {
    const AttributeDir dir(host_.sys.fd(), path, host_.buffer);
    const auto listed = list_names(host_.sys.fd(), path, [&](std::string_view name) {
      const auto file = parse_sensor_file(name);
      if (!file) return;
      if (file->property == "label") {
        if (Sensor* sensor = find(*file)) dir.copy(name.data(), sensor->label);
        return;
      }
      const auto& wanted = kProperties[std::size_t(file->kind)];
      const auto* const property =
          std::find_if(wanted.begin(), wanted.end(),
                       [&](const Property& known) { return known.name == file->property; });
      if (property == wanted.end() || file->property.empty()) return;
      const auto value = read_value(dir, name.data());
      if (!value) return failed(value.error());
      if (Sensor* sensor = find(*file))
        sensor->values[std::size_t(property - wanted.begin())] = *value * property->scale;
    });
    if (!listed) failed(listed.error());
  }
  static Result<double> read_value(const AttributeDir& dir, const char* name) {
    const auto text = dir.text(name);
    if (!text) return text.error();
    return parse_signed_attribute(*text);
  }

  // Sensors live in a list that is used again for each chip, so that no tick allocates.
  Sensor* find(const SensorFile& file) {
    for (std::size_t i = 0; i < count_; ++i)
      if (found_[i].kind == file.kind && found_[i].number == file.number) return &found_[i];
    if (count_ == kMostSensors) {
      failed({EFBIG, "hwmon: sensors"});
      return nullptr;
    }
    if (count_ == found_.size()) found_.emplace_back();
    Sensor& sensor = found_[count_++];
    sensor.kind = file.kind;
    sensor.number = file.number;
    sensor.label.clear();
    sensor.values = {};
    return &sensor;
  }

  void send_sensor(Place& place, const Sensor& sensor, Output& out) {
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "%s%u", kKindNames[std::size_t(sensor.kind)].data(),
                  sensor.number);
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
  std::uint64_t ticks_ = 0;
  std::vector<Chip> chips_;
  std::vector<Place> places_;
  std::vector<Sensor> found_;
  std::size_t count_ = 0;
  std::string text_;
};

}  // namespace

extern const ReaderSpec hwmon{"hwmon", [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                return std::make_unique<HwmonReader>(host);
                              }};

}  // namespace hostmeter::source::proc
