#include "source/script/seccomp.hpp"

#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "base/unique_fd.hpp"

// libseccomp's macros for comparisons are compound literals.
#ifdef __clang__
#pragma clang diagnostic ignored "-Wc99-extensions"
#endif

namespace hostmeter::source::script {
namespace {

// Names that libseccomp does not know are of calls that it could not be asked to refuse either.
constexpr const char* kRefused[] = {
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "chroot",
    "fsopen",
    "fsmount",
    "fsconfig",
    "fspick",
    "move_mount",
    "open_tree",
    "mount_setattr",
    "setns",
    "unshare",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "kcmp",
    "pidfd_getfd",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "keyctl",
    "add_key",
    "request_key",
    "init_module",
    "finit_module",
    "delete_module",
    "create_module",
    "query_module",
    "get_kernel_syms",
    "reboot",
    "kexec_load",
    "kexec_file_load",
    "swapon",
    "swapoff",
    "quotactl",
    "quotactl_fd",
    "acct",
    "syslog",
    "nfsservctl",
    "uselib",
    "lookup_dcookie",
    "open_by_handle_at",
    "fanotify_init",
    "vhangup",
    "iopl",
    "ioperm",
    "modify_ldt",
    "vm86",
    "vm86old",
    "settimeofday",
    "stime",
    "adjtimex",
    "clock_settime",
    "clock_adjtime",
    "sethostname",
    "setdomainname",
    "mbind",
    "set_mempolicy",
    "migrate_pages",
    "move_pages",
    "personality",
    "_sysctl",
};
// What terminals and consoles take as if it had been typed.
constexpr unsigned long kTerminalCalls[] = {TIOCSTI, 0x541C /* TIOCLINUX */, TIOCCONS};
constexpr unsigned long kNamespaces[] = {CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                         CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET};
constexpr unsigned kFamilies = 64;          // more than the kernel has
constexpr unsigned kTypes = 0xF;            // the bits of a socket's type that are no flags
constexpr std::uint64_t kLow = 0xFFFFFFFF;  // the kernel looks at no more of an int

using Filter = std::unique_ptr<void, void (*)(void*)>;

class RuleSet {
 public:
  explicit RuleSet(scmp_filter_ctx filter) : filter_(filter) {}
  void refuse(const char* name, int error = EPERM) {
    const int call = ::seccomp_syscall_resolve_name(name);
    if (call != __NR_SCMP_ERROR) note(::seccomp_rule_add(filter_, SCMP_ACT_ERRNO(error), call, 0));
  }
  template <class... Compare>
  void refuse_if(int call, int error, Compare... compare) {
    note(::seccomp_rule_add(filter_, SCMP_ACT_ERRNO(error), call, sizeof...(compare), compare...));
  }
  int failure() const { return failure_; }

 private:
  void note(int result) {
    if (result < 0 && failure_ == 0) failure_ = -result;
  }
  scmp_filter_ctx filter_;
  int failure_ = 0;
};

// All that makes a difference between the filters of two runs.
struct Kind {
  bool network = false, sockets = false;
  explicit Kind(std::size_t index) : network((index & 1U) != 0), sockets((index & 2U) != 0) {}
  explicit Kind(const Allowances& allow)
      : network(allow.network), sockets(!allow.sockets.empty()) {}
  std::size_t index() const { return std::size_t(network) + 2 * std::size_t(sockets); }
};

bool is_allowed(unsigned family, Kind kind) {
  if (family == AF_UNIX) return kind.sockets;
  return kind.network && (family == AF_INET || family == AF_INET6 || family == AF_NETLINK);
}

void add_sockets(RuleSet& rules, Kind kind) {
  for (unsigned family = 0; family < kFamilies; ++family) {
    if (!is_allowed(family, kind))
      rules.refuse_if(SCMP_SYS(socket), EACCES, SCMP_A0(SCMP_CMP_MASKED_EQ, kLow, family));
    if (family != AF_UNIX)
      rules.refuse_if(SCMP_SYS(socketpair), EACCES, SCMP_A0(SCMP_CMP_MASKED_EQ, kLow, family));
  }
  // One end of a pair of datagram sockets can write to any other socket there is. SOCK_RAW is taken
  // for SOCK_DGRAM.
  for (unsigned type = 0; type <= kTypes && !kind.sockets; ++type)
    if (type != SOCK_STREAM && type != SOCK_SEQPACKET)
      rules.refuse_if(SCMP_SYS(socketpair), EACCES, SCMP_A1(SCMP_CMP_MASKED_EQ, kTypes, type));
}

// libseccomp writes it to a file, and to nothing else.
Result<std::vector<sock_filter>> exported(scmp_filter_ctx filter) {
  const base::UniqueFd file(::memfd_create("seccomp", MFD_CLOEXEC));
  if (!file) return Error{errno, "seccomp: memfd_create"};
  if (const int result = ::seccomp_export_bpf(filter, file.get()); result < 0)
    return Error{-result, "seccomp: export"};
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  std::vector<sock_filter> program(std::size_t(std::max<off_t>(size, 0)) / sizeof(sock_filter));
  if (program.empty() || ::pread(file.get(), program.data(), std::size_t(size), 0) != size)
    return Error{EIO, "seccomp: read the filter"};
  return program;
}

Result<std::vector<sock_filter>> compile_for(Kind kind) {
  const Filter filter(::seccomp_init(SCMP_ACT_ALLOW), ::seccomp_release);
  if (!filter) return Error{ENOMEM, "seccomp"};
  RuleSet rules(filter.get());
  for (const char* name : kRefused) rules.refuse(name);
  rules.refuse("clone3", ENOSYS);
  for (const unsigned long flag : kNamespaces)
    rules.refuse_if(SCMP_SYS(clone), EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
  for (const unsigned long call : kTerminalCalls)
    rules.refuse_if(SCMP_SYS(ioctl), EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, kLow, call));
  add_sockets(rules, kind);
  if (rules.failure() != 0) return Error{rules.failure(), "seccomp: add a rule"};
  (void)::seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a tree, not a list
  return exported(filter.get());
}

}  // namespace

Result<SeccompFilters> SeccompFilters::compile() {
  SeccompFilters filters;
  for (std::size_t index = 0; index < filters.programs_.size(); ++index) {
    auto program = compile_for(Kind(index));
    if (!program) return program.error();
    filters.programs_[index] = std::move(*program);
  }
  return filters;
}

std::optional<Error> SeccompFilters::restrict_to(const Allowances& allow) const {
  const std::vector<sock_filter>& program = programs_[Kind(allow).index()];
  if (program.empty()) return Error{ENOTSUP, "seccomp: no filter"};
  const sock_fprog raw{static_cast<unsigned short>(program.size()),
                       const_cast<sock_filter*>(program.data())};
  if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &raw) != 0) return Error{errno, "seccomp: load"};
  return {};
}

}  // namespace hostmeter::source::script
