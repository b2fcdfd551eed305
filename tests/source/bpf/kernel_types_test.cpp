#include "source/bpf/kernel_types.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using namespace hostmeter;
using source::bpf::KernelTypes;

TEST_CASE("the kernel's own types are found, and others are not") {
  const auto types = KernelTypes::load();
  if (!types) {
    CHECK(types.error().code == ENOENT);
    CHECK(::access("/sys/kernel/btf/vmlinux", R_OK) != 0);
    MESSAGE("no BTF here: the rest is not tested");
    return;
  }
  CHECK(types->has_struct("task_struct"));
  CHECK_FALSE(types->has_struct("task_struct_that_never_was"));
  CHECK(types->has_member("task_struct", "pid"));
  CHECK_FALSE(types->has_member("task_struct", "pi"));
  CHECK_FALSE(types->has_member("task_struct_that_never_was", "pid"));
  CHECK(types->has_function("schedule"));
  CHECK_FALSE(types->has_function("task_struct"));
}

TEST_CASE("arrays have a size, and enumerators are found in enums without a name, too") {
  const auto types = KernelTypes::load();
  if (!types) return;
  CHECK(types->elements("task_struct", "comm") == 16U);
  CHECK_FALSE(types->elements("task_struct", "pid"));
  CHECK_FALSE(types->elements("task_struct", "comm_that_never_was"));
  CHECK(types->enumerator("bpf_func_id", "BPF_FUNC_map_lookup_elem") == 1);
  CHECK_FALSE(types->enumerator("bpf_func_id", "CSS_ONLINE"));
  CHECK_FALSE(types->enumerator("bpf_func_id_that_never_was", "BPF_FUNC_map_lookup_elem"));
  CHECK(types->enumerator("CSS_ONLINE") == 2);
  CHECK_FALSE(types->enumerator("CSS_THAT_NEVER_WAS"));
}

TEST_CASE("arguments of a tracepoint are counted without the context") {
  const auto types = KernelTypes::load();
  if (!types) return;
  CHECK(types->tracepoint_arguments("sched_process_exec") == 3U);
  CHECK(types->tracepoint_arguments("sched_process_fork") == 2U);
  CHECK_FALSE(types->has_tracepoint("sched_process_that_never_was"));
  CHECK_FALSE(types->has_tracepoint(""));
}
