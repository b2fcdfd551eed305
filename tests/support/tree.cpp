#include "support/tree.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace hostmeter::test {
namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

Tree::Tree(std::string_view text) {
  std::string pattern = std::filesystem::temp_directory_path() / "hostmeter-tree-XXXXXX";
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
  root_ = pattern;
  std::ofstream file;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (!line.starts_with("-- ") || !line.ends_with(" --")) {
      if (file.is_open()) file << line << '\n';
      continue;
    }
    file = {};
    const std::string_view entry = line.substr(3, line.size() - 6);
    const auto arrow = entry.find(" -> ");
    const auto path = root_ / entry.substr(0, arrow);
    std::filesystem::create_directories(path.parent_path());
    if (arrow != std::string_view::npos)
      std::filesystem::create_symlink(entry.substr(arrow + 4), path);
    else if (!entry.ends_with('/'))
      file.open(path);
  }
  file.close();
  fd_ = ::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void Tree::write(std::string_view path, std::string_view content) const {
  std::filesystem::create_directories((root_ / path).parent_path());
  std::ofstream(root_ / path) << content;
}

Tree::~Tree() {
  ::close(fd_);
  std::filesystem::remove_all(root_);
}

}  // namespace hostmeter::test
