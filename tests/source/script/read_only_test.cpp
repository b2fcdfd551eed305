#include "source/script/read_only.hpp"

#include <sys/mount.h>
#include <sys/wait.h>

#include "source/script/lab.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

TEST_CASE("mount points come with the flags that must be said again") {
  const auto points = mount_points(
      "22 1 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:2 - proc proc rw\n"
      "23 1 8:1 /a /mnt/with\\040blank ro,noatime - ext4 /dev/sda1 rw\n");
  REQUIRE(points);
  REQUIRE(points->size() == 2);
  CHECK((*points)[0] == MountPoint{"/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RELATIME});
  CHECK((*points)[1] == MountPoint{"/mnt/with blank", MS_RDONLY | MS_NOATIME});
  CHECK_FALSE(mount_points("22 1 0:21\n"));
  CHECK_FALSE(mount_points("nonsense"));
}

TEST_CASE("everything is read-only then, whichever way it is done") {
  if (!can_sandbox()) return;
  std::string place = "/tmp/hostmeter-test-XXXXXX";
  REQUIRE(::mkdtemp(place.data()) != nullptr);
  for (auto* make : {make_all_read_only, make_each_read_only}) {
    const pid_t child = ::fork();
    if (child == 0) {
      if (::unshare(CLONE_NEWNS) != 0 ||
          ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
          ::mount("none", place.c_str(), "tmpfs", MS_NOEXEC, nullptr) != 0 || make(MS_NOSUID))
        ::_exit(1);
      const bool is_refused = ::mkdir((place + "/x").c_str(), 0755) != 0 && errno == EROFS &&
                              ::mkdir("/tmp/hostmeter-test-x", 0755) != 0 && errno == EROFS;
      const auto now = mount_points(contents("/proc/self/mountinfo"));
      bool is_kept = false;
      for (const MountPoint& point : now ? *now : std::vector<MountPoint>())
        if (point.path == place)
          is_kept = (point.flags & (MS_NOEXEC | MS_NOSUID)) == (MS_NOEXEC | MS_NOSUID);
      ::_exit(is_refused && is_kept ? 0 : 2);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  ::rmdir(place.c_str());
}
