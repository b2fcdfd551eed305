#include "support/tree.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>

#include "base/text_tree.hpp"

namespace hostmeter::test {
namespace {

// In memory where that can be: on a busy disk a thousand small files take a minute.
std::filesystem::path scratch() {
  return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path();
}

}  // namespace

Tree::Tree(std::string_view text) {
  std::string pattern = scratch() / "hostmeter-tree-XXXXXX";
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
  root_ = pattern;
  const auto made = base::from_text_tree(text, root_);
  if (!made) throw std::runtime_error(std::string(made.error().what));
  fd_ = ::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void Tree::write(std::string_view path, std::string_view content) const {
  std::filesystem::create_directories((root_ / path).parent_path());
  std::ofstream(root_ / path, std::ios::binary) << content;
}

Tree::~Tree() {
  ::close(fd_);
  std::filesystem::remove_all(root_);
}

}  // namespace hostmeter::test
