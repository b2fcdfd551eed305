#include "tool/record/scrub.hpp"

#include <doctest/doctest.h>

using hostmeter::tool::Scrubber;

namespace {
Scrubber of_web1() {
  return Scrubber({"web-1.example.org", "example.org", "0123456789abcdef0123456789abcdef"});
}
}  // namespace

TEST_CASE("names and numbers of the host are made up, the same value always the same") {
  Scrubber scrub = of_web1();
  CHECK(scrub.content("proc/sys/kernel/hostname", "web-1.example.org\n") == "host-1\n");
  CHECK(scrub.content("proc/sys/kernel/domainname", "(none)\n") == "(none)\n");
  CHECK(scrub.content("sys/class/dmi/id/product_serial", "ABC123\n") == "serial-1\n");
  CHECK(scrub.content("sys/class/dmi/id/chassis_serial", "ABC123\n") == "serial-1\n");
  CHECK(scrub.content("sys/class/dmi/id/board_asset_tag", "\n") == "\n");
  CHECK(scrub.content("sys/class/dmi/id/product_uuid", "4C4C4544-0042-3510-8051-B4C04F4E3732\n") ==
        "00000000-0000-4000-8000-000000000001\n");
  CHECK(scrub.content("sys/block/sda/device/serial", "XYZ") == "serial-2");
  CHECK(scrub.content("sys/block/nvme0n1/wwid", "eui.0025385b01\n") == "serial-3\n");
  CHECK(scrub.content("sys/class/dmi/id/sys_vendor", "Dell Inc.\n") == "Dell Inc.\n");
  CHECK(scrub.content("proc/cpuinfo", "Model\t\t: Pi\nSerial\t\t: 100000001234\n") ==
        "Model\t\t: Pi\nSerial\t\t: serial-4\n");
}

TEST_CASE("hardware addresses keep their length, and none and all stay") {
  Scrubber scrub = of_web1();
  CHECK(scrub.content("sys/class/net/eth0/address", "52:54:00:AB:cd:ef\n") ==
        "02:00:00:00:00:01\n");
  CHECK(scrub.content("x", "52:54:00:ab:cd:ef,ff:ff:ff:ff:ff:ff 00:00:00:00:00:00") ==
        "02:00:00:00:00:01,ff:ff:ff:ff:ff:ff 00:00:00:00:00:00");
  CHECK(scrub.content("x", "80:00:00:48:fe:80:00:00:00:00:00:00:f4:52:14:03:00:7b:cb:a1").size() ==
        59);
  CHECK(scrub.content("proc/net/dev", "enx525400abcdef: 1 2\n") == "enx020000000001: 1 2\n");
  CHECK(scrub.path("sys/class/net/enx525400abcdef") == "sys/class/net/enx020000000001");
  for (const char* same : {"12:34:56", "52:54:00:ab:cd", "a52:54:00:ab:cd:ef", "52:54:00:ab:cd:efg",
                           "enx12", "cpu0 12 34\n", ":"})
    CHECK(scrub.content("x", same) == same);
}

TEST_CASE("mounts lose their servers and what is named after the host, not their paths") {
  Scrubber scrub = of_web1();
  CHECK(
      scrub.content(
          "proc/1/mountinfo",
          "36 35 98:0 / /mnt rw - nfs nas.example.org:/web rw,addr=10.0.0.9,vers=4\n"
          "37 35 98:1 / /web-1 rw shared:1 - ext4 /dev/mapper/web--1--vg-root rw\n"
          "38 35 98:2 / /c rw - ext4 /dev/mapper/luks-4c4c4544-0042-3510-8051-b4c04f4e3732 rw\n") ==
      "36 35 98:0 / /mnt rw - nfs server-1:/web rw,addr=server-2,vers=4\n"
      "37 35 98:1 / /web-1 rw shared:1 - ext4 /dev/mapper/host--1--vg-root rw\n"
      "38 35 98:2 / /c rw - ext4 /dev/mapper/luks-00000000-0000-4000-8000-000000000001 rw\n");
  CHECK(scrub.content("proc/mounts", "//nas/share /mnt cifs rw,username=joe,domain=CORP 0 0\n") ==
        "//server-3/share /mnt cifs rw,username=username-1,domain=domain-2 0 0\n");
}

TEST_CASE("ids of containers and pods stay, the machine's own goes") {
  Scrubber scrub = of_web1();
  const std::string id =
      "sys/fs/cgroup/kubepods/pod4c4c4544-0042-3510-8051-b4c04f4e3732/" + std::string(64, 'a');
  CHECK(scrub.path(id) == id);
  CHECK(scrub.content("proc/12/cgroup", "0::/" + id + "\n") == "0::/" + id + "\n");
  CHECK(scrub.path("var/log/journal/0123456789abcdef0123456789abcdef/x") ==
        "var/log/journal/id-1/x");
}

TEST_CASE("text that is no text is left alone") {
  Scrubber scrub({});
  const std::string binary("\0\xFF:\n- - -\n", 10);
  for (const char* path : {"proc/1/mountinfo", "proc/mounts", "proc/cpuinfo", "x", ""})
    CHECK((scrub.content(path, binary) == binary));
  CHECK(scrub.content("proc/mounts", "") == "");
}
