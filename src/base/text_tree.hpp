// A directory as one text, so that a recorded or made-up host can be read, sent and reviewed.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/base/result.hpp"

namespace hostmeter::base {

// "-- path --" begins a file and its content follows up to the next such line; "-- path/ --" is a
// directory, "-- path -> target --" a symbolic link. "-- path (no newline) --": the content's last
// newline is not part of it. "-- path (escaped) --": \\ is a backslash and \xHH a byte, for what
// is no text and for lines that look like the beginning of a file; "(escaped, no newline)" both.
struct TextTree {
  std::string text;
  std::vector<std::string> left_out;  // unreadable, no regular file, or a name that does not fit
};

// What is below a directory, in ascending order; links are not followed.
Result<TextTree> to_text_tree(const std::filesystem::path& dir);

// The reverse; dir is made if it is not there. The number of entries, or EINVAL for a path that
// would leave dir or a broken escape.
Result<std::size_t> from_text_tree(std::string_view text, const std::filesystem::path& dir);

}  // namespace hostmeter::base
