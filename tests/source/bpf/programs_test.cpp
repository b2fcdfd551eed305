#include "source/bpf/programs.hpp"

#include <bpf/bpf.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <array>
#include <cstdio>

using namespace hostmeter::source::bpf;

TEST_CASE("what the kernel does not tell of a program is not 0") {
  UseRights rights;
  const int none[] = {-1};
  CHECK_FALSE(recursion_misses(none, rights));
  CHECK(recursion_misses({}, rights) == 0U);
}

TEST_CASE("the kernel is asked for a program's misses at the first of every 15 looks") {
  std::array<bpf_insn, 2> end{};
  end[0].code = BPF_ALU64 | BPF_MOV | BPF_K;  // r0 = 0
  end[1].code = BPF_JMP | BPF_EXIT;
  const int program = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "hostmeter_test", "GPL",
                                    end.data(), end.size(), nullptr);
  UseRights rights;
  if (program < 0 || !recursion_misses(std::array{program}, rights)) {
    std::puts("SKIPPED: needs the right to load BPF programs, and Linux 5.12");
    return;
  }
  const int descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  RecursionMisses misses({descriptor});
  CHECK_FALSE(misses.look(rights));
  ::dup2(program, descriptor);
  for (unsigned look = 1; look < 15; ++look) CHECK_FALSE(misses.look(rights));
  CHECK(misses.look(rights) == 0U);
  ::close(descriptor);
  for (unsigned look = 1; look < 15; ++look) CHECK(misses.look(rights) == 0U);
  CHECK_FALSE(misses.look(rights));
  ::close(program);
}
