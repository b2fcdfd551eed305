#include "source/bpf/code_constant.hpp"

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include <vector>

namespace hostmeter::source::bpf {

bool set_code_constant(bpf_program* program, wire_code_constant name, std::uint32_t value) {
  const bpf_insn* const begin = bpf_program__insns(program);
  std::vector<bpf_insn> code(begin, begin + bpf_program__insn_cnt(program));
  bool found = false;
  for (bpf_insn& one : code) {
    if (one.code != (BPF_ALU64 | BPF_MOV | BPF_K) || one.imm != std::int32_t(name)) continue;
    one.imm = std::int32_t(value);
    found = true;
  }
  // As many instructions as before: what libbpf has noted of their places stays true.
  return found && bpf_program__set_insns(program, code.data(), code.size()) == 0;
}

}  // namespace hostmeter::source::bpf
