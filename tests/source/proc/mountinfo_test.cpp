#include "source/proc/mountinfo.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::source::proc;

TEST_CASE("a mount with and without optional fields") {
  const auto shared = parse_mountinfo_line(
      "36 35 98:12 /mnt1 /mnt/two rw,noatime shared:3 master:1 - ext4 /dev/sda1 "
      "rw,errors=continue");
  REQUIRE(shared);
  CHECK(shared->major == "98");
  CHECK(shared->minor == "12");
  CHECK(shared->mount_point == "/mnt/two");
  CHECK(shared->fstype == "ext4");
  CHECK(shared->source == "/dev/sda1");
  CHECK_FALSE(shared->read_only);
  const auto plain = parse_mountinfo_line("1 0 8:1 / / rw - xfs  rw");
  REQUIRE(plain);
  CHECK(plain->fstype == "xfs");
  CHECK(plain->source.empty());
}

TEST_CASE("read-only is said by the mount or by its filesystem, as a word of its own") {
  CHECK(parse_mountinfo_line("1 0 8:1 / / ro,noexec - xfs a rw")->read_only);
  CHECK(parse_mountinfo_line("1 0 8:1 / / rw - xfs a ro,quota")->read_only);
  CHECK_FALSE(
      parse_mountinfo_line("1 0 8:1 / / rw,errors=remount-ro - xfs a rw,prot=ro1")->read_only);
}

TEST_CASE("a line that is none is refused") {
  for (const char* line : {"", "a b c", "1 0 8 / / rw - xfs a rw",
                           "1 0 8:1 / relative rw - xfs a rw", "1 0 8:1 / / rw shared:1 xfs a rw",
                           "1 0 8:1 / / rw -", "1 0 -8:1 / / rw - xfs a rw", "1 0 8:1"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_mountinfo_line(line));
  }
}

TEST_CASE("escapes in names are decoded, other backslashes stay") {
  CHECK(decode_octal("/media/my\\040disk\\011x\\134y\\012") == "/media/my disk\tx\\y\n");
  CHECK(decode_octal("\\04") == "\\04");
  CHECK(decode_octal("\\777 \\089") == "\\777 \\089");
  CHECK(decode_octal("").empty());
}

TEST_CASE("of several mounts on one place the last is seen") {
  std::vector<MountLine> mounts;
  for (const char* line :
       {"1 0 8:1 / / rw - xfs root rw", "2 1 0:9 / /data rw - autofs auto rw",
        "3 1 8:3 / /home rw - ext4 home rw", "4 2 0:50 / /data rw - nfs4 s:/d rw"})
    mounts.push_back(*parse_mountinfo_line(line));
  drop_hidden_mounts(mounts);
  REQUIRE(mounts.size() == 3);
  CHECK(mounts[0].source == "root");
  CHECK(mounts[1].source == "home");
  CHECK(mounts[2].source == "s:/d");
}

TEST_CASE("the filesystem of a mount is found by the mount's number") {
  constexpr std::string_view kMounts =
      "36 35 98:0 / / rw - ext4 /dev/sda1 rw\ngarbage\n37 36 0:41 /sub /mnt rw - btrfs b rw\n";
  CHECK(device_of_mount(kMounts, 36) == device_number(98, 0));
  CHECK(device_of_mount(kMounts, 37) == device_number(0, 41));
  CHECK_FALSE(device_of_mount(kMounts, 38));
  CHECK_FALSE(device_of_mount("", 36));
}
