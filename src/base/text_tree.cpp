#include "base/text_tree.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

namespace hostmeter::base {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kArrow = " -> ";
constexpr std::string_view kNoNewline = "no newline";
constexpr std::string_view kEscaped = "escaped";
constexpr std::string_view kBoth = "escaped, no newline";

struct Entry {
  std::string path, target;  // target: of a link
  bool is_directory = false, escaped = false, no_newline = false;
};

bool is_header(std::string_view line) {
  return line.size() > 6 && line.starts_with("-- ") && line.ends_with(" --");
}

bool take_suffix(std::string_view& text, std::string_view flag) {
  const std::string suffix = " (" + std::string(flag) + ')';
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

Entry parse_header(std::string_view line) {
  Entry entry;
  std::string_view inside = line.substr(3, line.size() - 6);
  if (const auto arrow = inside.find(kArrow); arrow != std::string_view::npos) {
    entry.target = inside.substr(arrow + kArrow.size());
    entry.path = inside.substr(0, arrow);
    return entry;
  }
  const bool both = take_suffix(inside, kBoth);
  entry.escaped = both || take_suffix(inside, kEscaped);
  entry.no_newline = both || take_suffix(inside, kNoNewline);
  entry.is_directory = inside.ends_with('/');
  entry.path = inside;
  return entry;
}

bool is_text(std::string_view content) {
  return std::all_of(content.begin(), content.end(), [](char c) {
    return c == '\n' || c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  });
}

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

bool has_header(std::string_view content) {
  while (!content.empty())
    if (is_header(take_line(content))) return true;
  return false;
}

void append_byte(std::string& out, char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(byte);
  (out += "\\x") += kDigits[value >> 4];
  out += kDigits[value & 15U];
}

std::string escape(std::string_view content) {
  std::string out;
  bool line_begins = true;
  for (const char c : content) {
    const bool plain = is_text({&c, 1}) && static_cast<unsigned char>(c) < 0x80;
    if (c == '\\')
      out += "\\\\";
    else if (!plain || (line_begins && c == '-'))
      append_byte(out, c);
    else
      out += c;
    line_begins = c == '\n';
  }
  return out;
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return unsigned(c - '0');
  if (c >= 'a' && c <= 'f') return unsigned(c - 'a' + 10);
  return {};
}

std::optional<std::string> unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() != '\\') {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    if (text.starts_with("\\\\")) {
      out += '\\';
      text.remove_prefix(2);
      continue;
    }
    if (!text.starts_with("\\x") || text.size() < 4) return {};
    const auto high = hex_digit(text[2]);
    const auto low = hex_digit(text[3]);
    if (!high || !low) return {};
    out += char(*high * 16 + *low);
    text.remove_prefix(4);
  }
  return out;
}

// A name that would be read back as it is.
bool fits(const std::string& path, const std::string& target) {
  const std::string header = "-- " + path + " --";
  const Entry read = parse_header(header);
  return is_text(path + target) && (path + target).find('\n') == std::string::npos &&
         read.path == path && !read.is_directory && target.find(kArrow) == std::string::npos;
}

std::string write_file(const std::string& path, const std::string& content) {
  const bool no_newline = !content.empty() && content.back() != '\n';
  const bool escaped = !is_text(content) || has_header(content);
  std::string flags;
  if (escaped || no_newline)
    flags = " (" + std::string(!escaped ? kNoNewline : no_newline ? kBoth : kEscaped) + ')';
  return "-- " + path + flags + " --\n" + (escaped ? escape(content) : content) +
         (no_newline ? "\n" : "");
}

// What stands for one entry; nothing when it has to be left out.
std::optional<std::string> write_entry(const fs::path& whole, const std::string& path) {
  std::error_code failure;
  const auto status = fs::symlink_status(whole, failure);
  if (failure) return {};
  if (fs::is_symlink(status)) {
    const std::string target = fs::read_symlink(whole, failure);
    if (failure || target.empty() || !fits(path, target)) return {};
    return "-- " + path + std::string(kArrow) + target + " --\n";
  }
  if (!fits(path, {})) return {};
  if (fs::is_directory(status)) {
    const bool is_empty = fs::is_empty(whole, failure);
    if (failure) return {};
    return is_empty ? "-- " + path + "/ --\n" : std::string();
  }
  if (!fs::is_regular_file(status)) return {};
  std::ifstream file(whole, std::ios::binary);
  if (!file) return {};
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  return write_file(path, content);
}

// Inside dir, and not through a link that an entry before made.
bool stays_inside(const fs::path& path, const fs::path& dir) {
  if (path.empty() || path.is_absolute()) return false;
  fs::path walked = dir;
  for (auto part = path.begin(); part != path.end(); ++part) {
    if (*part == "..") return false;
    walked /= *part;
    std::error_code failure;
    if (fs::is_symlink(fs::symlink_status(walked, failure))) return false;
  }
  return true;
}

Result<std::size_t> unpack(const Entry& entry, std::string_view content, const fs::path& dir) {
  const fs::path path = entry.path;
  if (!stays_inside(path, dir)) return Error{EINVAL, "path in a text tree"};
  std::error_code failure;
  fs::create_directories(entry.is_directory ? dir / path : (dir / path).parent_path(), failure);
  if (failure) return Error{failure.value(), "make a directory of a text tree"};
  if (!entry.target.empty()) {
    fs::create_symlink(entry.target, dir / path, failure);
    if (failure) return Error{failure.value(), "make a link of a text tree"};
    return std::size_t{1};
  }
  if (entry.is_directory) return std::size_t{1};
  if (entry.no_newline && content.ends_with('\n')) content.remove_suffix(1);
  const auto bytes = entry.escaped ? unescape(content) : std::string(content);
  if (!bytes) return Error{EINVAL, "escape in a text tree"};
  std::ofstream file(dir / path, std::ios::binary);
  if (!(file << *bytes).flush()) return Error{EIO, "write a file of a text tree"};
  return std::size_t{1};
}

// The lines up to the next header.
std::string take_content(std::string_view& text) {
  std::string content;
  while (!text.empty()) {
    std::string_view rest = text;
    const std::string_view line = take_line(rest);
    if (is_header(line)) break;
    (content += line) += '\n';
    text = rest;
  }
  return content;
}

}  // namespace

Result<TextTree> to_text_tree(const fs::path& dir) {
  std::error_code failure;
  std::vector<fs::path> paths;
  auto walk = fs::recursive_directory_iterator(dir, failure);
  for (; !failure && walk != fs::recursive_directory_iterator(); walk.increment(failure))
    paths.push_back(walk->path());
  if (failure) return Error{failure.value(), "read a directory tree"};
  std::sort(paths.begin(), paths.end());
  TextTree tree;
  for (const fs::path& whole : paths) {
    const std::string path = whole.lexically_relative(dir);
    if (const auto entry = write_entry(whole, path))
      tree.text += *entry;
    else
      tree.left_out.push_back(path);
  }
  return tree;
}

Result<std::size_t> from_text_tree(std::string_view text, const fs::path& dir) {
  std::error_code failure;
  fs::create_directories(dir, failure);
  if (failure) return Error{failure.value(), "make the directory of a text tree"};
  take_content(text);  // what comes before the first header is a comment
  std::size_t entries = 0;
  while (!text.empty()) {
    const Entry entry = parse_header(take_line(text));
    const auto made = unpack(entry, take_content(text), dir);
    if (!made) return made.error();
    ++entries;
  }
  return entries;
}

}  // namespace hostmeter::base
