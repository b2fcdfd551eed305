#include "app/open_files.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <list>

#include "base/unique_fd.hpp"

using hostmeter::app::OpenFiles;
using hostmeter::base::UniqueFd;

namespace {

UniqueFd some_file() {
  return UniqueFd(::open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace

TEST_CASE("every descriptor counts, and none of our own looking") {
  const char* const own = "/proc/self/fd";
  const auto before = OpenFiles(own).count();
  REQUIRE(before);
  std::list<UniqueFd> more;
  for (int i = 0; i < 300; ++i) more.push_back(some_file());
  CHECK(OpenFiles(own).count() == *before + 300);
}

// A directory of numbers whose size the kernel never tells: what /proc/self/fd was before 6.2.
TEST_CASE("where the kernel does not know the number the entries are counted, seldom") {
  const char* const descriptors = "/proc/self/fdinfo";
  struct stat status {};
  REQUIRE(::stat(descriptors, &status) == 0);
  REQUIRE(status.st_size == 0);
  OpenFiles files(descriptors);
  const auto first = files.count();
  REQUIRE(first);
  REQUIRE(*first > 2);
  std::list<UniqueFd> more;
  for (int i = 0; i < 300; ++i) more.push_back(some_file());
  for (unsigned i = 1; i < OpenFiles::kCountTicks; ++i) CHECK(files.count() == first);
  CHECK(files.count() == *first + 300);
}

TEST_CASE("where nothing can be counted the number is absent") {
  CHECK_FALSE(OpenFiles("/nowhere").count());
  CHECK_FALSE(OpenFiles("/proc/self/stat").count());
}
