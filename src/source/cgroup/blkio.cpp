#include "source/cgroup/blkio.hpp"

#include <array>

#include "hostmeter/base/text.hpp"
#include "hostmeter/wire/blkio.h"

namespace hostmeter::source::cgroup {
namespace {

constexpr std::uint64_t kMinors = 1U << WIRE_DEV_MINOR_BITS, kMajors = 1U << 12;  // the kernel's

std::optional<std::uint32_t> device_number(std::string_view word) {
  Text parts(word);
  const auto major = Text::to_number(parts.until(':'));
  const auto minor = Text::to_number(parts.rest());
  if (!major || !minor || *major >= kMajors || *minor >= kMinors) return {};
  return std::uint32_t(*major << WIRE_DEV_MINOR_BITS | *minor);
}

DeviceIo& find_or_add(std::vector<DeviceIo>& devices, std::uint32_t dev) {
  for (DeviceIo& device : devices)
    if (device.dev == dev) return device;
  return devices.emplace_back(DeviceIo{dev, {}});
}

std::optional<CgroupBlkio> io_stat_field(std::string_view key) {
  struct Row {
    std::string_view key;
    CgroupBlkio field;
  };
  constexpr std::array<Row, 6> kRows{{{"rbytes", CgroupBlkio::read_bytes},
                                      {"wbytes", CgroupBlkio::write_bytes},
                                      {"rios", CgroupBlkio::read_ops},
                                      {"wios", CgroupBlkio::write_ops},
                                      {"dbytes", CgroupBlkio::discard_bytes},
                                      {"dios", CgroupBlkio::discard_ops}}};
  for (const Row& row : kRows)
    if (row.key == key) return row.field;
  return {};
}

std::optional<CgroupBlkio> blkio_field(std::string_view operation, Measure measure) {
  const bool bytes = measure == Measure::bytes;
  if (operation == "Read") return bytes ? CgroupBlkio::read_bytes : CgroupBlkio::read_ops;
  if (operation == "Write") return bytes ? CgroupBlkio::write_bytes : CgroupBlkio::write_ops;
  if (operation == "Discard") return bytes ? CgroupBlkio::discard_bytes : CgroupBlkio::discard_ops;
  if (operation == "Async") return bytes ? CgroupBlkio::async_bytes : CgroupBlkio::async_ops;
  return {};
}

}  // namespace

Result<std::size_t> parse_io_stat(std::string_view text, std::vector<DeviceIo>& devices) {
  if (!text.empty() && text.back() != '\n') return Error{EBADMSG, "io.stat: cut short"};
  Text lines(text);
  while (!lines.empty()) {
    DeviceIo* device = nullptr;
    // Some 5.x kernels leave out the newline after a device without figures.
    for (Text words = lines.line(); !words.empty();) {
      Text word(words.word());
      if (word.empty()) continue;
      const std::string_view key = word.until('=');
      if (const auto number = device_number(key)) {
        device = &find_or_add(devices, *number);
        continue;
      }
      if (!device) return Error{EBADMSG, "io.stat: device"};
      const auto field = io_stat_field(key);
      if (!field) continue;
      const auto value = Text::to_number(word.rest());
      if (!value) return Error{EBADMSG, "io.stat: value"};
      device->facts.set(*field, *value);
    }
  }
  return devices.size();
}

Result<std::size_t> parse_blkio(std::string_view text, Measure measure,
                                std::vector<DeviceIo>& devices) {
  if (!text.empty() && text.back() != '\n') return Error{EBADMSG, "blkio: cut short"};
  Text lines(text);
  while (!lines.empty()) {
    Text line = lines.line();
    const std::string_view head = line.word();
    if (head.empty() || head == "Total") continue;
    const auto number = device_number(head);
    if (!number) return Error{EBADMSG, "blkio: device"};
    const auto field = blkio_field(line.word(), measure);
    if (!field) continue;
    const auto value = line.number();
    if (!value) return Error{EBADMSG, "blkio: value"};
    find_or_add(devices, *number).facts.set(*field, *value);
  }
  return devices.size();
}

void BlkioReader::read(const Tick& tick, Output& out) {
  if (tick.number % DiskNames::kRefreshTicks == 0) names_.refresh();
  states_.for_each(inventory_, [&](const Cgroup& cgroup, State& state, bool first) {
    if (first) state.devices.emplace(host_.instances, cgroup.subject);
    const bool due = tick.resend || is_due(tick, cgroup, warm_every_);
    if (!state.look.take_turn(due, activity_.usage_ns(cgroup.subject))) return;
    found_.clear();
    if (const auto where = files_.where(Controller::blkio, cgroup)) {
      if (where->v2) {
        read_v2(cgroup, state, where->hierarchy);
      } else {
        read_v1(cgroup, state, where->hierarchy, Measure::bytes);
        read_v1(cgroup, state, where->hierarchy, Measure::operations);
      }
    }
    state.devices->begin();
    for (const DeviceIo& device : found_) {
      if (device.facts.empty()) continue;
      const Disk& disk = names_.find(device.dev);
      const Instance instance = state.devices->get(out, disk.path, disk.major, disk.minor);
      out.send(cgroup.subject, device.facts, instance);
    }
    state.devices->end(out);
  });
}

void BlkioReader::read_v2(const Cgroup& cgroup, State& state, std::size_t hierarchy) {
  const auto text = files_.read(state.stat, cgroup, hierarchy, "io.stat", state.look.busy());
  take(text ? parse_io_stat(*text, found_) : text.error());
}

// The second file is what kernels with CFQ (before 5.0) have beside the first, and BFQ's beside
// that is of no use: it counts only disks that BFQ schedules.
void BlkioReader::read_v1(const Cgroup& cgroup, State& state, std::size_t hierarchy,
                          Measure measure) {
  const bool bytes = measure == Measure::bytes;
  const bool keep = state.look.busy();
  auto text = files_.read(
      bytes ? state.bytes : state.operations, cgroup, hierarchy,
      bytes ? "blkio.throttle.io_service_bytes_recursive" : "blkio.throttle.io_serviced_recursive",
      keep);
  if (!text && is_gone(text.error()))
    text = files_.read(bytes ? state.old_bytes : state.old_operations, cgroup, hierarchy,
                       bytes ? "blkio.io_service_bytes_recursive" : "blkio.io_serviced_recursive",
                       keep);
  take(text ? parse_blkio(*text, measure, found_) : text.error());
}

// Half of a damaged file is worth nothing; a missing one takes nothing away from the other.
void BlkioReader::take(const Result<std::size_t>& parsed) {
  if (parsed) return;
  failed(parsed.error());
  if (!is_gone(parsed.error())) found_.clear();
}

}  // namespace hostmeter::source::cgroup
