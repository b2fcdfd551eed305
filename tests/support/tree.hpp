// A made-up host.
#pragma once
#include <filesystem>
#include <string_view>

namespace hostmeter::test {

// Unpacks the text of a tree (base/text_tree.hpp) into a temporary directory and removes it again.
class Tree {
 public:
  explicit Tree(std::string_view text);
  ~Tree();
  Tree(const Tree&) = delete;
  int fd() const { return fd_; }
  const std::filesystem::path& root() const { return root_; }
  void write(std::string_view path, std::string_view content) const;

 private:
  std::filesystem::path root_;
  int fd_ = -1;
};

}  // namespace hostmeter::test
