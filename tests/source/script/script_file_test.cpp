#include "source/script/script_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

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
  // With an ACL the bits of the group are what it lets other users do.
  CHECK(check_file(status_of(S_IFREG | 0775, 0, 0), kOurs)->what ==
        "its group, or an ACL, can write to it");
  CHECK(check_file(status_of(S_IFREG | 0775, 0, 27), kOurs)->code == EPERM);
  CHECK(check_file(status_of(S_IFREG | 0757, 0), kOurs)->code == EPERM);
  CHECK(check_file(status_of(S_IFREG | 0755, 1001), kOurs)->code == EPERM);
  CHECK(check_file(status_of(S_IFREG | 0644, 0), kOurs)->code == EACCES);
  CHECK(check_file(status_of(S_IFDIR | 0755, 0), kOurs)->code == EINVAL);
  CHECK(check_file(status_of(S_IFIFO | 0755, 0), kOurs)->code == EINVAL);
}

TEST_CASE("nor may anybody else put another one in its place") {
  const struct stat ours = status_of(S_IFREG | 0755, kOurs), root = status_of(S_IFREG | 0755, 0),
                    foreign = status_of(S_IFLNK | 0777, 1001);
  CHECK_FALSE(check_directory(status_of(S_IFDIR | 0755, 0), root, kOurs));
  // Who owns a link in a directory that nobody can write to can do nothing with it.
  CHECK_FALSE(check_directory(status_of(S_IFDIR | 0755, 0), foreign, kOurs));
  CHECK_FALSE(check_directory(status_of(S_IFDIR | 01777, 0), root, kOurs));
  CHECK_FALSE(check_directory(status_of(S_IFDIR | 01777, 0), ours, kOurs));
  CHECK(check_directory(status_of(S_IFDIR | 01777, 0), foreign, kOurs)->code == EPERM);
  CHECK(check_directory(status_of(S_IFDIR | 0777, 0), root, kOurs)->code == EPERM);
  CHECK(check_directory(status_of(S_IFDIR | 0775, 0), root, kOurs)->code == EPERM);
  CHECK(check_directory(status_of(S_IFDIR | 0755, 1001), root, kOurs)->code == EPERM);
}

namespace {

// Directories and links as they may lie on the way to a script.
struct Way {
  Way() {
    REQUIRE(::chmod(tree.root().c_str(), 0755) == 0);
    for (const char* name : {"a/b", "c"}) REQUIRE(::chmod(at(name).c_str(), 0755) == 0);
    for (const char* name : {"a/b/script", "c/script"})
      REQUIRE(::chmod(at(name).c_str(), 0755) == 0);
  }
  std::string at(const std::string& path) const { return (tree.root() / path).string(); }
  std::string refusal(const std::string& path) const {
    const auto failure = check_script(at(path));
    return failure ? std::string(failure->what) : "";
  }
  void link(const std::string& to, const std::string& from) const {
    std::filesystem::create_symlink(to, at(from));
  }

  const test::Tree tree{"-- a/b/script --\nx\n-- c/script --\ny\n"};
};

}  // namespace

TEST_CASE("a real one") {
  const Way way;
  CHECK(way.refusal("a/b/script").empty());
  CHECK(way.refusal("a//./b/../b/script").empty());
  CHECK(check_script(way.at("a/none"))->code == ENOENT);
  CHECK(check_script(way.at("a/b/script/x"))->code == ENOTDIR);
  CHECK(check_script("/")->code == EINVAL);
  REQUIRE(::chmod(way.at("a/b/script").c_str(), 0777) == 0);
  CHECK(way.refusal("a/b/script") == "others can write to it");
}

TEST_CASE("no directory above it may be anybody else's") {
  const Way way;
  REQUIRE(::chmod(way.at("a").c_str(), 0777) == 0);
  CHECK(way.refusal("a/b/script") == "others can write to a directory on its way");
  CHECK(way.refusal("c/script").empty());
  REQUIRE(::chmod(way.at("a").c_str(), 01777) == 0);
  CHECK(way.refusal("a/b/script").empty());
  REQUIRE(::chmod(way.at("a").c_str(), 0755) == 0);
  if (::geteuid() != 0) return;
  REQUIRE(::chown(way.at("a").c_str(), 12345, 0) == 0);
  CHECK(way.refusal("a/b/script") == "a directory on the way to it is another user's");
}

TEST_CASE("nor any that a link on the way leads through") {
  const Way way;
  way.link("a/b", "relative");
  way.link(way.at("c") + "/../relative/script", "absolute");
  way.link("endless", "endless");
  CHECK(way.refusal("absolute").empty());
  CHECK(open_script(way.at("absolute"))->real ==
        std::filesystem::canonical(way.at("a/b/script")).string());
  CHECK(check_script(way.at("endless"))->code == ELOOP);
  for (const char* name : {"a", "a/b"}) {
    CAPTURE(name);
    REQUIRE(::chmod(way.at(name).c_str(), 0777) == 0);
    CHECK(way.refusal("absolute") == "others can write to a directory on its way");
    REQUIRE(::chmod(way.at(name).c_str(), 0755) == 0);
  }
}

TEST_CASE("what was looked at stays what it is, whatever takes its place") {
  const Way way;
  const auto opened = open_script(way.at("a/b/script"));
  REQUIRE(opened);
  std::filesystem::rename(way.at("c/script"), way.at("a/b/script"));
  const base::UniqueFd file(
      ::open(("/proc/self/fd/" + std::to_string(opened->file.get())).c_str(), O_RDONLY));
  char byte = 0;
  REQUIRE(::read(file.get(), &byte, 1) == 1);
  CHECK(byte == 'x');
}
