#include "source/proc/hwmon_chip.hpp"

#include <algorithm>
#include <cstdio>

#include "hostmeter/base/text.hpp"
#include "source/proc/listing.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::size_t kMostSensors = 1024;
constexpr std::uint32_t kMostNumber = 9999;
constexpr double kMilli = 0.001, kMicro = 0.000001;

constexpr std::string_view kKindNames[] = {"temp", "fan", "in", "power", "freq", "intrusion"};

struct Property {
  std::string_view name;
  double scale = 1;
};

// The properties of each kind, in the order of its facts. An alarm is 0 or 1 whatever the sensor
// measures, but for the one that node_exporter serves in degrees.
constexpr std::array<Property, Sensor::kMostProperties> kProperties[] = {
    {{{"input", kMilli}, {"max", kMilli}, {"crit", kMilli}, {"crit_alarm", kMilli}}},
    {{{"input"},
      {"min"},
      {"max"},
      {"target"},
      {"alarm"},
      {"beep"},
      {"manual"},
      {"output"},
      {"pulses"},
      {"tolerance"}}},
    {{{"input", kMilli}, {"min", kMilli}, {"max", kMilli}, {"alarm"}, {"beep"}}},
    {{{"input", kMicro}, {"average", kMicro}}},
    {{{"input", kMicro}}},
    {{{"alarm"}, {"beep"}}}};

Result<double> read_value(const AttributeDir& dir, const char* name) {
  const auto text = dir.text(name);
  if (!text) return text.error();
  return parse_signed_attribute(*text);
}

}  // namespace

std::string_view name_of(SensorKind kind) {
  return kKindNames[std::size_t(kind)];
}

std::optional<SensorFile> parse_sensor_file(std::string_view name) {
  for (std::size_t kind = 0; kind < std::size(kKindNames); ++kind) {
    if (!name.starts_with(kKindNames[kind])) continue;
    Text rest(name.substr(kKindNames[kind].size()));
    const auto number = Text::to_number(rest.until('_'));
    if (!number || *number > kMostNumber || rest.empty()) continue;  // "in" begins "intrusion" too
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
  std::string device = clean_hwmon_name(device_path.substr(slash + 1));
  if (slash == std::string_view::npos) return device;
  const std::string_view above = device_path.substr(0, slash);
  const std::string bus = clean_hwmon_name(above.substr(above.rfind('/') + 1));
  return bus.empty() || device.empty() ? device : bus + "_" + device;
}

void ChipErrand::run(base::Buffer& buffer) {
  fresh_.count = 0;
  fresh_.errors.clear();
  std::array<char, 300> path{};
  std::snprintf(path.data(), path.size(), "class/hwmon/%s", entry_.c_str());
  AttributeDir(sys_->fd(), path.data(), buffer).copy("name", text_);
  if (raw_name_ != text_) {
    raw_name_ = text_;
    name_ = clean_hwmon_name(text_);
    place_ = place();
  }
  fresh_.name = name_;
  fresh_.place = place_;
  read_sensors(path.data(), buffer);
  if (fresh_.count > 0) return;
  // Drivers of old have them one directory further.
  std::snprintf(path.data(), path.size(), "class/hwmon/%s/device", entry_.c_str());
  read_sensors(path.data(), buffer);
}

// The number in hwmon3 depends on the order drivers were loaded in; the place of the device in the
// machine does not.
std::string ChipErrand::place() const {
  const std::string path = "class/hwmon/" + entry_;
  const auto link = sys_->link(path.c_str());
  const std::string real = link ? resolve_link("class/hwmon", *link) : path;
  if (const auto device = sys_->link((path + "/device").c_str())) {
    std::string name = chip_of_device(resolve_link(real, *device));
    if (!name.empty()) return name;
  }
  return name_.empty() ? clean_hwmon_name(entry_) : name_;
}

void ChipErrand::read_sensors(const char* path, base::Buffer& buffer) {
  const AttributeDir dir(sys_->fd(), path, buffer);
  const auto listed = list_names(sys_->fd(), path, [&](std::string_view name) {
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
    if (!value)
      fresh_.errors.push_back(value.error());
    else if (Sensor* sensor = find(*file))
      sensor->values[std::size_t(property - wanted.begin())] = *value * property->scale;
  });
  if (!listed) fresh_.errors.push_back(listed.error());
}

Sensor* ChipErrand::find(const SensorFile& file) {
  for (std::size_t i = 0; i < fresh_.count; ++i) {
    Sensor& known = fresh_.sensors[i];
    if (known.kind == file.kind && known.number == file.number) return &known;
  }
  if (fresh_.count == kMostSensors) {
    fresh_.errors.push_back({EFBIG, "hwmon: sensors"});
    return nullptr;
  }
  if (fresh_.count == fresh_.sensors.size()) fresh_.sensors.emplace_back();
  Sensor& sensor = fresh_.sensors[fresh_.count++];
  sensor.kind = file.kind;
  sensor.number = file.number;
  sensor.label.clear();
  sensor.values = {};
  return &sensor;
}

}  // namespace hostmeter::source::proc
