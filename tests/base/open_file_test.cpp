#include "base/open_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

#include "base/capabilities.hpp"
#include "base/dir.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::base;

namespace {

// A file in a directory that is another user's alone.
struct Closed {
  test::Tree tree{"-- closed/file --\nread me\n"};
  std::string path = (tree.root() / "closed/file").string();
  bool is_closed = ::chown((tree.root() / "closed").c_str(), 12345, 12345) == 0 &&
                   ::chmod((tree.root() / "closed").c_str(), 0700) == 0;
};

}  // namespace

TEST_CASE("what anyone may read is opened, and not inherited") {
  const test::Tree tree("-- file --\nx\n");
  const UniqueFd fd = open_file(AT_FDCWD, (tree.root() / "file").c_str(), O_RDONLY);
  REQUIRE(fd);
  CHECK((::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK_FALSE(open_file(AT_FDCWD, (tree.root() / "nothing").c_str(), O_RDONLY));
  CHECK(errno == ENOENT);
}

TEST_CASE("what is closed is opened by a right that lasts no longer than that") {
  if (!may({CAP_DAC_READ_SEARCH}) || !may({CAP_DAC_OVERRIDE}) || ::geteuid() != 0) {
    MESSAGE("SKIPPED: needs root with CAP_DAC_READ_SEARCH and CAP_DAC_OVERRIDE to be permitted");
    return;
  }
  const Closed closed;
  REQUIRE(closed.is_closed);
  const auto open_keeping = [&](CapabilitySet keep) {
    bool opened = false;
    int failure = 0;
    std::thread([&] {  // capabilities are a thread's own
      REQUIRE_FALSE(lock(keep));
      REQUIRE_FALSE(lower_all());
      opened = bool(open_file(AT_FDCWD, closed.path.c_str(), O_RDONLY));
      failure = errno;
      CHECK(capabilities()->effective == CapabilitySet{});
    })
        .join();
    CHECK((opened || failure == EACCES));
    return opened;
  };
  CHECK(open_keeping({CAP_DAC_READ_SEARCH}));
  CHECK(open_keeping({CAP_DAC_OVERRIDE}));
  CHECK_FALSE(open_keeping({CAP_SYS_ADMIN}));
  CHECK_FALSE(open_keeping({}));
}

TEST_CASE("links below a root mean what they mean there") {
  const test::Tree tree("-- data/file --\nx\n");
  REQUIRE(::symlinkat("/data", tree.fd(), "absolute") == 0);
  REQUIRE(::symlinkat("../../data", tree.fd(), "out") == 0);
  CHECK(open_in_root(tree.fd(), "absolute/file", O_RDONLY));
  CHECK(open_in_root(tree.fd(), "out/file", O_RDONLY));
  CHECK(open_in_root(tree.fd(), "/data/file", O_RDONLY));
  CHECK_FALSE(open_in_root(tree.fd(), "absolute/nothing", O_RDONLY));
  CHECK(errno == ENOENT);
  const UniqueFd fd = open_in_root(tree.fd(), "data/file", O_RDONLY);
  CHECK((::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("a link that leads out of the directory is not followed, one within it is") {
  const test::Tree tree("-- dir/file --\nx\n-- outside --\nx\n");
  const auto link = [&](const char* name, const char* to) {
    REQUIRE(::symlink(to, (tree.root() / "dir" / name).c_str()) == 0);
  };
  link("within", "file");
  link("out", "../outside");
  link("absolute", "/etc/passwd");
  const auto dir = Dir::open((tree.root() / "dir").c_str());
  REQUIRE(dir);
  CHECK(open_beneath(dir->fd(), "file", O_RDONLY));
  CHECK(open_beneath(dir->fd(), "within", O_RDONLY));
  for (const char* name : {"out", "absolute", "../outside"}) {
    CAPTURE(name);
    CHECK_FALSE(open_beneath(dir->fd(), name, O_RDONLY));
    CHECK(errno == EXDEV);
  }
}
