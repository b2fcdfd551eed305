#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/kernel_values.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec sysctl_fs;
}

TEST_CASE("numbers of each file, by what each of them is") {
  const auto said =
      test::kernel_values(source::proc::sysctl_fs,
                          "-- proc/sys/fs/aio-nr --\n1\n-- proc/sys/fs/file-nr --\n1024\t0\t9000\n"
                          "-- proc/sys/fs/inode-state --\n30\t4\t0\t0\t0\t0\t0\n"
                          "-- proc/sys/fs/dentry-state --\n50\t40\t45\t0\t10\t0\n");
  CHECK(said.size() == 10);
  CHECK(said.at("sys/fs  aio-nr") == 1);
  CHECK(said.at("sys/fs  file-nr") == 1024);
  CHECK(said.at("sys/fs  file-max") == 9000);
  CHECK(said.at("sys/fs  inode-free-nr") == 4);
  CHECK(said.at("sys/fs  dentry-age-limit") == 45);
}

TEST_CASE("it reads only where it is asked for, and without its files it says nothing") {
  CHECK(source::proc::sysctl_fs.when == source::proc::When::asked);
  CHECK(test::kernel_values(source::proc::sysctl_fs, "-- proc/nothing --\n").empty());
}
