#include "config/entry.hpp"

#include <algorithm>

#include "base/capabilities.hpp"
#include "base/network.hpp"

namespace hostmeter::config {
namespace {

constexpr std::size_t kLongestPath = 1'024;
constexpr std::size_t kLongestName = 64;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_letter_or_digit(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

// Letters, digits and some others.
bool is_word(std::string_view text, std::string_view others) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter_or_digit(c) || others.find(c) != std::string_view::npos;
  });
}

bool is_absolute(std::string_view text) {
  return text.starts_with('/') && text.size() > 1 && text.size() <= kLongestPath &&
         !text.ends_with('/') && text.find('\0') == std::string_view::npos;
}

// ".." would be followed after what is before it was hidden or mounted elsewhere.
bool goes_up(std::string_view path) {
  return path.find("/../") != std::string_view::npos || path.ends_with("/..");
}

bool is_account(std::string_view text) {
  return is_word(text, "_-.$") && text.size() <= kLongestName && text.front() != '-';
}

}  // namespace

std::string check_directory(std::string_view text) {
  if (is_absolute(text) && text.find('*') == std::string_view::npos) return {};
  return "is no directory; write it from the root, without a slash at its end, such as "
         "\"/run/containerd\"";
}

std::string check_directory_pattern(std::string_view text) {
  if (is_absolute(text)) return {};
  return "is no directory; write it from the root, without a slash at its end, such as "
         "\"/var/lib/docker\"; * stands for any name";
}

std::string check_path(std::string_view text) {
  if (is_absolute(text) && !goes_up(text)) return {};
  return "is no path; write it from the root, without \"..\" and without a slash at its end, such "
         "as \"/var/lib/app\"";
}

std::string check_device(std::string_view text) {
  if (check_path(text).empty() && text.starts_with("/dev/")) return {};
  return "is no device; write its path below /dev, such as \"/dev/sda\"";
}

std::string check_run(std::string_view text) {
  if (is_absolute(text) && !goes_up(text)) return {};
  return "is no path of executables; write it from the root, such as "
         "\"/etc/hostmeter/scripts/check.sh\" or \"/srv/scripts/*.sh\"";
}

std::string check_network(std::string_view text) {
  if (base::Network::parse(text)) return {};
  return "is no network; write it such as \"10.0.0.0/8\" or \"::1\"";
}

std::string check_capability(std::string_view text) {
  if (is_word(text, "_") && base::capability_called(text)) return {};
  return "is no capability; write its name, such as \"CAP_NET_RAW\"";
}

std::string check_user(std::string_view text) {
  if (is_account(text) && text != "root" && text.find_first_not_of("0123456789") < text.size())
    return {};
  return "is no name of a user for scripts, or is root; write one that /etc/passwd has";
}

std::string check_group(std::string_view text) {
  if (is_account(text)) return {};
  return "is no name or number of a group; write it as /etc/group has it";
}

std::string check_variable(std::string_view text) {
  const std::string_view name = text.substr(0, text.find('='));
  if (name.size() < text.size() && is_word(name, "_") && (is_letter(name[0]) || name[0] == '_'))
    return {};
  return "is no variable; write it such as \"CERT_LIST=/etc/certs.list\"";
}

std::string check_query(std::string_view text) {
  if (text.size() <= kLongestPath && text.find_first_of("#|@*?()[]{}") == std::string_view::npos)
    return {};
  return "is no way to a place in JSON; write keys and numbers of elements, parted by dots";
}

std::string check_script_name(std::string_view text) {
  if (is_word(text, "_-.") && text.size() <= kLongestName && text.front() != '.' &&
      text.front() != '-')
    return {};
  return "is no name of a script; write up to 64 letters, digits and _ - ., beginning with none of "
         "- and .";
}

}  // namespace hostmeter::config
