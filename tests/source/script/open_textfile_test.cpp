#include "source/script/open_textfile.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <thread>

#include "base/capabilities.hpp"
#include "base/dir.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using source::script::open_textfile;
namespace fs = std::filesystem;

namespace {

constexpr uid_t kTheirs = 12345, kOthers = 12346;

struct Lab {
  Lab() { REQUIRE(dir); }
  fs::path path(const char* name) const { return tree.root() / name; }
  void own(const char* name, uid_t user, mode_t mode) const {
    REQUIRE(::chown(path(name).c_str(), user, user) == 0);
    REQUIRE(::chmod(path(name).c_str(), mode) == 0);
  }
  int failure(const char* name) const {
    const auto opened = open_textfile(dir->fd(), name);
    return opened ? 0 : opened.error().code;
  }
  test::Tree tree{
      "-- text/a.prom --\na 1\n-- text/sub/b.prom --\nb 1\n-- secret/c --\nc 1\n"
      "-- text/d.prom --\nd 1\n"};
  Result<base::Dir> dir = base::Dir::open((tree.root() / "text").c_str());
};

}  // namespace

TEST_CASE("links are followed within the directory, and not out of it") {
  const Lab lab;
  fs::create_symlink("sub/b.prom", lab.path("text/in.prom"));
  fs::create_symlink("../secret/c", lab.path("text/out.prom"));
  fs::create_symlink(lab.path("secret/c"), lab.path("text/absolute.prom"));
  fs::create_symlink("../secret", lab.path("text/way"));
  CHECK(lab.failure("a.prom") == 0);
  CHECK(lab.failure("in.prom") == 0);
  CHECK(lab.failure("out.prom") == EXDEV);
  CHECK(lab.failure("absolute.prom") == EXDEV);
  CHECK(lab.failure("way/c") == EXDEV);
  CHECK(lab.failure("nothing.prom") == ENOENT);
}

TEST_CASE("what is no regular file is not opened") {
  const Lab lab;
  REQUIRE(::mkfifo(lab.path("text/pipe.prom").c_str(), 0600) == 0);
  CHECK(lab.failure("pipe.prom") == EINVAL);
  // Whoever writes into it would find a reader now, had it been opened.
  CHECK(::open(lab.path("text/pipe.prom").c_str(), O_WRONLY | O_NONBLOCK) == -1);
  CHECK(errno == ENXIO);
  CHECK(lab.failure("sub") == EINVAL);
}

TEST_CASE("a directory's owner cannot give what root alone may read") {
  if (::geteuid() != 0 || !base::may({CAP_DAC_READ_SEARCH})) {
    MESSAGE("SKIPPED: needs root with CAP_DAC_READ_SEARCH to be permitted");
    return;
  }
  const Lab lab;
  lab.own("text", kTheirs, 0700);
  lab.own("text/a.prom", kTheirs, 0600);
  lab.own("text/d.prom", kOthers, 0600);
  fs::create_hard_link(lab.path("secret/c"), lab.path("text/c.prom"));
  lab.own("secret/c", 0, 0600);
  CHECK(lab.failure("c.prom") == EPERM);
  lab.own("secret/c", 0, 0644);
  CHECK(lab.failure("c.prom") == 0);
  std::thread([&] {  // capabilities are a thread's own
    REQUIRE_FALSE(base::lower_all());
    CHECK(lab.failure("a.prom") == 0);  // theirs: by the right to read
    CHECK(lab.failure("d.prom") == EACCES);
  })
      .join();
}
