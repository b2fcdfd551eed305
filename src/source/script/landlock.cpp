#include "source/script/landlock.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/unique_fd.hpp"
#include "source/script/host_paths.hpp"

namespace hostmeter::source::script {
namespace {

#ifndef SYS_landlock_create_ruleset
constexpr long kCreate = 444, kAdd = 445, kRestrict = 446;
#else
constexpr long kCreate = SYS_landlock_create_ruleset, kAdd = SYS_landlock_add_rule,
               kRestrict = SYS_landlock_restrict_self;
#endif

// As of ABI 6, whatever the headers are of.
struct Ruleset {
  std::uint64_t files = 0, network = 0, scoped = 0;
};
constexpr std::uint64_t kRead =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kOfAbi1 = (1U << 13) - 1;  // all up to MAKE_SYM
constexpr std::uint64_t kRefer = 1U << 13, kTruncate = 1U << 14, kIoctl = 1U << 15;
constexpr std::uint64_t kMakeNodes = LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK;
constexpr std::uint64_t kOfFiles = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                   LANDLOCK_ACCESS_FS_READ_FILE | kTruncate | kIoctl;
constexpr std::uint64_t kTcp = 3;     // bind, connect
constexpr std::uint64_t kScopes = 3;  // abstract sockets, signals

Ruleset handled_by(long abi, bool network) {
  Ruleset all{.files = kOfAbi1};
  if (abi >= 2) all.files |= kRefer;
  if (abi >= 3) all.files |= kTruncate;
  if (abi >= 5) all.files |= kIoctl;
  if (abi >= 4 && !network) all.network = kTcp;
  if (abi >= 6) all.scoped = kScopes;
  return all;
}

// A place that is not there needs no rule.
std::optional<Error> allow(int ruleset, const char* path, std::uint64_t access) {
  const base::UniqueFd place(::open(path, O_PATH | O_CLOEXEC));
  if (!place) return {};
  struct stat status {};
  if (::fstat(place.get(), &status) != 0) return Error{errno, "landlock: stat"};
  if (!S_ISDIR(status.st_mode)) access &= kOfFiles;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = access;
  rule.parent_fd = place.get();
  if (::syscall(kAdd, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
    return Error{errno, "landlock: add a rule"};
  return {};
}

}  // namespace

std::optional<Error> restrict_by_landlock(const Job& job) {
  const long abi = ::syscall(kCreate, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return Error{errno, "landlock"};
  const Ruleset handled = handled_by(abi, job.run.allow.network);
  const std::size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
  const base::UniqueFd ruleset(int(::syscall(kCreate, &handled, size, 0)));
  if (!ruleset) return Error{errno, "landlock: make a ruleset"};
  const std::uint64_t write = handled.files & ~kMakeNodes;
  const std::uint64_t device =
      handled.files & (LANDLOCK_ACCESS_FS_WRITE_FILE | kRead | kTruncate | kIoctl);
  auto failure = allow(ruleset.get(), paths::kRoot, kRead);
  if (!failure) failure = allow(ruleset.get(), paths::kTmp, write);
  for (const char* path : paths::kAlsoTmp)
    if (!failure) failure = allow(ruleset.get(), path, write);
  for (const std::string& path : job.run.allow.write)
    if (!failure) failure = allow(ruleset.get(), path.c_str(), write);
  // Of its own, with what it was given alone; or the host's, where the modes of devices decide.
  if (!failure) failure = allow(ruleset.get(), paths::kDev, device);
  if (failure) return failure;
  if (::syscall(kRestrict, ruleset.get(), 0) != 0) return Error{errno, "landlock: restrict"};
  return {};
}

}  // namespace hostmeter::source::script
