// Files of sysfs: one small value each.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/kernel_file.hpp"
#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::proc {

// "1500" or, as flags and types are printed, "0x1003". Blanks and newlines around it are ignored.
Result<std::uint64_t> parse_attribute(std::string_view text);

// "-12000": sensors may be below zero.
Result<double> parse_signed_attribute(std::string_view text);

// A directory of attributes, opened for as long as they are read; nothing is kept.
class AttributeDir {
 public:
  AttributeDir(int dir_fd, const char* path, base::Buffer& buffer);

  explicit operator bool() const { return bool(dir_); }

  // Trimmed; valid until the next read. What the driver cannot tell now (EINVAL, ENODATA and the
  // like: the speed of a link that is down) is absent, so ENODEV; EACCES too, as some are root's.
  Result<std::string_view> text(const char* name) const;
  Result<std::uint64_t> number(const char* name) const;

  // Into a string that is used again; empty when absent.
  void copy(const char* name, std::string& into) const;

 private:
  base::UniqueFd dir_;
  base::Buffer* buffer_;
};

}  // namespace hostmeter::source::proc
