#include "source/script/pipe_size.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::source::script;

TEST_CASE("a pipe holds a whole output, as far as the host's bounds go") {
  CHECK(pipe_bytes("1048576\n", "16384\n", 4096, 4) == 1U << 20);
  CHECK(pipe_bytes("16777216\n", "0\n", 4096, 64) == 1U << 20);
  CHECK(pipe_bytes("300000\n", "16384\n", 4096, 4) == 256U << 10);
}

TEST_CASE("all pipes together leave the user's others enough") {
  CHECK(pipe_bytes("1048576\n", "16384\n", 4096, 16) == 1U << 20);
  CHECK(pipe_bytes("1048576\n", "16384\n", 4096, 17) == 512U << 10);
  CHECK(pipe_bytes("1048576\n", "16384\n", 4096, 64) == 256U << 10);
  CHECK(pipe_bytes("1048576\n", "18446744073709551615\n", 65536, 64) == 1U << 20);
}

TEST_CASE("where nothing is to be had or known it is what a pipe has anyway") {
  CHECK(pipe_bytes("4096\n", "16384\n", 4096, 4) == kUsualPipe);
  CHECK(pipe_bytes("1048576\n", "64\n", 4096, 4) == kUsualPipe);
  CHECK(pipe_bytes("", "16384\n", 4096, 4) == kUsualPipe);
  CHECK(pipe_bytes("1048576\n", "", 4096, 4) == kUsualPipe);
  CHECK(pipe_bytes("1048576\n", "16384\n", 4096, 0) == 1U << 20);
}
