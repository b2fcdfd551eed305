#include "source/script/view.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <utility>

#include "source/script/host_paths.hpp"
#include "source/script/read_only.hpp"

namespace hostmeter::source::script {
namespace {

constexpr std::size_t kLargestSecret = 64U << 10;
constexpr unsigned long kHarmless = MS_NOSUID | MS_NODEV | MS_NOEXEC;

std::optional<Error> failed(const char* what) {
  return Error{errno, what};
}

std::string path_of(int fd) {
  return std::string(paths::kSelfFds) + '/' + std::to_string(fd);
}

// Where it is once links are followed; empty: not to be told.
std::string place_of(int fd) {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlink(path_of(fd).c_str(), target.data(), target.size());
  return size > 0 ? std::string(target.data(), std::size_t(size)) : std::string();
}

bool is_below(const std::string& path, const std::string& directory) {
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

// The directories on the way to a path.
bool make_way(const std::string& path) {
  for (auto at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
    if (::mkdir(path.substr(0, at).c_str(), 0755) != 0 && errno != EEXIST && errno != EROFS)
      return false;
  return true;
}

bool mount_tmpfs(const char* path, unsigned long flags, const std::string& options) {
  return ::mount("hostmeter-script", path, "tmpfs", flags, options.c_str()) == 0;
}

bool set_flags(const char* path, unsigned long flags) {
  return ::mount(nullptr, path, nullptr, MS_REMOUNT | MS_BIND | flags, nullptr) == 0;
}

bool bind(const std::string& from, const char* to) {
  return ::mount(from.c_str(), to, nullptr, MS_BIND, nullptr) == 0;
}

// No right to make a file of another's is needed where we are that other.
bool give(const std::string& path, const Rules& rules, mode_t mode) {
  const bool is_ours = !rules.features.has(Feature::user);
  return ::chmod(path.c_str(), mode) == 0 &&
         (is_ours || ::chown(path.c_str(), rules.user.uid, rules.user.gid) == 0);
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

std::optional<Error> View::hold(const std::string& path, Hold how) {
  base::UniqueFd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!place) return {};  // the script finds out for itself
  struct stat status {};
  if (::fstat(place.get(), &status) != 0) return failed("stat what a script may see");
  const std::string real = place_of(place.get());
  base::UniqueFd again(::fcntl(place.get(), F_DUPFD_CLOEXEC, 0));
  const bool is_directory = S_ISDIR(status.st_mode), is_writable = how == Hold::written;
  // What a socket is named for shows nothing else.
  if (how == Hold::socket && !S_ISSOCK(status.st_mode)) return {};
  if (!real.empty() && real != path)
    shown_.push_back({path, std::move(again), is_directory, is_writable});
  shown_.push_back({real.empty() ? path : real, std::move(place), is_directory, is_writable});
  return {};
}

// One mount over it: the path leads to what was looked at, so that the script is called as it is.
std::optional<Error> View::pin_script() {
  if (!job_.script) return {};
  const int script = job_.script->file.get();
  const std::string &real = job_.script->real, &path = job_.run.path;
  if (!bind(path_of(script), real.c_str())) return failed("hold the script in its place");
  if (path != real)
    shown_.push_back({path, base::UniqueFd(::fcntl(script, F_DUPFD_CLOEXEC, 0)), false, false});
  shown_.push_back({real, base::UniqueFd(::fcntl(script, F_DUPFD_CLOEXEC, 0)), false, false});
  return {};
}

std::optional<Error> View::read_secret(const std::string& path) {
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) return failed("open a secret");
  if (!S_ISREG(status.st_mode)) return Error{EINVAL, "a secret is no regular file"};
  if (status.st_size > off_t(kLargestSecret)) return Error{EFBIG, "a secret is too large"};
  std::string text(kLargestSecret + 1, '\0');
  const ssize_t size = ::read(file.get(), text.data(), text.size());
  if (size < 0) return failed("read a secret");
  if (std::size_t(size) > kLargestSecret) return Error{EFBIG, "a secret is too large"};
  text.resize(std::size_t(size));
  secrets_.push_back({file_name(path), std::move(text)});
  return {};
}

std::optional<Error> View::begin() {
  if (::mount(nullptr, paths::kRoot, nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return failed("make mounts private");
  const Allowances& allow = job_.run.allow;
  std::optional<Error> failure = pin_script();
  const auto hold_all = [&](const std::vector<std::string>& all, Hold how) {
    for (const std::string& path : all)
      if (!failure) failure = hold(path, how);
  };
  hold_all(allow.read, Hold::read);
  hold_all(allow.sockets, Hold::socket);
  if (allow.network) hold_all({paths::kResolver}, Hold::read);
  hold_all(allow.write, Hold::written);
  for (const std::string& path : allow.secrets)
    if (!failure) failure = read_secret(path);
  for (const std::string& path : allow.devices) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) continue;
    if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))
      devices_.push_back({path, status.st_mode & S_IFMT, status.st_rdev});
  }
  return failure;
}

std::optional<Error> View::make_read_only() {
  // Without a /dev of its own the script needs the host's.
  const bool has_dev = job_.rules.features.has(Feature::dev);
  if (const auto failure = make_all_read_only(has_dev ? MS_NOSUID | MS_NODEV : MS_NOSUID))
    return failure;
  for (const Shown& shown : shown_)
    if (shown.is_writable && !is_masked(shown.path))
      if (const auto failure = show(shown)) return failure;
  return {};
}

std::optional<Error> View::make_tmp() {
  const Limits& limits = job_.run.limits;
  const std::string options = "mode=1777,size=" + std::to_string(limits.tmp_bytes) +
                              ",nr_inodes=" + std::to_string(limits.tmp_files);
  if (!mount_tmpfs(paths::kTmp, kHarmless, options)) return failed("mount /tmp");
  for (const char* path : paths::kAlsoTmp)
    if (!bind(paths::kTmp, path) && errno != ENOENT) return failed("mount /tmp once more");
  return {};
}

// Whether a path is, or will be, below what is masked: only that needs to be shown.
bool View::is_masked(const std::string& path) const {
  const auto is_in = [&](const std::string& directory) { return is_below(path, directory); };
  return is_in(paths::kTmp) || is_in(paths::kRun) ||
         std::any_of(paths::kAlsoTmp.begin(), paths::kAlsoTmp.end(), is_in) ||
         std::any_of(job_.rules.hidden.begin(), job_.rules.hidden.end(), is_in);
}

std::optional<Error> View::mask(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  if (!S_ISDIR(status.st_mode)) {
    const std::string nothing = std::string(paths::kRun) + "/.hidden";
    return bind(nothing, path.c_str()) ? std::optional<Error>() : failed("hide a file");
  }
  if (!mount_tmpfs(path.c_str(), kHarmless, "mode=755,size=4m,nr_inodes=4096"))
    return failed("hide a directory");
  masks_.push_back(path);
  if (path != paths::kRun) return {};
  const std::string nothing = path + "/.hidden";
  const base::UniqueFd made(::open(nothing.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0));
  return made ? std::optional<Error>() : failed("hide files");
}

std::optional<Error> View::show(const Shown& shown) const {
  const char* const path = shown.path.c_str();
  if (is_masked(shown.path)) {
    if (!make_way(shown.path)) return failed("show a path");
    if (shown.is_directory)
      ::mkdir(path, 0755);
    else
      base::UniqueFd(::open(path, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0644));
  }
  if (!bind(path_of(shown.place.get()), path)) return failed("show a path");
  unsigned long flags = MS_NOSUID | MS_NODEV;
  if (!shown.is_writable) flags |= MS_RDONLY;
  return set_flags(path, flags) ? std::optional<Error>() : failed("show a path");
}

std::optional<Error> View::put_secrets() const {
  if (secrets_.empty()) return {};
  if (::mkdir(paths::kSecrets, 0700) != 0) return failed("make a directory of secrets");
  for (const Secret& secret : secrets_) {
    const std::string path = std::string(paths::kSecrets) + '/' + secret.name;
    const base::UniqueFd file(::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    if (!file ||
        ::write(file.get(), secret.text.data(), secret.text.size()) != ssize_t(secret.text.size()))
      return failed("write a secret");
    if (!give(path, job_.rules, 0400)) return failed("give a secret");
  }
  return give(paths::kSecrets, job_.rules, 0500) ? std::optional<Error>() : failed("give secrets");
}

std::optional<Error> View::hide() {
  if (const auto failure = mask(paths::kRun)) return failure;
  for (const std::string& path : job_.rules.hidden)
    if (const auto failure = mask(path)) return failure;
  for (const Shown& shown : shown_)
    if (is_masked(shown.path))
      if (const auto failure = show(shown)) return failure;
  if (const auto failure = put_secrets()) return failure;
  for (const std::string& path : masks_)
    if (!set_flags(path.c_str(), MS_RDONLY | kHarmless)) return failed("hide a directory");
  return {};
}

std::optional<Error> View::put_device(const Device& device) const {
  if (!is_below(device.path, paths::kDev) || !make_way(device.path)) return {};
  if (::mknod(device.path.c_str(), device.type | 0600, device.number) != 0 && errno != EEXIST)
    return failed("make a device");
  return give(device.path, job_.rules, 0600) ? std::optional<Error>() : failed("give a device");
}

std::optional<Error> View::make_dev() {
  struct Harmless {
    const char* name;
    unsigned number;
  };
  constexpr Harmless kNodes[] = {
      {"null", 3}, {"zero", 5}, {"full", 7}, {"random", 8}, {"urandom", 9}};
  constexpr std::array<std::array<const char*, 2>, 4> kLinks = {
      {{"fd", ""}, {"stdin", "/0"}, {"stdout", "/1"}, {"stderr", "/2"}}};
  const std::string dev = std::string(paths::kDev) + '/';
  if (!mount_tmpfs(paths::kDev, MS_NOSUID | MS_NOEXEC, "mode=755,size=64k,nr_inodes=512"))
    return failed("mount /dev");
  for (const Harmless& node : kNodes) {
    const std::string path = dev + node.name;
    if (::mknod(path.c_str(), S_IFCHR | 0666, makedev(1, node.number)) != 0 ||
        ::chmod(path.c_str(), 0666) != 0)
      return failed("make a device");
  }
  for (const auto& [name, below] : kLinks)
    if (::symlink((std::string(paths::kSelfFds) + below).c_str(), (dev + name).c_str()) != 0)
      return failed("make a link in /dev");
  for (const Device& device : devices_)
    if (const auto failure = put_device(device)) return failure;
  // Shared memory is in the run's own /tmp, where it has one.
  const char* const shm = paths::kAlsoTmp.back();
  if (::mkdir(shm, 0755) != 0) return failed("make a directory in /dev");
  if (job_.rules.features.has(Feature::tmp) && !bind(paths::kTmp, shm))
    return failed("mount /tmp once more");
  return set_flags(paths::kDev, MS_RDONLY | MS_NOSUID | MS_NOEXEC) ? std::optional<Error>()
                                                                   : failed("mount /dev");
}

std::optional<Error> View::make_proc() {
  // There hidepid would be of the host's before Linux 5.8.
  if (!job_.rules.features.has(Feature::pid_namespace)) return Error{ENOTSUP, "no PID namespace"};
  if (::mount("proc", paths::kProc, "proc", kHarmless | MS_RDONLY, "hidepid=2") != 0)
    return failed("mount /proc");
  return {};
}

}  // namespace hostmeter::source::script
