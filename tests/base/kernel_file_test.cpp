#include "base/kernel_file.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/tree.hpp"

using namespace hostmeter;
using base::Buffer;
using base::KeptFile;
using base::KernelFile;

TEST_CASE("a kept file is read anew each time") {
  const test::Tree tree("-- a --\n1\n");
  Buffer buffer;
  auto file = KernelFile::open_at(tree.fd(), "a");
  REQUIRE(file);
  CHECK(*file->read(buffer) == "1\n");
  tree.write("a", "23\n");
  CHECK(*file->read(buffer) == "23\n");
  CHECK(*file->read_single(buffer) == "23\n");
}

TEST_CASE("a file larger than the buffer makes the buffer grow, up to a bound") {
  const test::Tree tree("-- a --\n");
  tree.write("a", std::string(100'000, 'x'));
  Buffer buffer(16);
  auto file = KernelFile::open_at(tree.fd(), "a");
  CHECK(file->read_single(buffer)->size() == 100'000);
  tree.write("a", std::string(Buffer::kMost + 1, 'x'));
  CHECK(file->read(buffer).error().code == EFBIG);
}

TEST_CASE("a file that is not there yet is found when it appears, without asking each time") {
  const test::Tree tree("");
  Buffer buffer;
  KeptFile file("later");
  CHECK(file.read(tree.fd(), buffer).error().code == ENOENT);
  tree.write("later", "1");
  CHECK(file.read(tree.fd(), buffer).error().code == ENOENT);
  for (unsigned i = 0; i < KeptFile::kRetryReads; ++i) (void)file.read(tree.fd(), buffer);
  CHECK(*file.read(tree.fd(), buffer) == "1");
}
