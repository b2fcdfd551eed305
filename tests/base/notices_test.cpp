#include "base/notices.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/dir.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using base::Notices;

namespace {

// "made closed NAME" for each.
std::vector<std::string> told(Notices& notices, bool* is_whole = nullptr) {
  std::vector<std::string> all;
  const bool whole = notices.drain([&](const Notices::Notice& notice) {
    std::string line;
    if (notice.is_made) line += "made ";
    if (notice.is_closed) line += "closed ";
    if (notice.is_gone) line += "gone ";
    if (notice.is_self) line += "self ";
    if (notice.is_over) line += "over ";
    all.push_back(line + std::string(notice.name));
  });
  if (is_whole) *is_whole = whole;
  return all;
}

}  // namespace

TEST_CASE("entries that come, are written, are renamed and go are told") {
  const test::Tree tree("-- dir/ --\n");
  Notices notices;
  auto dir = base::Dir::open_at(tree.fd(), "dir");
  const auto watch = notices.add(dir->fd());
  REQUIRE(watch);
  CHECK(*notices.add(dir->fd()) == *watch);
  tree.write("dir/a", "text");
  std::filesystem::rename(tree.root() / "dir/a", tree.root() / "dir/b");
  std::filesystem::remove(tree.root() / "dir/b");
  std::filesystem::create_directory(tree.root() / "dir/c");
  CHECK(told(notices) == std::vector<std::string>{"made a", "closed a", "gone a", "made closed b",
                                                  "gone b", "made c"});
  CHECK(told(notices).empty());
  std::filesystem::remove_all(tree.root() / "dir");
  *dir = base::Dir();  // held open it would not be over
  const auto last = told(notices);
  CHECK(last.back() == "over ");
}

TEST_CASE("a watch that was taken away tells no more") {
  const test::Tree tree("-- dir/ --\n");
  Notices notices;
  const auto dir = base::Dir::open_at(tree.fd(), "dir");
  const auto watch = notices.add(dir->fd());
  REQUIRE(watch);
  notices.remove(*watch);
  tree.write("dir/a", "text");
  CHECK(told(notices) == std::vector<std::string>{"over "});
}

TEST_CASE("what is no directory cannot be watched") {
  const test::Tree tree("-- file --\ntext\n");
  Notices notices;
  const base::UniqueFd file(::openat(tree.fd(), "file", O_RDONLY | O_CLOEXEC));
  const auto watch = notices.add(file.get());
  REQUIRE_FALSE(watch);
  CHECK(watch.error().code == ENOTDIR);
}

TEST_CASE("only entries are told where writing is of no interest, and which are directories") {
  const test::Tree tree("-- dir/ --\n");
  Notices notices(Notices::Of::entries);
  const auto dir = base::Dir::open_at(tree.fd(), "dir");
  REQUIRE(notices.add(dir->fd()));
  tree.write("dir/file", "text");
  std::filesystem::create_directory(tree.root() / "dir/below");
  std::vector<bool> directories;
  CHECK(notices.drain([&](const Notices::Notice& notice) {
    CHECK(notice.is_made);
    directories.push_back(notice.is_directory);
  }));
  CHECK(directories == std::vector<bool>{false, true});
}
