#include "source/bpf/kernel_support.hpp"

#include <bpf/bpf.h>
#include <unistd.h>

#include <iterator>
#include <string_view>

#include "base/kernel_file.hpp"
#include "base/unique_fd.hpp"
#include "source/bpf/kernel_symbols.hpp"
#include "source/bpf/kernel_types.hpp"
#include "source/bpf/rights.hpp"

namespace hostmeter::source::bpf {
namespace {

bool is_confidential(const base::Dir& sys) {
  base::Buffer buffer(256);
  const auto mode = base::read_once(sys.fd(), "kernel/security/lockdown", buffer);
  return mode && mode->find("[confidentiality]") != std::string_view::npos;
}

constexpr std::string_view kConfidential =
    "kernel lockdown in confidentiality mode forbids BPF to read the kernel";

}  // namespace

std::optional<Error> memory_closed(const base::Dir& sys) {
  // bpf_probe_read_kernel(r10 - 8, 8, 0). libbpf's own probe looks for words of the verifier that
  // 6.12 has changed.
  constexpr bpf_insn kRead[] = {
      {BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_1, BPF_REG_10, 0, 0},
      // NOLINTNEXTLINE(misc-redundant-expression): both happen to be 0.
      {BPF_ALU64 | BPF_ADD | BPF_K, BPF_REG_1, 0, 0, -8},
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_2, 0, 0, 8},
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_3, 0, 0, 0},
      {BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_probe_read_kernel},
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 0},
      {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
  };
  const LoadRights rights;
  const int program = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "hostmeter_ask", "GPL", kRead,
                                    std::size(kRead), nullptr);
  if (program < 0) return load_refused(-program, sys);
  ::close(program);
  return {};
}

std::optional<Error> blkio_issue_lacks() {
  const auto types = KernelTypes::load();
  if (!types) return types.error();
  if (!types->has_issue_tracepoints())
    return Error{ENOENT, "the kernel lacks block_rq_issue or block_rq_requeue"};
  if (!types->enumerator("bpf_map_type", "BPF_MAP_TYPE_RINGBUF"))
    return Error{ENOENT, "the kernel has no BPF ring buffer"};
  if (!types->has_member("bio", "bi_blkg"))
    return Error{ENOENT, "the kernel does not know a block request's cgroup (CONFIG_BLK_CGROUP)"};
  if (!base::may(kLoadRights))
    return Error{EPERM, "needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN"};
  return {};
}

bool takes_queue(const char* tracepoint) {
  const auto types = KernelTypes::load();
  return types && types->tracepoint_arguments(tracepoint) > 1U;
}

// As libbpf finds out whether it must raise RLIMIT_MEMLOCK: that helper came with 5.11, too.
bool maps_are_locked_memory() {
  const auto types = KernelTypes::load();
  return types && !types->enumerator("bpf_func_id", "BPF_FUNC_ktime_get_coarse_ns");
}

bool use_needs_rights() {
  const auto make_map = [] {
    const LoadRights rights;
    return bpf_map_create(BPF_MAP_TYPE_ARRAY, "hostmeter_ask", sizeof(std::uint32_t),
                          sizeof(std::uint64_t), 1, nullptr);
  };
  const base::UniqueFd map(make_map());
  if (!map) return false;  // nothing is going to be loaded
  const std::uint32_t key = 0;
  std::uint64_t value = 0;
  UseRights rights;
  rights.run([&] { return bpf_map_lookup_elem(map.get(), &key, &value); });
  return rights.needed();
}

Error load_refused(int code, const base::Dir& sys) {
  switch (code) {
    case EPERM:
      if (is_confidential(sys)) return {code, kConfidential};
      return {code,
              "bpf() is forbidden although the capabilities are there: by seccomp, by a security "
              "module, or because this is a user namespace"};
    case EACCES:
    case EINVAL:
      // Then the helpers that read do not exist for the verifier.
      if (is_confidential(sys)) return {EPERM, kConfidential};
      return {code, "the kernel's verifier refused the program"};
    case ENOMEM:
    case E2BIG:
      return {code, "the kernel has no memory for the map"};
    case ENOSYS:
      return {code, "the kernel has no bpf()"};
    default:
      return {code, "the kernel did not load the program"};
  }
}

std::string_view mend_of(const Error& error) {
  switch (error.code) {
    case EPERM:
      if (error.what.find("lockdown") != std::string_view::npos)
        return "start the kernel with lockdown=integrity or none, or leave it so";
      if (error.what == kRightsEnd.what) return "add \"CAP_BPF\" to rights.keep";
      if (error.what == kAddressesHidden.what)
        return "run with CAP_SYSLOG, and set kernel.kptr_restrict to 0 or 1";
      if (error.what.find("although") != std::string_view::npos)
        return "allow bpf() in the seccomp profile and run outside of a user namespace";
      return "run as root, or with CAP_BPF and CAP_PERFMON (before Linux 5.8 CAP_SYS_ADMIN)";
    case ENOENT:
    case EOPNOTSUPP:
    case ENOSYS:
      return "run a newer kernel, or one with CONFIG_BPF_SYSCALL and CONFIG_DEBUG_INFO_BTF, as "
             "distributions build it";
    case ENOMEM:
    case E2BIG:
      return "raise the memory limit of the agent's cgroup, or lower map_entries in [bpf]";
    default:
      return "report it with the output of hostmeter doctor --json and --log-level debug";
  }
}

}  // namespace hostmeter::source::bpf
