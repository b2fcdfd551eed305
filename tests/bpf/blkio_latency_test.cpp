// Block I/O at completion, from the real kernel and a real disk: each request is counted and timed
// once. Some virtual machines hide a completion now and then (docs/adr/0004-ways-to-read.md), so
// that a few may be missing, and none may be too many.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <sys/uio.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "blkio_lab.hpp"
#include "disk_load.hpp"
#include "hostmeter/flow/facts/cgroup_blkio_latency.hpp"
#include "kernel_objects.hpp"
#include "loop_disk.hpp"
#include "scratch_cgroup.hpp"
#include "source/bpf/latency_support.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;
using test::kBlock;
using test::ScratchCgroup;

namespace {

std::uint64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::uint64_t(now.tv_sec) * 1'000'000'000 + std::uint64_t(now.tv_nsec);
}

// As the agent has them.
struct Timing : test::BlkioLab {
  explicit Timing(const Options& options = {}) : BlkioLab(options) {}

  std::uint64_t bucket(Subject subject, std::size_t at, std::string_view operation) const {
    return sum(subject, CgroupBlkioLatency(std::size_t(CgroupBlkioLatency::first_bucket) + at),
               operation);
  }
  std::uint64_t timed(Subject subject, std::string_view operation) const {
    std::uint64_t total = 0;
    for (std::size_t at = 0; at <= kBlkioLatencyBounds.size(); ++at)
      total += bucket(subject, at, operation);
    return total;
  }
  // Of blocks, each a request.
  void check_counts(Subject subject) const {
    const std::uint64_t reads = sum(subject, CgroupBlkio::read_ops);
    const std::uint64_t writes = sum(subject, CgroupBlkio::write_ops);
    CHECK(reads == timed(subject, "Read"));
    CHECK(writes == timed(subject, "Write"));
    CHECK(sum(subject, CgroupBlkio::read_bytes) == reads * kBlock);
    CHECK(sum(subject, CgroupBlkio::write_bytes) == writes * kBlock);
    CHECK(sum(subject, CgroupBlkio::async_ops) == 0);
  }
};

// Each a request, one after the other.
bool read_blocks(const test::LoopDisk& disk, std::size_t blocks) {
  alignas(kBlock) static std::array<char, kBlock> block{};
  for (std::size_t i = 0; i < blocks; ++i)
    if (::pread(disk.fd(), block.data(), kBlock, off_t(i % 1024 * kBlock)) != ssize_t(kBlock))
      return false;
  return true;
}

// All, or what this machine may hide: the virtual ones of tests/vm hide nothing.
bool nearly(std::uint64_t seen, std::uint64_t of) {
  const std::uint64_t most_hidden =
      test::is_of_the_matrix() ? 0 : std::max<std::uint64_t>(2, of / 50);
  return seen <= of && seen + most_hidden >= of;
}

// A sum of ns fits the buckets it was spread over.
void check_sum(const Timing& timing, Subject subject, std::string_view operation) {
  std::uint64_t least = 0, most = 0;
  for (std::size_t at = 0; at < kBlkioLatencyBounds.size(); ++at) {
    const std::uint64_t count = timing.bucket(subject, at, operation);
    least += at == 0 ? 0 : count * kBlkioLatencyBounds[at - 1];
    most += count * kBlkioLatencyBounds[at];
  }
  if (timing.bucket(subject, kBlkioLatencyBounds.size(), operation) != 0) most = ~0ULL;
  const std::uint64_t sum = timing.sum(subject, CgroupBlkioLatency::sum_ns, operation);
  CAPTURE(operation);
  CHECK(sum >= least);
  CHECK(sum <= most);
}

}  // namespace

TEST_CASE("each request of a cgroup is counted and timed, for its parent too") {
  const test::DiskFile file;
  const ScratchCgroup parent(test::blkio_root(), "hostmeter-test-latency");
  parent.enable_io();
  const ScratchCgroup child(parent.path(), "child");
  Timing timing;
  const Subject above = timing.inventory.add(parent.id());
  const Subject below = timing.inventory.add(child.id(), above);

  const std::uint64_t before = now_ns();
  REQUIRE(test::run_inside(child, [&] { return file.transfer(1000, 100); }));
  const std::uint64_t spent = now_ns() - before;
  timing.read();
  for (const Subject subject : {below, above}) {
    CAPTURE(subject.slot);
    CHECK(nearly(timing.sum(subject, CgroupBlkio::read_ops), 1000));
    CHECK(nearly(timing.sum(subject, CgroupBlkio::write_ops), 100));
    timing.check_counts(subject);
    CHECK(timing.sum(subject, CgroupBlkio::discard_ops) == 0);
    CHECK(timing.timed(subject, "Discard") == 0);
    // One after the other: together they cannot have taken longer than all of it.
    const std::uint64_t sum = timing.sum(subject, CgroupBlkioLatency::sum_ns, "Read") +
                              timing.sum(subject, CgroupBlkioLatency::sum_ns, "Write");
    CHECK(sum > 0);
    CHECK(sum < spent);
    check_sum(timing, subject, "Read");
    check_sum(timing, subject, "Write");
  }
  MESSAGE(timing.timed(below, "Read")
          << " of 1000 reads and " << timing.timed(below, "Write") << " of 100 writes were seen");
}

TEST_CASE("keys that want the same direct row are timed apart") {
  constexpr std::size_t kCgroups = 4;
  const test::DiskFile file;
  Options options;
  options.direct_rows = 1;
  Timing timing(options);
  std::vector<std::unique_ptr<ScratchCgroup>> cgroups;
  std::vector<Subject> subjects;
  for (std::size_t i = 0; i < kCgroups; ++i) {
    cgroups.push_back(std::make_unique<ScratchCgroup>(
        test::blkio_root(), "hostmeter-test-direct-" + std::to_string(i)));
    subjects.push_back(timing.inventory.add(cgroups.back()->id()));
    REQUIRE(test::run_inside(*cgroups[i], [&] { return file.transfer(100 * (i + 1), 50); }));
  }
  timing.read();
  for (std::size_t i = 0; i < kCgroups; ++i) {
    CAPTURE(i);
    CHECK(nearly(timing.timed(subjects[i], "Read"), 100 * (i + 1)));
    CHECK(nearly(timing.timed(subjects[i], "Write"), 50));
    timing.check_counts(subjects[i]);
    check_sum(timing, subjects[i], "Read");
    check_sum(timing, subjects[i], "Write");
  }
}

TEST_CASE("the sum agrees with the time that the kernel itself has for the disk") {
  const test::LoopDisk disk;
  if (!disk) {
    MESSAGE("SKIPPED: no loop devices");
    return;
  }
  const ScratchCgroup cgroup(test::blkio_root(), "hostmeter-test-loop-latency");
  Timing timing;
  const Subject subject = timing.inventory.add(cgroup.id());
  const std::uint64_t ms = disk.stat(disk.read_ms);
  REQUIRE(test::run_inside(cgroup, [&] { return read_blocks(disk, 5000); }));
  const std::uint64_t kernel_ns = (disk.stat(disk.read_ms) - ms) * 1'000'000;
  timing.read();
  CHECK(nearly(timing.timed(subject, "Read"), 5000));
  const std::uint64_t sum = timing.sum(subject, CgroupBlkioLatency::sum_ns, "Read");
  MESSAGE("ours " << sum << " ns, the kernel's " << kernel_ns << " ns");
  // The kernel's begins when the request is made, a little before it is issued.
  CHECK(sum <= kernel_ns + kernel_ns / 20 + 2'000'000);
  CHECK(sum >= kernel_ns / 3);
}

TEST_CASE("flushes, and a write between two of them, are one latency each") {
  const test::LoopDisk disk;
  if (!disk) {
    MESSAGE("SKIPPED: no loop devices");
    return;
  }
  const ScratchCgroup cgroup(test::blkio_root(), "hostmeter-test-flush-latency");
  Timing timing;
  const Subject subject = timing.inventory.add(cgroup.id());
  alignas(kBlock) static std::array<char, kBlock> block{};
  const std::uint64_t before = disk.stat(disk.flushes);
  const auto write_and_flush = [&] {
    const iovec vector{block.data(), block.size()};
    for (int i = 0; i < 10; ++i)
      if (::pwritev2(disk.fd(), &vector, 1, 0, RWF_DSYNC) != ssize_t(kBlock) ||
          ::fsync(disk.fd()) != 0)
        return false;
    return true;
  };
  REQUIRE(test::run_inside(cgroup, write_and_flush));
  timing.read();
  const std::uint64_t flushes = timing.timed(subject, "Flush");
  const std::uint64_t kernels = disk.stat(disk.flushes) - before;
  MESSAGE(flushes << " of " << kernels << " flushes were timed");
  // A loop disk cannot write past its cache: a flush for each write, one for RWF_DSYNC, and
  // fsync's.
  CHECK(kernels == 30);
  CHECK(nearly(flushes, kernels));
  check_sum(timing, subject, "Flush");
  CHECK(nearly(timing.timed(subject, "Write"), 10));
  timing.check_counts(subject);
  REQUIRE(test::run_inside(cgroup, [&] { return disk.discard(0, 1 << 20); }));
  timing.read();
  CHECK(timing.timed(subject, "Discard") == 1);  // one is hardly hidden
  CHECK(timing.sum(subject, CgroupBlkio::discard_bytes) == 1 << 20);
  CHECK(timing.timed(subject, "Flush") == flushes);

  // As of a disk without a cache: what is to be flushed is nothing.
  REQUIRE(disk.set_cache("write through"));
  REQUIRE(test::run_inside(cgroup, write_and_flush));
  timing.read();
  CHECK(timing.timed(subject, "Flush") == flushes);
  CHECK(nearly(timing.timed(subject, "Write"), 20));
}

TEST_CASE("what a disk without iostats does is counted, whether the kernel notes times or not") {
  const test::LoopDisk disk;
  if (!disk || !disk.set_iostats(false)) {
    MESSAGE("SKIPPED: no loop devices");
    return;
  }
  const ScratchCgroup cgroup(test::blkio_root(), "hostmeter-test-no-iostats");
  Timing timing;
  const Subject subject = timing.inventory.add(cgroup.id());
  REQUIRE(test::run_inside(cgroup, [&] { return read_blocks(disk, 100); }));
  timing.read();
  const std::uint64_t reads = timing.sum(subject, CgroupBlkio::read_ops);
  CHECK(nearly(reads, 100));
  CHECK(timing.sum(subject, CgroupBlkio::read_bytes) == reads * kBlock);
  const std::uint64_t timed = timing.timed(subject, "Read");
  CHECK((timed == 0 || timed == reads));
  MESSAGE(timed << " of " << reads << " were timed");
}

TEST_CASE("an object that is gone has left nothing in the kernel") {
  for (const bool latency : {true, false}) {
    CAPTURE(latency);
    test::KernelObjects objects;
    {
      Options options;
      options.blkio_latency = latency;
      const test::BlkioLab lab(options);
      objects = test::KernelObjects::ours();
      CHECK(objects.count("prog_id:") == (latency ? 1 : 2));
      CHECK(objects.count("map_id:") >= 4);
    }
    CHECK(objects.are_gone());
    CHECK(test::KernelObjects::ours().count("map_id:") == 0);
  }
}

int main(int argc, char** argv) {
  std::optional<std::string_view> lacking;
  if (const auto in_kernel = hostmeter::source::bpf::blkio_completion_lacks())
    lacking = in_kernel->what;
  else
    lacking = test::no_disk();
  return test::run_unless(lacking, argc, argv);
}
