#include "tool/script/sight.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "source/script/host_paths.hpp"

namespace hostmeter::tool {
namespace {

using source::script::Allowances;
namespace paths = source::script::paths;

constexpr std::array kHarmless = {"/null", "/zero", "/full", "/random", "/urandom", "/tty"};

bool is_in(const std::string& path, const std::string& directory) {
  return path == directory || (path.starts_with(directory) && path.size() > directory.size() &&
                               path[directory.size()] == '/');
}

bool is_in_any(const std::string& path, const std::vector<std::string>& all) {
  return std::any_of(all.begin(), all.end(),
                     [&](const std::string& one) { return is_in(path, one); });
}

// Of what was allowed, by its name or by that of what it leads to.
bool is_allowed(const std::string& path, const HostFile& file,
                const std::vector<std::string>& allowed) {
  return is_in_any(path, allowed) || is_in_any(file.real, allowed);
}

bool is_device(const HostFile& file) {
  return (S_ISCHR(file.mode) || S_ISBLK(file.mode)) && is_in(file.real, paths::kDev);
}

bool is_harmless(const HostFile& file) {
  return std::any_of(kHarmless.begin(), kHarmless.end(), [&](const char* name) {
    return file.real == std::string(paths::kDev) + name;
  });
}

// read: 4, write: 2. To connect to a socket is to write to it.
mode_t bit_of(const HostFile& file, Want want) {
  return want == Want::write || S_ISSOCK(file.mode) ? 2 : 4;
}

bool lets(const HostFile& file, Want want, const Evidence& evidence) {
  const mode_t bit = bit_of(file, want);
  const auto& groups = evidence.run.allow.groups;
  if (file.uid == evidence.user.uid) return (file.mode & (bit << 6)) != 0;
  const bool is_member = file.gid == evidence.user.gid ||
                         std::find(groups.begin(), groups.end(), file.gid) != groups.end();
  return (file.mode & (is_member ? bit << 3 : bit)) != 0;
}

std::string setting(const char* key, const std::string& value) {
  return std::string(key) + " = [\"" + value + "\"]";
}

// What lets the script's user past a mode; empty: no setting does.
std::string past_mode(const HostFile& file, Want want) {
  if ((file.mode & (bit_of(file, want) << 3)) != 0 && file.gid != 0)
    return setting("groups", file.group);
  return {};
}

std::string shown(const std::string& path, const HostFile& file) {
  return path == file.real ? path : path + " (" + file.real + ')';
}

Denial by_mode(const std::string& path, const HostFile& file, Want want) {
  const std::string what =
      shown(path, file) + " is there, but its mode does not let the script's user ";
  if (const std::string group = past_mode(file, want); !group.empty())
    return {what + (want == Want::write || S_ISSOCK(file.mode) ? "write to it" : "read it"),
            group + " in [script.allow]"};
  if (want == Want::read && S_ISREG(file.mode))
    return {what + "read it", setting("secrets", path) +
                                  " in [script.allow] gives it a copy, in $CREDENTIALS_DIRECTORY"};
  return {what + (want == Want::write ? "write to it" : "use it"),
          "open it to that user, or to a group"};
}

// The key that makes a hidden file seen.
const char* key_for(const HostFile& file, Want want) {
  if (S_ISSOCK(file.mode)) return "sockets";
  return want == Want::write ? "write" : "read";
}

std::optional<Denial> why_no_device(const std::string& path, const HostFile& file,
                                    const Evidence& evidence) {
  if (!evidence.features.has(source::script::Feature::dev) || is_harmless(file) ||
      is_allowed(path, file, evidence.run.allow.devices))
    return {};
  return Denial{shown(path, file) + " is a device that is not in its /dev",
                setting("devices", file.real) + " in [script.allow]"};
}

// Wherever it lies.
bool is_shown(const std::string& path, const HostFile& file, Want want, const Evidence& evidence) {
  const Allowances& allow = evidence.run.allow;
  if (path == evidence.run.path || is_allowed(path, file, allow.write)) return true;
  if (S_ISSOCK(file.mode)) return is_allowed(path, file, allow.sockets);
  return want == Want::read && is_allowed(path, file, allow.read);
}

Denial by_hiding(const std::string& path, const HostFile& file, Want want,
                 const Evidence& evidence) {
  std::string mend = setting(key_for(file, want), path);
  const std::string group = lets(file, want, evidence) ? "" : past_mode(file, want);
  if (!group.empty()) mend += " and " + group;
  return {shown(path, file) + " is there, but hidden from it", mend + " in [script.allow]"};
}

bool ends_a_path(char c) {
  return static_cast<unsigned char>(c) <= ' ' ||
         std::string_view("\"'`:;,()<>|&$*?[]{}=").find(c) != std::string_view::npos;
}

// "${LIST:-/etc/list}" of a shell has one, "a/b" and "x-/y" do not.
bool begins_path(std::string_view before) {
  return before.empty() || ends_a_path(before.back()) || before.ends_with(":-");
}

}  // namespace

bool is_hidden(const std::string& path, const Evidence& evidence) {
  if (!evidence.features.has(source::script::Feature::hidden)) return false;
  std::vector<std::string> empty = evidence.hidden;
  empty.insert(empty.end(), {paths::kRun, paths::kTmp});
  empty.insert(empty.end(), paths::kAlsoTmp.begin(), paths::kAlsoTmp.end());
  const auto is_below = [&](const std::string& one) { return path != one && is_in(path, one); };
  return std::any_of(empty.begin(), empty.end(), is_below) || is_in_any(path, evidence.hidden);
}

std::optional<Denial> why_not_used(const std::string& path, Want want, const Evidence& evidence,
                                   const LookAtHost& look) {
  const auto file = look(path);
  if (!file) return {};
  if (is_device(*file)) return why_no_device(path, *file, evidence);
  const Allowances& allow = evidence.run.allow;
  if (!is_shown(path, *file, want, evidence) && is_hidden(file->real, evidence))
    return by_hiding(path, *file, want, evidence);
  if (!lets(*file, want, evidence)) return by_mode(path, *file, want);
  if (S_ISSOCK(file->mode)) {
    if (!allow.sockets.empty()) return {};
    return Denial{"it may connect to no socket, so not to " + shown(path, *file),
                  setting("sockets", path) + " in [script.allow]"};
  }
  if (want == Want::write && !is_allowed(path, *file, allow.write))
    return Denial{shown(path, *file) + " is read-only for it",
                  setting("write", path) + " in [script.allow]"};
  return {};
}

std::vector<std::string> paths_in(std::string_view text, std::size_t most) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < text.size() && found.size() < most; ++at) {
    if (text[at] != '/' || !begins_path(text.substr(0, at))) continue;
    std::size_t end = at;
    while (end < text.size() && !ends_a_path(text[end])) ++end;
    std::string_view path = text.substr(at, end - at);
    at = end;
    // What follows "unix:" has a path after its two slashes, other URLs a host.
    if (path.starts_with("///"))
      path.remove_prefix(2);
    else if (path.starts_with("//"))
      continue;
    while (path.ends_with('.') || path.ends_with('/')) path.remove_suffix(1);
    if (!path.empty() && std::find(found.begin(), found.end(), path) == found.end())
      found.emplace_back(path);
  }
  return found;
}

}  // namespace hostmeter::tool
