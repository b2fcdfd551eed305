// /proc/diskstats, and what the disks are from sysfs and udev.
#include "source/proc/diskstats.hpp"

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "hostmeter/base/text.hpp"
#include "source/proc/attribute.hpp"
#include "source/proc/cadence.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::uint64_t kSector = 512, kNsPerMs = 1'000'000;
constexpr std::size_t kOldestFields = 11;
constexpr std::uint64_t kInfoTicks = 300;
constexpr std::size_t kMostDisks = 4096;

constexpr std::uint64_t unit_of(Diskstats field) {
  switch (field) {
    case Diskstats::read_bytes:
    case Diskstats::written_bytes:
      return kSector;
    case Diskstats::read_ns:
    case Diskstats::write_ns:
    case Diskstats::io_ns:
    case Diskstats::io_weighted_ns:
    case Diskstats::discard_ns:
    case Diskstats::flush_ns:
      return kNsPerMs;
    default:
      return 1;
  }
}

}  // namespace

Result<DiskLine> parse_diskstats_line(std::string_view line) {
  Text words(line);
  DiskLine disk;
  disk.major = words.word();
  disk.minor = words.word();
  disk.name = words.word();
  if (!Text::to_number(disk.major) || !Text::to_number(disk.minor) || disk.name.empty())
    return Error{EBADMSG, "diskstats: device"};
  std::size_t fields = 0;
  for (; fields < std::size_t(Diskstats::count); ++fields) {
    const std::string_view word = words.word();
    if (word.empty()) break;
    const auto raw = Text::to_number(word);
    if (!raw) return Error{EBADMSG, "diskstats: counter"};
    const auto field = Diskstats(fields);
    const auto value = scaled(*raw, unit_of(field));
    if (!value) return Error{ERANGE, "diskstats: counter"};
    disk.facts.set(field, *value);
  }
  if (fields != kOldestFields && fields != 15 && fields != std::size_t(Diskstats::count))
    return Error{EBADMSG, "diskstats: number of fields"};
  return disk;
}

std::string_view udev_property(std::string_view record, std::string_view key) {
  for (Text lines(record); !lines.empty();) {
    std::string_view line = lines.line().rest();
    if (!line.starts_with("E:")) continue;
    line.remove_prefix(2);
    if (line.starts_with(key) && line.substr(key.size()).starts_with('='))
      return Text::trim(line.substr(key.size() + 1));
  }
  return {};
}

namespace {

class DiskstatsReader final : public Reader {
 public:
  DiskstatsReader(Host& host, const Options& options)
      : host_(host),
        filter_(options.disks),
        disks_(host.instances, kHost),
        info_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    info_cadence_.begin(tick);
    changed_ = false;
    disks_.begin();
    const auto text = file_.read(host_.proc.fd(), host_.buffer);
    std::size_t row = 0;
    if (!text) {
      failed(text.error());
    } else {
      for (Text lines(*text); !lines.empty();) read_line(lines.line().rest(), row, out);
    }
    changed_ |= row != known_.size();
    known_.resize(row);
    disks_.end(out);
    if (changed_ || info_cadence_.due()) read_info(out);
  }

 private:
  // A row of the file. Its place is kept: the filter is asked once, not at every tick.
  struct Known {
    std::string name, major, minor;
    bool served = false;
  };
  enum Label { device, major, minor, model, path, revision, rotational, serial, wwn, labels };

  void read_line(std::string_view line, std::size_t& row, Output& out) {
    if (line.empty()) return;
    const auto disk = parse_diskstats_line(line);
    if (!disk) return failed(disk.error());
    if (row == kMostDisks) return failed({EFBIG, "diskstats: devices"});
    if (row == known_.size()) known_.emplace_back();
    Known& known = known_[row++];
    if (known.name != disk->name || known.major != disk->major || known.minor != disk->minor) {
      known = {std::string(disk->name), std::string(disk->major), std::string(disk->minor),
               filter_.passes(disk->name)};
      changed_ = true;
    }
    if (known.served) out.send(kHost, disk->facts, disks_.get(out, disk->name));
  }

  void read_info(Output& out) {
    Facts<DiskInfo> one;
    one.set(DiskInfo::info, 1);
    info_.begin();
    for (const Known& known : known_) {
      if (!known.served) continue;
      describe(known);
      std::array<std::string_view, labels> values;
      for (std::size_t i = 0; i < labels; ++i) values[i] = labels_[i];
      out.send(kHost, one, info_.get_span(out, values.data(), values.size()));
    }
    info_.end(out);
  }

  // udev knows the most; where it does not run (in a container, on a small host) sysfs has some.
  void describe(const Known& known) {
    for (std::string& label : labels_) label.clear();
    labels_[device] = known.name;
    labels_[major] = known.major;
    labels_[minor] = known.minor;
    std::array<char, 320> file{};
    std::snprintf(file.data(), file.size(), "run/udev/data/b%s:%s", known.major.c_str(),
                  known.minor.c_str());
    if (const auto record = base::read_once(host_.root.fd(), file.data(), host_.buffer)) {
      labels_[model] = udev_property(*record, "ID_MODEL");
      labels_[path] = udev_property(*record, "ID_PATH");
      labels_[revision] = udev_property(*record, "ID_REVISION");
      labels_[serial] = udev_property(*record, "SCSI_IDENT_SERIAL");
      if (labels_[serial].empty()) labels_[serial] = udev_property(*record, "ID_SERIAL_SHORT");
      labels_[wwn] = udev_property(*record, "ID_WWN");
    }
    // sysfs writes the slash of "cciss/c0d0" as an exclamation mark.
    std::snprintf(file.data(), file.size(), "block/%s", known.name.c_str());
    for (char* c = file.data() + 6; *c != '\0'; ++c)
      if (*c == '/') *c = '!';
    const AttributeDir block(host_.sys.fd(), file.data(), host_.buffer);
    if (!block) return;
    block.copy("queue/rotational", labels_[rotational]);
    fill(block, model, {"device/model"});
    fill(block, revision, {"device/rev", "device/firmware_rev"});
    fill(block, serial, {"device/serial", "serial"});
    fill(block, wwn, {"device/wwid", "wwid"});
  }
  void fill(const AttributeDir& block, Label label, std::initializer_list<const char*> files) {
    for (const char* file : files)
      if (labels_[label].empty()) block.copy(file, labels_[label]);
  }

  Host& host_;
  base::GlobFilter filter_;
  base::KeptFile file_{"diskstats"};
  Cadence info_cadence_{kInfoTicks};
  InstanceSet disks_, info_;
  std::vector<Known> known_;
  std::array<std::string, labels> labels_;
  bool changed_ = false;
};

}  // namespace

extern const ReaderSpec diskstats{
    "diskstats", [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
      return std::make_unique<DiskstatsReader>(host, options);
    }};

}  // namespace hostmeter::source::proc
