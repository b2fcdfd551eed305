// Numbers in the code of BPF programs: hostmeter/wire/code_constant.h.
#pragma once
#include <cstdint>

#include "hostmeter/wire/code_constant.h"

struct bpf_program;

namespace hostmeter::source::bpf {

// Before the program is loaded. False: it has no such constant, or there is no memory.
bool set_code_constant(bpf_program* program, wire_code_constant name, std::uint32_t value);

}  // namespace hostmeter::source::bpf
