#include "tool/record/writer.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/text_tree.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

namespace {
struct Made {
  explicit Made(const tool::Bounds& bounds = {})
      : from(std::move(*base::Dir::open(source.root().c_str()))),
        into(std::move(*base::Dir::open(out.root().c_str()))),
        writer(into, tool::Scrubber({}), bounds) {}
  test::Tree source{
      "-- a --\n12345\n-- b --\n1234567890\n-- mac --\n52:54:00:12:34:56\n-- l -> net:[1] --\n-- "
      "d/ --\n"},
      out{""};
  base::Dir from, into;
  tool::Writer writer;
  std::string written() const { return base::to_text_tree(out.root())->text; }
};
}  // namespace

TEST_CASE("files and links are written scrubbed, readable by their owner only") {
  Made made;
  made.writer.copy(made.from, "mac", "x/y/mac");
  made.writer.copy_link(made.from, "l", "x/l");
  made.writer.directory("x/enx525400123456");
  CHECK(made.written() ==
        "-- x/enx020000000001/ --\n-- x/l -> net:[1] --\n-- x/y/mac --\n02:00:00:00:00:01\n");
  CHECK(made.writer.summary().files == 1);
  CHECK(made.writer.summary().links == 2);
  struct stat status {};
  REQUIRE(::stat((made.out.root() / "x/y/mac").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("what is not there, no file or write-only is passed over; a second time is the first") {
  Made made;
  ::chmod((made.source.root() / "b").c_str(), 0200);
  for (const char* name : {"none", "d", "b", "a/x"}) made.writer.copy(made.from, name, name);
  made.writer.copy_link(made.from, "a", "a");
  made.writer.copy_link(made.from, "none", "none");
  made.writer.copy(made.from, "a", "a");
  made.writer.copy(made.from, "a", "a");
  CHECK(made.written() == "-- a --\n12345\n");
  CHECK(made.writer.failure() == 0);
}

TEST_CASE("a recording that reached a bound says so") {
  Made few({1, 1000, 1000});
  few.writer.copy(few.from, "a", "a");
  CHECK_FALSE(few.writer.summary().truncated);
  few.writer.copy(few.from, "b", "b");
  CHECK(few.writer.summary().truncated);
  CHECK(few.written() == "-- a --\n12345\n");

  Made small({10, 10, 1000});
  small.writer.copy(small.from, "a", "a");
  small.writer.copy(small.from, "b", "b");
  CHECK(small.writer.summary().truncated);
  CHECK(small.writer.summary().bytes == 6);

  Made short_files({10, 1000, 6});
  short_files.writer.copy(short_files.from, "b", "b");
  short_files.writer.copy(short_files.from, "a", "a");
  CHECK(short_files.writer.summary().truncated);
  CHECK(short_files.writer.summary().unreadable == std::vector<std::string>{"b: File too large"});
  CHECK(short_files.writer.summary().files == 1);
}
