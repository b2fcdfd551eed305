#include "source/bpf/code_constant.hpp"

#include <bpf/libbpf.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <span>

#include "hostmeter/wire/touched.h"
// The skeletons need it.
#include "blkio.skel.h"
#include "run_queue.skel.h"

using namespace hostmeter::source::bpf;

namespace {

struct Fixture {
  std::unique_ptr<run_queue, void (*)(run_queue*)> skeleton{run_queue__open(), run_queue__destroy};
  bpf_program* program = skeleton->progs.switched;

  std::ptrdiff_t count(std::int32_t immediate) const {
    const std::span code(bpf_program__insns(program), bpf_program__insn_cnt(program));
    return std::count_if(code.begin(), code.end(),
                         [&](const bpf_insn& one) { return one.imm == immediate; });
  }
};

// Everywhere in the object, in functions that programs call as well.
std::ptrdiff_t count_all(const void* elf, std::size_t size, std::int32_t immediate) {
  const std::span bytes(static_cast<const char*>(elf), size);
  const char* const wanted = reinterpret_cast<const char*>(&immediate);
  std::ptrdiff_t found = 0;
  for (auto at = bytes.begin();; ++at, ++found) {
    at = std::search(at, bytes.end(), wanted, wanted + sizeof immediate);
    if (at == bytes.end()) return found;
  }
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a constant is in the code in place of its name, and nothing else is") {
  const auto length = bpf_program__insn_cnt(program);
  CHECK(count(WIRE_WAIT_THRESHOLD_NS) == 1);
  REQUIRE(set_code_constant(program, WIRE_WAIT_THRESHOLD_NS, 123'456'789));
  CHECK(count(WIRE_WAIT_THRESHOLD_NS) == 0);
  CHECK(count(123'456'789) == 1);
  CHECK(bpf_program__insn_cnt(program) == length);
}

TEST_CASE_FIXTURE(Fixture, "what a program does not have is not set") {
  CHECK_FALSE(set_code_constant(program, WIRE_DIRECT_ROWS, 512));
  CHECK(count(512) == 0);
  REQUIRE(set_code_constant(program, WIRE_WAIT_THRESHOLD_NS, 1));
  CHECK_FALSE(set_code_constant(program, WIRE_WAIT_THRESHOLD_NS, 2));
}

// What the loader cannot reach would go to the hash each time, and nobody would see it.
TEST_CASE("each program has its constant once, and no function that it calls has it") {
  std::size_t size = 0;
  const void* elf = run_queue__elf_bytes(&size);
  CHECK(count_all(elf, size, WIRE_WAIT_THRESHOLD_NS) == 1);
  elf = blkio__elf_bytes(&size);
  CHECK(count_all(elf, size, WIRE_DIRECT_ROWS) == 5);
}
