#include "base/text_tree.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "support/tree.hpp"

using namespace hostmeter;
using base::from_text_tree;
using base::to_text_tree;
namespace fs = std::filesystem;

namespace {
std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
}  // namespace

TEST_CASE("any bytes come back as they were") {
  const test::Tree before(""), after("");
  const std::string cases[] = {"",
                               "\n",
                               "a",
                               "a\n",
                               "a\n\n",
                               "\n\n",
                               "-- x --\n",
                               "-- x --",
                               "a\\x41\n",
                               "\\",
                               std::string("\0a\0", 3),
                               std::string("\xFF\r\n\x7F", 4),
                               "-- x --\n-\n",
                               std::string("\0", 1) + "\n-- a --",
                               "--  --\n",
                               "ü\n"};
  for (std::size_t i = 0; i < std::size(cases); ++i)
    before.write("dir/f" + std::to_string(i), cases[i]);
  fs::create_directories(before.root() / "empty/inner");
  fs::create_symlink("net:[4026531840]", before.root() / "link");
  fs::create_symlink("../nowhere (escaped)", before.root() / "dangling");

  const auto packed = to_text_tree(before.root());
  REQUIRE(packed);
  CHECK(packed->left_out.empty());
  const auto made = from_text_tree(packed->text, after.root());
  REQUIRE(made);
  CHECK(*made == std::size(cases) + 3);
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    CAPTURE(i);
    CHECK((content(after.root() / ("dir/f" + std::to_string(i))) == cases[i]));
  }
  CHECK(fs::is_directory(after.root() / "empty/inner"));
  CHECK(fs::read_symlink(after.root() / "link") == "net:[4026531840]");
  CHECK(to_text_tree(after.root())->text == packed->text);
}

TEST_CASE("names that would be read as something else are left out aloud") {
  const test::Tree tree("");
  for (const char* name : {"a -> b", "a (escaped)", "a\nb", "good"}) tree.write(name, "x\n");
  const auto packed = to_text_tree(tree.root());
  REQUIRE(packed);
  CHECK(packed->text == "-- good --\nx\n");
  CHECK(packed->left_out.size() == 3);
  CHECK_FALSE(to_text_tree(tree.root() / "none"));
}

TEST_CASE("a text cannot write outside its directory") {
  for (const char* text : {"-- ../x --\n", "-- /tmp/x --\n", "-- a/../../x --\n",
                           "-- l -> .. --\n-- l/x --\n", "-- l -> /dev/null --\n-- l --\nx\n",
                           "-- x (escaped) --\n\\q\n", "-- x (escaped) --\n\\x4\n"}) {
    CAPTURE(text);
    const test::Tree tree("");
    CHECK_FALSE(from_text_tree(text, tree.root()));
  }
}
