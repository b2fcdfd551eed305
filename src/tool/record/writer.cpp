#include "tool/record/writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

namespace hostmeter::tool {
namespace {

constexpr std::size_t kMostUnreadable = 1'000;

// Some files of cgroups are there to be written only.
bool is_readable_file(const base::Dir& from, const std::string& name) {
  struct stat status {};
  if (::fstatat(from.fd(), name.c_str(), &status, 0) != 0) return true;  // reading it says why
  return S_ISREG(status.st_mode) && (status.st_mode & 0444U) != 0;
}

}  // namespace

void Writer::unreadable(std::string_view path, const Error& error) {
  if (is_gone(error)) return;
  if (summary_.unreadable.size() < kMostUnreadable)
    summary_.unreadable.push_back(scrubber_.path(path) + ": " +
                                  std::generic_category().message(error.code));
  else
    summary_.truncated = true;
}

bool Writer::has_room(std::size_t bytes) {
  const bool fits = summary_.files + summary_.links < bounds_.files && failure_ == 0 &&
                    summary_.bytes + bytes <= bounds_.bytes;
  if (!fits) summary_.truncated = true;
  return fits;
}

bool Writer::make_parents(const std::string& path) {
  for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    if (::mkdirat(into_.fd(), path.substr(0, slash).c_str(), 0700) != 0 && errno != EEXIST) {
      failed(errno);
      return false;
    }
  }
  return true;
}

void Writer::directory(std::string_view path) {
  if (has_room(0) && make_parents(scrubber_.path(path) + '/')) ++summary_.links;
}

void Writer::write(const std::string& path, std::string_view content) {
  if (!has_room(content.size()) || !make_parents(path)) return;
  const base::UniqueFd file(::openat(into_.fd(), path.c_str(),
                                     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) {
    if (errno != EEXIST) failed(errno);  // the same device seen through two directories
    return;
  }
  for (std::string_view rest = content; !rest.empty();) {
    const ssize_t written = ::write(file.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed(errno);
    rest.remove_prefix(std::size_t(written));
  }
  ++summary_.files;
  summary_.bytes += content.size();
}

Result<std::string_view> Writer::content_of(const base::Dir& from, std::string_view name) {
  const std::string terminated(name);
  if (!is_readable_file(from, terminated)) return Error{ENOENT, "record file"};
  const auto content = base::read_once(from.fd(), terminated.c_str(), buffer_);
  if (!content || content->size() <= bounds_.file_bytes) return content;
  summary_.truncated = true;
  return Error{EFBIG, "record file"};
}

void Writer::copy(const base::Dir& from, std::string_view name, std::string_view path) {
  if (!has_room(0)) return;
  const auto content = content_of(from, name);
  if (!content) return unreadable(path, content.error());
  file(path, *content);
}

void Writer::file(std::string_view path, std::string_view content) {
  write(scrubber_.path(path), scrubber_.content(path, content));
}

void Writer::copy_link(const base::Dir& from, std::string_view name, std::string_view path) {
  const auto target = from.link(std::string(name).c_str());
  if (target)
    link(*target, path);
  else if (target.error().code != EINVAL)  // no link
    unreadable(path, target.error());
}

void Writer::link(std::string_view target, std::string_view path) {
  const std::string where = scrubber_.path(path);
  if (!has_room(target.size()) || !make_parents(where)) return;
  if (::symlinkat(scrubber_.path(target).c_str(), into_.fd(), where.c_str()) != 0) {
    if (errno != EEXIST) failed(errno);
    return;
  }
  ++summary_.links;
  summary_.bytes += target.size();
}

}  // namespace hostmeter::tool
