// What a script might try that no shell does: prints each with the errno it was answered with.
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

void tell(const char* name, long result) {
  std::printf("%s %d\n", name, result < 0 ? errno : 0);
}

// Each does something else than EPERM, and most succeed, for anybody outside of the sandbox.
void call_the_kernel() {
  int number = 7, copy = 0;
  iovec from{&number, sizeof number}, to{&copy, sizeof copy};
  tell("ptrace", ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
  tell("process_vm_readv", ::process_vm_readv(::getpid(), &to, 1, &from, 1, 0));
  tell("process_vm_writev", ::process_vm_writev(::getpid(), &to, 1, &from, 1, 0));
  tell("unshare", ::syscall(SYS_unshare, CLONE_NEWUSER));
  tell("unshare_files", ::syscall(SYS_unshare, CLONE_FILES));
  tell("setns", ::syscall(SYS_setns, -1, 0));
  tell("clone_newuser", ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
  tell("clone3", ::syscall(435, nullptr, 0));
  tell("io_uring_setup", ::syscall(425, 1, nullptr));
  tell("perf_event_open", ::syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0));
  tell("userfaultfd", ::syscall(SYS_userfaultfd, ~0));
  tell("keyctl", ::syscall(SYS_keyctl, 0, -2, 0));
  tell("add_key", ::syscall(SYS_add_key, nullptr, nullptr, nullptr, 0, 0));
  tell("kcmp", ::syscall(SYS_kcmp, ::getpid(), ::getpid(), 2, 0, 0));
  tell("personality", ::syscall(SYS_personality, 0xffffffffUL));
  tell("open_tree", ::syscall(428, AT_FDCWD, "/", 0));
  tell("tiocsti", ::ioctl(0, TIOCSTI, "x"));
  tell("tiocsti_high", ::syscall(SYS_ioctl, 0, 0x100000000UL | TIOCSTI, "x"));
  tell("bpf", ::syscall(SYS_bpf, 0, nullptr, 0));
  tell("mount", ::mount("none", "/tmp", "tmpfs", 0, nullptr));
  tell("chroot", ::chroot("/tmp"));
  tell("pivot_root", ::syscall(SYS_pivot_root, "/tmp", "/tmp"));
  tell("reboot", ::syscall(SYS_reboot, 0, 0, 0, nullptr));
  tell("kexec_load", ::syscall(SYS_kexec_load, 0, 0, nullptr, 0));
  tell("finit_module", ::syscall(SYS_finit_module, -1, "", 0));
  tell("swapon", ::syscall(SYS_swapon, "/tmp", 0));
  tell("quotactl", ::syscall(SYS_quotactl, 0, nullptr, 0, nullptr));
  tell("open_by_handle_at", ::syscall(SYS_open_by_handle_at, -1, nullptr, 0));
}

void make_sockets() {
  constexpr std::array kFamilies{AF_UNIX,   AF_INET, AF_INET6,          AF_NETLINK,
                                 AF_PACKET, AF_ALG,  40 /* AF_VSOCK */, AF_BLUETOOTH};
  std::array<int, 2> pair{};
  for (const int family : kFamilies) {
    const int fd = ::socket(family, SOCK_DGRAM, 0);
    tell(("socket_" + std::to_string(family)).c_str(), fd);
  }
  tell("socket_high", ::syscall(SYS_socket, 0x100000000UL | AF_UNIX, SOCK_STREAM, 0));
  tell("pair_stream", ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()));
  tell("pair_datagram", ::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair.data()));
  tell("pair_raw", ::socketpair(AF_UNIX, SOCK_RAW, 0, pair.data()));
}

void connect_to(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  tell("connect",
       fd < 0 ? -1 : ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address));
}

void connect_to_port(const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(std::uint16_t(std::atoi(port)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  tell("connect",
       fd < 0 ? -1 : ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address));
}

void trace(pid_t pid) {
  char byte = 0;
  const iovec here{&byte, 1}, there{&byte, 1};
  tell("attach", ::ptrace(PTRACE_ATTACH, pid, nullptr, nullptr));
  tell("seize", ::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr));
  tell("read", ::process_vm_readv(pid, &here, 1, &there, 1, 0));
  tell("write", ::process_vm_writev(pid, &here, 1, &there, 1, 0));
  tell("stop", ::kill(pid, SIGSTOP));
  tell("queue", ::sigqueue(pid, SIGTERM, {}));
}

void eat_memory() {
  constexpr std::size_t kPiece = 4U << 20;
  for (int pieces = 0; pieces < 512; ++pieces) {
    void* const piece =
        ::mmap(nullptr, kPiece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (piece == MAP_FAILED) return tell("memory", -1);
    std::memset(piece, 1, kPiece);
  }
  tell("memory", 0);
}

}  // namespace

int main(int count, char** words) {
  const std::string attack = count > 1 ? words[1] : "";
  const char* const on = count > 2 ? words[2] : "";
  if (attack == "calls") call_the_kernel();
  if (attack == "sockets") make_sockets();
  if (attack == "connect") connect_to(on);
  if (attack == "port") connect_to_port(on);
  if (attack == "memory") eat_memory();
  if (attack == "kill") tell("kill", ::kill(std::atoi(on), SIGKILL));
  if (attack == "trace") trace(std::atoi(on));
  if (attack == "id") std::printf("%u %u\n", ::getuid(), ::geteuid());
  return 0;
}
