// Files whose paths fit a pattern, as they come, change and go.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/dir.hpp"
#include "base/notices.hpp"

namespace hostmeter::source {

// Nothing is read while nothing changes: directories are watched, those that are not there yet by
// the nearest one above them that is. Where watches cannot be had, or notices of them were lost,
// all is looked at again.
class FollowedFiles {
 public:
  struct Limits {
    std::size_t watches = 8'192;
    std::size_t entries = 40'000;  // files and directories known at once
  };
  enum class Modes : bool { are_ignored, are_told };
  enum class Change : std::uint8_t { here, gone };  // here: new, or written since
  struct Event {
    Change change;
    std::size_t pattern;  // index
    std::string path;     // below the root
  };

  // patterns: paths below the root whose components may be globs ("run/x/*/*/config.json"). What
  // fits may be of any kind, directories and links too; links on the way to it are followed.
  // modes: whether another mode or owner is a change.
  FollowedFiles(const base::Dir& root, const std::vector<std::string>& patterns, Limits limits,
                Modes modes = Modes::are_ignored);
  FollowedFiles(const base::Dir& root, const std::vector<std::string>& patterns)
      : FollowedFiles(root, patterns, Limits()) {}
  ~FollowedFiles();
  FollowedFiles(const FollowedFiles&) = delete;

  // Becomes readable when changes() has something to say.
  int fd() const { return notices_.fd(); }

  // What happened since the last call; the first time all that is there. Never waits.
  std::vector<Event> changes();
  // The same, but whatever was not told of is looked for as well.
  std::vector<Event> look_again();

  // From now on nothing of this pattern is watched or told; resumed, all that is there is told
  // again.
  void pause(std::size_t pattern);
  std::vector<Event> resume(std::size_t pattern);

  // Nobody will write this file again: its directory needs no watch, where the one above is watched
  // and tells when it goes.
  void settle(std::size_t pattern, std::string_view path);

  // Whether the directory is there up to which the pattern has no globs.
  bool has_base(std::size_t pattern) const;

  // Watches are missing: only look_again() finds everything.
  bool is_short_of_watches() const { return is_short_; }
  std::size_t watches() const { return watches_.size(); }
  std::size_t left_out() const { return left_out_; }  // by the limit on entries, at the last look

 private:
  struct Node;
  struct Form {
    std::vector<std::string> components;
    std::size_t literal = 0;  // how many components before the first glob
  };

  const std::string& wanted(const Node&) const;
  bool is_last(const Node&) const;
  bool look(Node&);
  void look_for(Node&, const base::Dir& dir);
  void look_through(Node&, const base::Dir& dir);
  Node* child_of(Node& parent, std::string_view name);
  bool touch(Node& parent, std::string_view name, int dir_fd);
  bool touch_file(Node& parent, std::string_view name, int dir_fd);
  void drop(Node& parent, std::string_view name);
  void drop_below(Node&);
  void watch(Node&, int dir_fd);
  void unwatch(Node&);
  void on_notice(const base::Notices::Notice&);
  void on_entry(Node&, const base::Notices::Notice&);
  bool drain();
  void look_everywhere();
  void look_at(std::size_t pattern);
  void say(Change change, const Node&);

  const base::Dir& root_;
  const Limits limits_;
  const Modes modes_;
  std::vector<Form> forms_;
  std::vector<std::unique_ptr<Node>> roots_;
  base::Notices notices_;
  std::unordered_multimap<int, Node*> watches_;
  std::set<std::size_t> again_;  // patterns of which something above the globs went
  std::vector<Event> events_;
  std::set<std::size_t> paused_;
  std::size_t entries_ = 0, left_out_ = 0;
  bool is_short_ = false, began_ = false;
};

}  // namespace hostmeter::source
