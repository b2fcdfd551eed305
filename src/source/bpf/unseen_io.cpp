#include "source/bpf/unseen_io.hpp"

#include <algorithm>
#include <cerrno>
#include <functional>

#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts/disk_unseen.hpp"

namespace hostmeter::source::bpf {
namespace {

constexpr std::uint64_t kSector = 512;  // of these counters, whatever the disk's own
constexpr std::size_t kBuffer = 512;

std::array<std::uint64_t, WIRE_BLKIO_COUNTED_OPS> bytes_of(const BlkioAccounts::Item& disk) {
  const auto of = [&](CgroupBlkio field) { return disk.sums.counts[std::size_t(field)]; };
  return {of(CgroupBlkio::read_bytes), of(CgroupBlkio::write_bytes),
          of(CgroupBlkio::discard_bytes)};
}

}  // namespace

UnseenIo::UnseenIo(Host& host) : host_(host), buffer_(kBuffer), instances_(host.instances, kHost) {}

std::optional<Error> UnseenIo::update(const BlkioAccounts& accounts, DiskNames& names, bool all,
                                      Output& out) {
  ++tick_;
  looks_ = 0;
  failure_.reset();
  const std::span disks = accounts.items_of(kHost);
  each_ticks_ = std::max(kEachTicks, std::uint32_t(disks.size()) / kMostLooks);
  bool changed = all;
  for (const BlkioAccounts::Item& disk : disks) {
    Comparison& comparison = comparisons_[disk.id];
    if (tick_ < comparison.due) continue;
    const std::optional<Bytes> before = comparison.unseen;
    step(disk.id, comparison, bytes_of(disk));
    changed |= comparison.unseen != before;
  }
  if (comparisons_.size() != disks.size())
    changed |= std::erase_if(comparisons_, [&](const auto& one) {
                 return accounts.find(kHost, one.first) == nullptr;
               }) != 0;
  if (changed) send(disks, names, out);
  return failure_;
}

void UnseenIo::step(std::uint32_t dev, Comparison& disk, const Bytes& ours) {
  switch (disk.stage) {
    case Comparison::fresh:
      disk.our_base = ours;
      disk.stage = Comparison::begun;
      disk.due = tick_ + kWaitTicks;
      break;
    case Comparison::begun:
    case Comparison::based:
      if (++looks_ > kMostLooks) break;  // in the next tick
      if (look(dev, disk, ours)) {
        disk.stage = Comparison::asked;
        disk.due = tick_ + kWaitTicks;
      } else {
        disk.due = tick_ + each_ticks_;
      }
      break;
    case Comparison::asked:
      answer(disk, ours);
      disk.stage = Comparison::based;
      disk.due = tick_ + each_ticks_ - kWaitTicks;
  }
}

void UnseenIo::start_over(Comparison& disk) {
  const bool was_told = disk.was_told;
  disk = {};
  disk.was_told = was_told;
}

// False: the disk said nothing to compare with.
bool UnseenIo::look(std::uint32_t dev, Comparison& disk, const Bytes& ours) {
  const Result<Bytes> said = moved(dev);
  if (!said) {
    failure_ = said.error();
    if (is_gone(said.error())) start_over(disk);
    return false;
  }
  if (disk.stage == Comparison::begun) {
    disk.disk_base = disk.disk = *said;
    return true;
  }
  // Its counters began anew; or they stand still while it works, since its iostats are off.
  const bool is_another = !std::ranges::equal(*said, disk.disk, std::greater_equal<>());
  if (is_another || (*said == disk.disk && ours != disk.ours)) {
    start_over(disk);
    return false;
  }
  disk.disk = *said;
  return true;
}

// Nothing, before the disk was seen to count.
void UnseenIo::answer(Comparison& disk, const Bytes& ours) {
  disk.ours = ours;
  if (disk.disk == disk.disk_base) return;
  Bytes unseen = disk.unseen.value_or(Bytes{});
  for (std::size_t op = 0; op < unseen.size(); ++op) {
    const std::uint64_t theirs = disk.disk[op] - disk.disk_base[op];
    const std::uint64_t counted = ours[op] - disk.our_base[op];
    if (theirs > counted) unseen[op] = std::max(unseen[op], theirs - counted);
  }
  disk.unseen = unseen;
}

// Bytes read, written and discarded.
Result<UnseenIo::Bytes> UnseenIo::moved(std::uint32_t dev) {
  const auto text =
      base::read_once(host_.sys.fd(), DiskNames::path_of(dev, "/stat").data(), buffer_);
  if (!text) return text.error();
  // Of reads, writes and discards: requests, merged, sectors, ms; between the last two: requests
  // under way, ms busy, ms by requests.
  constexpr std::size_t kSectors[] = {2, 6, 13};
  Bytes bytes{};
  Text numbers(Text::trim(*text));
  std::size_t next = 0;
  for (std::size_t at = 0; next < bytes.size(); ++at) {
    const auto number = numbers.number();
    if (!number) return Error{EBADMSG, "a disk's stat: number"};
    if (at != kSectors[next]) continue;
    const auto bytes_moved = scaled(*number, kSector);
    if (!bytes_moved) return Error{ERANGE, "a disk's stat: sectors"};
    bytes[next++] = *bytes_moved;
  }
  return bytes;
}

void UnseenIo::send(std::span<const BlkioAccounts::Item> disks, DiskNames& names, Output& out) {
  instances_.begin();
  for (const BlkioAccounts::Item& item : disks) {
    Comparison& disk = comparisons_.at(item.id);
    if (!disk.unseen) continue;
    const std::string& path = names.find(item.id).path;
    Facts<DiskUnseen> facts;
    for (std::size_t op = 0; op < disk.unseen->size(); ++op)
      facts.set(DiskUnseen(op), (*disk.unseen)[op]);
    out.send(kHost, facts, instances_.get(out, path));
    if (*disk.unseen != Bytes{} && !std::exchange(disk.was_told, true)) found_.push_back(path);
  }
  instances_.end(out);
}

}  // namespace hostmeter::source::bpf
