#include "source/script/script_file.hpp"

#include <doctest/doctest.h>

#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::source::script;

namespace {

constexpr uid_t kOurs = 1000;

struct stat status_of(mode_t mode, uid_t user, gid_t group = 0) {
  struct stat status {};
  status.st_mode = mode;
  status.st_uid = user;
  status.st_gid = group;
  return status;
}

}  // namespace

TEST_CASE("a script is an executable file that nobody else can change") {
  CHECK_FALSE(check_file(status_of(S_IFREG | 0755, 0), kOurs));
  CHECK_FALSE(check_file(status_of(S_IFREG | 0500, kOurs), kOurs));
  CHECK_FALSE(check_file(status_of(S_IFREG | 0775, 0, 0), kOurs));
  CHECK(check_file(status_of(S_IFREG | 0775, 0, 27), kOurs)->code == EPERM);
  CHECK(check_file(status_of(S_IFREG | 0757, 0), kOurs)->code == EPERM);
  CHECK(check_file(status_of(S_IFREG | 0755, 1001), kOurs)->code == EPERM);
  CHECK(check_file(status_of(S_IFREG | 0644, 0), kOurs)->code == EACCES);
  CHECK(check_file(status_of(S_IFDIR | 0755, 0), kOurs)->code == EINVAL);
  CHECK(check_file(status_of(S_IFIFO | 0755, 0), kOurs)->code == EINVAL);
}

TEST_CASE("nor may anybody else put another one in its place") {
  CHECK_FALSE(check_directory(status_of(S_IFDIR | 0755, 0), kOurs));
  CHECK(check_directory(status_of(S_IFDIR | 01777, 0), kOurs)->code == EPERM);
  CHECK(check_directory(status_of(S_IFDIR | 0755, 1001), kOurs)->code == EPERM);
}

TEST_CASE("a real one") {
  const test::Tree tree("-- good --\nx\n-- open --\nx\n");
  const std::string good = tree.root() / "good", open = tree.root() / "open";
  REQUIRE(::chmod(tree.root().c_str(), 0700) == 0);
  REQUIRE(::chmod(good.c_str(), 0700) == 0);
  REQUIRE(::chmod(open.c_str(), 0777) == 0);
  CHECK_FALSE(check_script(good));
  CHECK(check_script(open)->what == "others can write to it");
  CHECK(check_script(tree.root() / "none")->code == ENOENT);
  REQUIRE(::chmod(tree.root().c_str(), 0777) == 0);
  CHECK(check_script(good)->what == "others can write to its directory");
}
