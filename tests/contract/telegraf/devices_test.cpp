#include <doctest/doctest.h>

#include "hostmeter/flow/facts/cpu.hpp"
#include "hostmeter/flow/facts/diskstats.hpp"
#include "hostmeter/flow/facts/filesystem.hpp"
#include "hostmeter/flow/facts/netclass.hpp"
#include "hostmeter/flow/facts/netdev.hpp"
#include "hostmeter/flow/facts/netstat.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

// Two processors; each call lets the first work and the second idle.
struct Processors {
  MadeUpHost& host;
  Instance first = host.name({"0"}), second = host.name({"10"});

  void run(std::uint64_t seconds) {
    using Field = hostmeter::Cpu;
    const std::uint64_t ns = seconds * kSecond;
    host.say<Field>({{Field::user, ns * 3 / 4},
                     {Field::nice, 0},
                     {Field::system, ns / 4},
                     {Field::idle, 0},
                     {Field::guest, ns / 4},
                     {Field::guest_nice, 0}},
                    kHost, first);
    host.say<Field>({{Field::user, 0},
                     {Field::nice, 0},
                     {Field::system, 0},
                     {Field::idle, ns},
                     {Field::guest, 0},
                     {Field::guest_nice, 0}},
                    kHost, second);
  }
};

Instance filesystem(MadeUpHost& host, const char* device, const char* type, const char* path,
                    std::uint64_t size, bool readonly = false) {
  const Instance instance = host.name({device, "", type, path});
  host.say<Filesystem>({{Filesystem::size_bytes, size},
                        {Filesystem::free_bytes, size / 2},
                        {Filesystem::avail_bytes, size / 4},
                        {Filesystem::files, 100},
                        {Filesystem::files_free, 75},
                        {Filesystem::read_only, std::uint64_t{readonly}}},
                       kHost, instance);
  return instance;
}

void disk(MadeUpHost& host, Instance instance, std::uint64_t requests) {
  using Field = Diskstats;
  host.say<Field>({{Field::reads, requests},
                   {Field::writes, requests},
                   {Field::read_ns, requests * 4'000'000},
                   {Field::write_ns, requests * 2'000'000},
                   {Field::io_ns, requests * 1'000'000},
                   {Field::in_flight, 1}},
                  kHost, instance);
}

}  // namespace

TEST_CASE("cpu: shares of the time between two gathers, guests apart") {
  MadeUpHost host(contract::telegraf::Cpu{.report_active = true});
  Processors cpus{host};
  cpus.run(10);
  host.tick(0);
  CHECK(host.lines().empty());  // nothing to set it against
  cpus.run(20);
  host.tick(5);
  CHECK(host.lines().empty());  // no gather
  host.tick(10);
  CHECK(host.shows(R"(cpu_usage_user{cpu="cpu0"} 50)"));
  CHECK(host.shows(R"(cpu_usage_guest{cpu="cpu0"} 25)"));
  CHECK(host.shows(R"(cpu_usage_system{cpu="cpu0"} 25)"));
  CHECK(host.shows(R"(cpu_usage_idle{cpu="cpu10"} 100)"));
  CHECK(host.shows(R"(cpu_usage_idle{cpu="cpu-total"} 50)"));
  CHECK(host.shows(R"(cpu_usage_active{cpu="cpu-total"} 50)"));
  CHECK(host.lines("cpu_time").empty());
}

TEST_CASE("cpu: times, and only of all together") {
  MadeUpHost host(contract::telegraf::Cpu{.percpu = false, .collect_cpu_time = true});
  Processors cpus{host};
  cpus.run(10);
  host.tick(0);
  CHECK(host.shows(R"(cpu_time_user{cpu="cpu-total"} 7.5)"));
  CHECK(host.shows(R"(cpu_time_idle{cpu="cpu-total"} 10)"));
  CHECK(host.lines("cpu_time_active").empty());
  CHECK(host.text().find("cpu0") == std::string::npos);
  CHECK(host.text().find("# TYPE cpu_time_user counter") != std::string::npos);
}

TEST_CASE("disk: those that hold something, by path") {
  MadeUpHost host(Disk{.ignore_fs = {"tmpfs"}});
  const Instance root = filesystem(host, "/dev/vda1", "ext4", "/", 1'000);
  filesystem(host, "tmpfs", "tmpfs", "/run", 1'000);
  filesystem(host, "proc", "proc", "/proc", 0);
  host.tick(0);
  const std::string labels = R"({device="vda1",fstype="ext4",mode="rw",path="/"} )";
  CHECK(host.lines() ==
        Lines{"disk_total" + labels + "1000", "disk_free" + labels + "250",
              "disk_used" + labels + "500", "disk_used_percent" + labels + "66.66666666666667",
              "disk_inodes_total" + labels + "100", "disk_inodes_free" + labels + "75",
              "disk_inodes_used" + labels + "25", "disk_inodes_used_percent" + labels + "25"});
  host.say<Filesystem>({{Filesystem::size_bytes, 1'000}, {Filesystem::read_only, 1}}, kHost, root);
  host.tick(10);
  CHECK(host.lines("disk_total") ==
        Lines{R"(disk_total{device="vda1",fstype="ext4",mode="ro",path="/"} 1000)"});
}

TEST_CASE("disk: a volume of the device mapper has the kernel's name, and its own as label") {
  MadeUpHost host(Disk{});
  const auto mount = [&](const char* device, const char* major, const char* path) {
    filesystem(host, device, "ext4", path, 1'000);
    host.say<MountInfo>({{MountInfo::info, 1}}, kHost, host.name({device, major, "3", path}));
  };
  mount("/dev/mapper/vg-root", "253", "/");
  mount("/dev/mapper/pool", "0", "/btrfs");
  host.tick(0);
  CHECK(host.lines("disk_total") ==
        Lines{R"(disk_total{device="dm-3",fstype="ext4",label="vg-root",mode="rw",path="/"} 1000)",
              R"(disk_total{device="mapper/pool",fstype="ext4",mode="rw",path="/btrfs"} 1000)"});
}

TEST_CASE("disk: chosen mount points and options") {
  MadeUpHost host(Disk{.mount_points = {"/", "/usr"}, .ignore_mount_opts = {"ro"}});
  filesystem(host, "/dev/vda1", "ext4", "/", 1'000);
  filesystem(host, "/dev/vda2", "ext4", "/usr", 1'000, true);
  filesystem(host, "/dev/vda3", "ext4", "/home", 1'000);
  host.tick(0);
  CHECK(host.lines("disk_total").size() == 1);
}

TEST_CASE("diskio: counters, and from the second gather what a request took") {
  MadeUpHost host(DiskIo{.devices = {"vd*"}, .skip_serial_number = false});
  const Instance vda = host.name({"vda"}), sda = host.name({"sda"});
  host.say<DiskInfo>({{DiskInfo::info, 1}}, kHost,
                     host.name({"vda", "254", "0", "", "", "", "", "S-1", ""}));
  disk(host, vda, 10);
  disk(host, sda, 10);
  host.tick(0);
  const std::string labels = R"({name="vda",serial="S-1"} )";
  CHECK(host.lines() == Lines{"diskio_reads" + labels + "10", "diskio_writes" + labels + "10",
                              "diskio_read_time" + labels + "40",
                              "diskio_write_time" + labels + "20", "diskio_io_time" + labels + "10",
                              "diskio_iops_in_progress" + labels + "1"});
  disk(host, vda, 1'010);
  host.tick(10);
  CHECK(host.shows("diskio_io_await" + labels + "3"));
  CHECK(host.shows("diskio_io_svctm" + labels + "0.5"));
  CHECK(host.shows("diskio_io_util" + labels + "10"));
  host.tick(20);  // no request: nothing to divide by
  CHECK(host.lines("diskio_io_await").empty());
  CHECK(host.shows("diskio_io_util" + labels + "0"));
}

TEST_CASE("diskio: the worldwide name of a disk of NVMe") {
  MadeUpHost host(DiskIo{});
  for (const char* name : {"nvme0n1", "nvme0n1p1", "sda"}) {
    host.say<DiskInfo>({{DiskInfo::info, 1}}, kHost,
                       host.name({name, "259", "0", "", "", "", "", "", "eui.0025"}));
    disk(host, host.name({name}), 10);
  }
  host.tick(0);
  CHECK(host.lines("diskio_reads") == Lines{R"(diskio_reads{name="nvme0n1",wwid="eui.0025"} 10)",
                                            R"(diskio_reads{name="nvme0n1p1"} 10)",
                                            R"(diskio_reads{name="sda"} 10)"});
}

TEST_CASE("net: interfaces that are up") {
  MadeUpHost host(Net{});
  constexpr std::uint64_t kUp = 0x1, kLoopback = 0x8;
  const auto interface = [&](const char* name, std::uint64_t flags) {
    const Instance counts = host.name({name}), state = host.name({name});
    host.say<Netdev>({{Netdev::receive_bytes, 5}, {Netdev::transmit_dropped, 6}}, kHost, counts);
    host.say<Netclass>({{Netclass::flags, flags}}, kHost, state);
    return state;
  };
  const Instance eth0 = interface("eth0", kUp);
  interface("lo", kUp | kLoopback);
  interface("eth1", 0);
  host.say<Netclass>({{Netclass::flags, kUp}, {Netclass::speed_bytes, 125'000'000}}, kHost, eth0);
  host.tick(0);
  CHECK(host.lines() == Lines{R"(net_bytes_recv{interface="eth0"} 5)",
                              R"(net_drop_out{interface="eth0"} 6)",
                              R"(net_speed{interface="eth0"} 1000)"});
  host.say<Netclass>({{Netclass::flags, 0}}, kHost, eth0);
  host.tick(10);
  CHECK(host.lines("net_bytes").empty() == false);  // gone, and not yet expired
  host.tick(70);
  CHECK(host.lines("net_bytes").empty());
}

TEST_CASE("net: interfaces of which nothing is known yet") {
  MadeUpHost host(Net{});
  constexpr std::uint64_t kUp = 0x1;
  for (const char* name : {"eth0", "lo"})
    host.say<Netdev>({{Netdev::receive_bytes, 5}}, kHost, host.name({name}));
  host.tick(0);  // nobody tells of any: only the name speaks
  CHECK(host.lines("net_bytes") == Lines{R"(net_bytes_recv{interface="eth0"} 5)"});
  const Instance eth0 = host.name({"eth0"});
  host.say<Netclass>({{Netclass::flags, kUp}}, kHost, eth0);
  host.say<Netdev>({{Netdev::receive_bytes, 6}}, kHost, host.name({"new0"}));
  host.tick(10);  // that of others will come
  CHECK(host.lines("net_bytes") == Lines{R"(net_bytes_recv{interface="eth0"} 5)"});
  host.say<Netclass>({{Netclass::flags, kUp}}, kHost, host.name({"new0"}));
  host.say(Facts<Netclass>{}, kHost, eth0);  // its driver hangs
  host.tick(20);
  CHECK(host.lines("net_bytes") ==
        Lines{R"(net_bytes_recv{interface="eth0"} 5)", R"(net_bytes_recv{interface="new0"} 6)"});
}

TEST_CASE("net: chosen interfaces, up or not, and no protocols") {
  MadeUpHost host(Net{.interfaces = {"l*"}, .ignore_protocol_stats = true});
  host.say<Netdev>({{Netdev::receive_bytes, 5}}, kHost, host.name({"lo"}));
  host.say<Netdev>({{Netdev::receive_bytes, 5}}, kHost, host.name({"eth0"}));
  host.say<hostmeter::Netstat>({{hostmeter::Netstat::tcp_active_opens, 7}});
  host.tick(0);
  CHECK(host.lines() ==
        Lines{R"(net_bytes_recv{interface="lo"} 5)", R"(net_speed{interface="lo"} -1)"});
}
