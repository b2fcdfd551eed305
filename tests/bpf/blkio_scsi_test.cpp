// What disks do with requests beside completing them: they send them back, do them in parts, and
// write past their cache. The machines of tests/vm have such a disk.
#include <doctest/doctest.h>
#include <sys/mount.h>
#include <sys/uio.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "blkio_lab.hpp"
#include "disk_load.hpp"
#include "hostmeter/flow/facts/cgroup_blkio_latency.hpp"
#include "scratch_cgroup.hpp"
#include "scsi_disk.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;
using test::kBlock;
using test::ScratchCgroup;
using test::ScsiDisk;

namespace {

constexpr std::uint64_t kRequests = 200;

std::uint64_t timed(const test::BlkioLab& lab, Subject subject, std::string_view operation) {
  std::uint64_t total = 0;
  for (auto at = std::size_t(CgroupBlkioLatency::first_bucket);
       at < std::size_t(CgroupBlkioLatency::count); ++at)
    total += lab.sum(subject, CgroupBlkioLatency(at), operation);
  return total;
}

// How often the kernel queued some request again, by its own account.
class Requeues {
 public:
  Requeues() {
    if (!std::filesystem::exists(kTracing / "trace"))
      ::mount("tracefs", kTracing.c_str(), "tracefs", 0, nullptr);
    std::ofstream(kTracing / "trace") << "";
    set(true);
  }
  ~Requeues() { set(false); }
  Requeues(const Requeues&) = delete;

  std::uint64_t count() const {
    std::uint64_t requeues = 0;
    std::ifstream lines(kTracing / "trace");
    for (std::string line; std::getline(lines, line);)
      requeues += line.find("block_rq_requeue:") != std::string::npos;
    return requeues;
  }

 private:
  static void set(bool on) {
    std::ofstream(kTracing / "events/block/block_rq_requeue/enable") << on << std::flush;
  }
  static inline const std::filesystem::path kTracing = "/sys/kernel/tracing";
};

// Only on machines of our own: elsewhere nobody loads scsi_debug.
void check_skipped() {
  CHECK_FALSE(test::is_of_the_matrix());
  MESSAGE("SKIPPED: no disk of scsi_debug");
}

}  // namespace

TEST_CASE("a request that is sent back, or done in parts, counts once and with all of its bytes") {
  const ScsiDisk disk;
  if (!disk) return check_skipped();
  ScsiDisk::Trouble trouble = ScsiDisk::none;
  SUBCASE("sent back") {
    trouble = ScsiDisk::sent_back;
  }
  SUBCASE("in parts") {
    trouble = ScsiDisk::in_parts;
  }
  REQUIRE(disk.set(trouble));
  const Requeues requeues;
  for (const bool latency : {true, false}) {
    CAPTURE(latency);
    const ScratchCgroup cgroup(test::blkio_root(), "hostmeter-test-scsi");
    Options options;
    options.blkio_latency = latency;
    test::BlkioLab lab(options);
    const Subject subject = lab.inventory.add(cgroup.id());
    alignas(kBlock) static std::array<char, kBlock> block{};
    const std::uint64_t ops = disk.stat(0) + disk.stat(4), sectors = disk.stat(2) + disk.stat(6);
    REQUIRE(test::run_inside(cgroup, [&] {
      for (std::uint64_t i = 0; i < kRequests; ++i)
        if (::pread(disk.fd(), block.data(), kBlock, off_t(i * kBlock)) != ssize_t(kBlock) ||
            ::pwrite(disk.fd(), block.data(), kBlock, off_t(i * kBlock)) != ssize_t(kBlock))
          return false;
      return true;
    }));
    lab.read();
    CHECK(disk.stat(0) + disk.stat(4) - ops == 2 * kRequests);
    CHECK((disk.stat(2) + disk.stat(6) - sectors) * 512 == 2 * kRequests * kBlock);
    CHECK(lab.sum(subject, CgroupBlkio::read_ops) == kRequests);
    CHECK(lab.sum(subject, CgroupBlkio::write_ops) == kRequests);
    CHECK(lab.sum(subject, CgroupBlkio::read_bytes) == kRequests * kBlock);
    CHECK(lab.sum(subject, CgroupBlkio::write_bytes) == kRequests * kBlock);
    CHECK(timed(lab, subject, "Read") == (latency ? kRequests : 0));
  }
  CHECK(requeues.count() >= 2 * kRequests / 7);  // of both rounds
}

TEST_CASE("a write past the cache of a disk that can do that is no flush") {
  const ScsiDisk disk;
  if (!disk) return check_skipped();
  REQUIRE(disk.writes_past_its_cache());
  const ScratchCgroup cgroup(test::blkio_root(), "hostmeter-test-past-the-cache");
  test::BlkioLab lab{Options()};
  const Subject subject = lab.inventory.add(cgroup.id());
  alignas(kBlock) static std::array<char, kBlock> block{};
  const std::uint64_t flushes = disk.stat(15);
  REQUIRE(test::run_inside(cgroup, [&] {
    const iovec vector{block.data(), block.size()};
    for (std::uint64_t i = 0; i < kRequests; ++i)
      if (::pwritev2(disk.fd(), &vector, 1, 0, RWF_DSYNC) != ssize_t(kBlock)) return false;
    return true;
  }));
  lab.read();
  CHECK(lab.sum(subject, CgroupBlkio::write_ops) == kRequests);
  CHECK(timed(lab, subject, "Write") == kRequests);
  // Each is followed by a flush alone; where the disk could not, there would be another around it.
  CHECK(disk.stat(15) - flushes == kRequests);
  CHECK(timed(lab, subject, "Flush") == kRequests);
}
