#include "source/bpf/kernel_support.hpp"

#include <bpf/btf.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/kernel_file.hpp"
#include "source/bpf/rights.hpp"

namespace hostmeter::source::bpf {
namespace {

struct FreeBtf {
  void operator()(btf* types) const { btf__free(types); }
};
using Btf = std::unique_ptr<btf, FreeBtf>;

bool has_member(const btf* types, const char* structure, std::string_view member) {
  const int id = btf__find_by_name_kind(types, structure, BTF_KIND_STRUCT);
  if (id < 0) return false;
  const btf_type* type = btf__type_by_id(types, std::uint32_t(id));
  const btf_member* members = btf_members(type);
  for (std::uint32_t i = 0; i < btf_vlen(type); ++i)
    if (btf__name_by_offset(types, members[i].name_off) == member) return true;
  return false;
}

// What tp_btf attaches to is known by this name: a typedef of a pointer to the probe's prototype.
const btf_type* prototype_of(const btf* types, const char* tracepoint) {
  const std::string name = std::string("btf_trace_") + tracepoint;
  const int id = btf__find_by_name_kind(types, name.c_str(), BTF_KIND_TYPEDEF);
  if (id < 0) return nullptr;
  const btf_type* pointer = btf__type_by_id(types, btf__type_by_id(types, std::uint32_t(id))->type);
  if (!pointer || !btf_is_ptr(pointer)) return nullptr;
  const btf_type* prototype = btf__type_by_id(types, pointer->type);
  return prototype && btf_is_func_proto(prototype) ? prototype : nullptr;
}

bool is_confidential(const base::Dir& sys) {
  base::Buffer buffer(256);
  const auto mode = base::read_once(sys.fd(), "kernel/security/lockdown", buffer);
  return mode && mode->find("[confidentiality]") != std::string_view::npos;
}

}  // namespace

std::optional<Error> blkio_lacks() {
  const Btf types(btf__load_vmlinux_btf());
  if (!types) return Error{ENOENT, "the kernel has no BTF (CONFIG_DEBUG_INFO_BTF)"};
  for (const char* tracepoint : {"block_rq_issue", "block_rq_requeue", "block_getrq"})
    if (!prototype_of(types.get(), tracepoint))
      return Error{ENOENT, "the kernel lacks block_rq_issue, block_rq_requeue or block_getrq"};
  if (!has_member(types.get(), "bio", "bi_blkg"))
    return Error{ENOENT, "the kernel does not know a block request's cgroup (CONFIG_BLK_CGROUP)"};
  if (!base::may(kLoadRights))
    return Error{EPERM, "needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN"};
  return {};
}

bool takes_queue(const char* tracepoint) {
  const Btf types(btf__load_vmlinux_btf());
  const btf_type* prototype = types ? prototype_of(types.get(), tracepoint) : nullptr;
  return prototype && btf_vlen(prototype) > 2;  // 2: the context that all get, and the one argument
}

Error load_refused(int code, const base::Dir& sys) {
  switch (code) {
    case EPERM:
      if (is_confidential(sys))
        return {code, "kernel lockdown in confidentiality mode forbids BPF to read the kernel"};
      return {code,
              "bpf() is forbidden although the capabilities are there: by seccomp, by a security "
              "module, or because this is a user namespace"};
    case EACCES:
    case EINVAL:
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
