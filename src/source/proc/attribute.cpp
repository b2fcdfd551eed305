#include "source/proc/attribute.hpp"

#include <fcntl.h>

#include <charconv>

#include "base/open_file.hpp"
#include "hostmeter/base/text.hpp"

namespace hostmeter::source::proc {
namespace {

bool cannot_tell(int code) {
  return code == EINVAL || code == ENODATA || code == ENXIO || code == EAGAIN ||
         code == EOPNOTSUPP || code == EACCES || code == EPERM || code == ENOTDIR ||
         code == EISDIR || code == EBADF;
}

}  // namespace

Result<std::uint64_t> parse_attribute(std::string_view text) {
  text = Text::trim(text);
  if (!text.starts_with("0x")) {
    const auto value = Text::to_number(text);
    if (!value) return Error{EBADMSG, "sysfs: number"};
    return *value;
  }
  text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (failure != std::errc{} || end != text.data() + text.size())
    return Error{EBADMSG, "sysfs: hexadecimal number"};
  return value;
}

Result<double> parse_signed_attribute(std::string_view text) {
  text = Text::trim(text);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto value = Text::to_number(text);
  if (!value) return Error{EBADMSG, "sysfs: signed number"};
  return negative ? -double(*value) : double(*value);
}

AttributeDir::AttributeDir(int dir_fd, const char* path, base::Buffer& buffer)
    : dir_(base::open_file(dir_fd, path, O_PATH | O_DIRECTORY)), buffer_(&buffer) {}

Result<std::string_view> AttributeDir::text(const char* name) const {
  const auto read = base::read_once(dir_.get(), name, *buffer_);
  if (!read && cannot_tell(read.error().code)) return Error{ENODEV, "sysfs: no value"};
  if (!read) return read.error();
  return Text::trim(*read);
}

Result<std::uint64_t> AttributeDir::number(const char* name) const {
  const auto read = text(name);
  if (!read) return read.error();
  return parse_attribute(*read);
}

void AttributeDir::copy(const char* name, std::string& into) const {
  const auto read = text(name);
  into.assign(read ? *read : std::string_view());
}

}  // namespace hostmeter::source::proc
