// What has been told of which containers, file by file.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "hostmeter/flow/output.hpp"

namespace hostmeter::source::runtime {

// Several files may describe one container, and one file several.
class Spoken {
 public:
  // What a file says now; nothing when it is gone. Tells the difference: true if there was one.
  // Where two files say different things under one id, only what they agree on is told: the id may
  // stand for two containers.
  bool says(const std::pair<std::size_t, std::string>& file, std::vector<Description> now,
            Output& out);

  // Of no file of this pattern is anything known any more, and nobody is told.
  void forget(std::size_t pattern);

  std::size_t containers() const { return containers_.size(); }

 private:
  using File = std::pair<std::size_t, std::string>;
  using Key = std::pair<Runtime, std::string>;
  struct Container {
    std::map<File, Description> said;
    Description told;
  };

  bool tell(std::map<Key, Container>::iterator, bool is_new, Output&);

  std::map<Key, Container> containers_;
  std::map<File, std::vector<Key>> files_;
};

}  // namespace hostmeter::source::runtime
