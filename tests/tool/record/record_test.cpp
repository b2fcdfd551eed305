#include "tool/record/record.hpp"

#include <doctest/doctest.h>

#include "base/text_tree.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace {
// A host small enough to be read at a glance.
constexpr const char* kSmallHost = R"(-- proc/loadavg --
0.1 0.2 0.3 1/2 3
-- proc/1/mountinfo --
41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
-- proc/1/ns/net -> net:[4026531840] --
-- proc/1/environ --
PASSWORD=secret
-- proc/7/ns/net -> net:[4026532000] --
-- proc/7/net/dev --
eth0: 1 2
-- proc/7/cmdline --
secret
-- proc/8/net/dev --
of no container
-- proc/net/dev --
enx525400123456: 1 2
-- proc/sys/kernel/hostname --
web1
-- etc/machine-id --
0123456789abcdef0123456789abcdef
-- etc/os-release --
ID=debian
-- etc/shadow --
secret
-- sys/block/vda -> ../devices/pci/virtio1/block/vda --
-- sys/dev/block/254:0 -> ../../devices/pci/virtio1/block/vda --
-- sys/devices/pci/virtio1/block/vda/size --
100
-- sys/devices/pci/virtio1/block/vda/serial --
S123
-- sys/devices/pci/virtio1/block/vda/device -> ../../../virtio1 --
-- sys/class/net/enx525400123456 -> ../../devices/pci/net/enx525400123456 --
-- sys/devices/pci/net/enx525400123456/address --
52:54:00:12:34:56
-- sys/class/net/bonding_masters --
bond0
-- sys/class/net/away -> /etc --
-- sys/class/hwmon/hwmon0/temp1_input --
42000
-- sys/class/hwmon/hwmon0/uevent --
x
-- sys/fs/cgroup/docker/ab/cgroup.procs --
7
)";

constexpr const char* kRecorded = R"(-- etc/os-release --
ID=debian
-- proc/1/mountinfo --
41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
-- proc/1/net/dev --
enx020000000001: 1 2
-- proc/1/ns/net -> net:[4026531840] --
-- proc/7/net/dev --
eth0: 1 2
-- proc/7/ns/net -> net:[4026532000] --
-- proc/loadavg --
0.1 0.2 0.3 1/2 3
-- proc/net/dev --
enx020000000001: 1 2
-- proc/sys/kernel/hostname --
host-1
-- sys/block/vda -> ../devices/pci/virtio1/block/vda --
-- sys/class/hwmon/hwmon0/temp1_input --
42000
-- sys/class/net/enx020000000001 -> ../../devices/pci/net/enx020000000001 --
-- sys/dev/block/254:0 -> ../../devices/pci/virtio1/block/vda --
-- sys/devices/pci/net/enx020000000001/address --
02:00:00:00:00:01
-- sys/devices/pci/virtio1/block/vda/device -> ../../../virtio1 --
-- sys/devices/pci/virtio1/block/vda/serial --
serial-1
-- sys/devices/pci/virtio1/block/vda/size --
100
-- sys/fs/cgroup/docker/ab/cgroup.procs --
7
)";
}  // namespace

TEST_CASE("a recording holds what our readers read, scrubbed, and no secret") {
  test::MadeUpHost host(kSmallHost);
  const test::Tree out("");
  const tool::Sources from{host.host.root, host.host.proc, host.host.sys};
  const auto summary = tool::record(from, out.root() / "new/dir");
  REQUIRE(summary);
  CHECK_FALSE(summary->truncated);
  CHECK(summary->unreadable.empty());
  std::string text = base::to_text_tree(out.root() / "new/dir")->text;
  // The made-up host adds a blank line after its last file.
  CHECK(text.substr(0, text.size() - 1) == std::string(kRecorded));
}

TEST_CASE("a recording of a recording is the same") {
  test::MadeUpHost host(kSmallHost);
  const test::Tree out("");
  REQUIRE(tool::record({host.host.root, host.host.proc, host.host.sys}, out.root() / "one"));
  const auto root = base::Dir::open((out.root() / "one").c_str());
  const auto proc = base::Dir::open_at(root->fd(), "proc");
  const auto sys = base::Dir::open_at(root->fd(), "sys");
  REQUIRE(tool::record({*root, *proc, *sys}, out.root() / "two"));
  CHECK(base::to_text_tree(out.root() / "one")->text ==
        base::to_text_tree(out.root() / "two")->text);
}

TEST_CASE("nothing is written over, and a host of nothing is recorded as nothing") {
  test::MadeUpHost host("");
  const test::Tree out("-- full/x --\n");
  const tool::Sources from{host.host.root, host.host.proc, host.host.sys};
  CHECK(tool::record(from, out.root() / "full").error().code == ENOTEMPTY);
  CHECK(tool::record(from, out.root() / "full/x").error().code != 0);
  const auto summary = tool::record(from, out.root() / "empty");
  REQUIRE(summary);
  CHECK(summary->files == 0);
}

TEST_CASE("the host's network namespace is our own where its network is") {
  test::MadeUpHost host("-- proc/self/ns/net -> net:[1] --\n-- proc/1/ns/net -> net:[2] --\n");
  const test::Tree out("");
  REQUIRE(tool::record({host.host.root, host.host.proc, host.host.sys}, out.root() / "one"));
  CHECK(std::filesystem::read_symlink(out.root() / "one/proc/1/ns/net") == "net:[1]");
  REQUIRE(
      tool::record({host.host.root, host.host.proc, host.host.sys, "1/net"}, out.root() / "two"));
  CHECK(std::filesystem::read_symlink(out.root() / "two/proc/1/ns/net") == "net:[2]");
}
