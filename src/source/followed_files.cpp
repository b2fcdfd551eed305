#include "source/followed_files.hpp"

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>

#include "hostmeter/base/text.hpp"

namespace hostmeter::source {
namespace {

constexpr int kNoWatch = -1;

bool is_glob(std::string_view component) {
  return component.find_first_of("*?[") != std::string_view::npos;
}

bool fits(const std::string& component, const std::string& name) {
  return is_glob(component) ? ::fnmatch(component.c_str(), name.c_str(), 0) == 0
                            : component == name;
}

// A new file says so once it is closed: before that it is not whole. A link, to another file or to
// a name, is whole at once.
bool is_being_written(const base::Notices::Notice& notice, const std::string& name,
                      const base::Dir& dir) {
  struct stat status {};
  return notice.is_made && !notice.is_closed &&
         ::fstatat(dir.fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISREG(status.st_mode) && status.st_nlink == 1;
}

// What tells one writing of a file from the next.
struct Stamp {
  std::uint64_t device = 0, inode = 0;
  std::int64_t seconds = 0, nanoseconds = 0, size = 0;
  std::uint32_t mode = 0, owner = 0, group = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

}  // namespace

// A directory on the way to what fits, or what fits. Its depth is the number of its components.
struct FollowedFiles::Node {
  Node* parent = nullptr;
  std::size_t pattern = 0, depth = 0;
  std::string name{};
  int watch = kNoWatch;
  bool is_settled = false;
  bool was_said = false;
  Stamp stamp{};
  std::map<std::string, std::unique_ptr<Node>, std::less<>> below{};

  std::string path() const {
    if (!parent) return ".";
    return parent->parent ? parent->path() + '/' + name : name;
  }
};

FollowedFiles::FollowedFiles(const base::Dir& root, const std::vector<std::string>& patterns,
                             Limits limits, Modes modes)
    : root_(root),
      limits_(limits),
      modes_(modes),
      notices_(modes == Modes::are_told ? base::Notices::Of::entries_writes_and_modes
                                        : base::Notices::Of::entries_and_writes) {
  for (const std::string& pattern : patterns) {
    Form& form = forms_.emplace_back();
    for (Text parts(pattern); !parts.empty();)
      if (const auto part = parts.until('/'); !part.empty()) form.components.emplace_back(part);
    form.literal =
        std::size_t(std::find_if(form.components.begin(), form.components.end(), is_glob) -
                    form.components.begin());
    roots_.push_back(std::make_unique<Node>());
    roots_.back()->pattern = roots_.size() - 1;
  }
}

FollowedFiles::~FollowedFiles() = default;

const std::string& FollowedFiles::wanted(const Node& node) const {
  return forms_[node.pattern].components[node.depth];
}

bool FollowedFiles::is_last(const Node& node) const {
  return node.depth + 1 == forms_[node.pattern].components.size();
}

std::vector<FollowedFiles::Event> FollowedFiles::changes() {
  if (!began_) return look_again();
  if (!drain()) look_everywhere();
  for (const std::size_t pattern : std::exchange(again_, {})) look_at(pattern);
  return std::exchange(events_, {});
}

std::vector<FollowedFiles::Event> FollowedFiles::look_again() {
  began_ = true;
  drain();
  look_everywhere();
  return std::exchange(events_, {});
}

bool FollowedFiles::drain() {
  return notices_.drain([this](const base::Notices::Notice& notice) { on_notice(notice); });
}

void FollowedFiles::look_everywhere() {
  is_short_ = false;
  left_out_ = 0;
  again_.clear();
  for (std::size_t pattern = 0; pattern < roots_.size(); ++pattern) look_at(pattern);
}

void FollowedFiles::look_at(std::size_t pattern) {
  if (!paused_.contains(pattern)) look(*roots_[pattern]);
}

void FollowedFiles::pause(std::size_t pattern) {
  paused_.insert(pattern);
  std::vector<Event> before = std::exchange(events_, {});
  drop_below(*roots_[pattern]);
  unwatch(*roots_[pattern]);
  events_ = std::move(before);
}

std::vector<FollowedFiles::Event> FollowedFiles::resume(std::size_t pattern) {
  if (paused_.erase(pattern) > 0) look(*roots_[pattern]);
  return std::exchange(events_, {});
}

// Everything below a directory, from here on watched where that is needed. False: it is not there.
bool FollowedFiles::look(Node& node) {
  const auto dir = base::Dir::open_in_root(root_.fd(), node.path().c_str());
  if (!dir) {
    drop_below(node);
    unwatch(node);
    return false;
  }
  if (is_glob(wanted(node)))
    look_through(node, *dir);
  else
    look_for(node, *dir);
  return true;
}

// One name. A directory above one that is there need not be watched: when that one goes, it says so
// itself.
void FollowedFiles::look_for(Node& node, const base::Dir& dir) {
  if (!is_last(node) && touch(node, wanted(node), dir.fd())) return unwatch(node);
  watch(node, dir.fd());
  touch(node, wanted(node), dir.fd());  // it may have come before the watch
}

void FollowedFiles::look_through(Node& node, const base::Dir& dir) {
  watch(node, dir.fd());
  const auto names = dir.entries();
  if (!names) return drop_below(node);
  std::vector<std::string> gone;
  for (const auto& [name, child] : node.below)
    if (!std::binary_search(names->begin(), names->end(), name)) gone.push_back(name);
  for (const std::string& name : gone) drop(node, name);
  for (const std::string& name : *names)
    if (fits(wanted(node), name)) touch(node, name, dir.fd());
}

// As it is known, or new; nullptr when there are too many.
FollowedFiles::Node* FollowedFiles::child_of(Node& parent, std::string_view name) {
  const auto known = parent.below.find(name);
  if (known != parent.below.end()) return known->second.get();
  if (entries_ >= limits_.entries) {
    ++left_out_;
    return nullptr;
  }
  ++entries_;
  auto made = std::make_unique<Node>(Node{.parent = &parent,
                                          .pattern = parent.pattern,
                                          .depth = parent.depth + 1,
                                          .name = std::string(name)});
  return parent.below.emplace(std::string(name), std::move(made)).first->second.get();
}

// Whether there is such an entry, of the kind that is looked for.
bool FollowedFiles::touch(Node& parent, std::string_view name, int dir_fd) {
  if (is_last(parent)) return touch_file(parent, name, dir_fd);
  Node* const child = child_of(parent, name);
  if (!child) return false;
  if (look(*child)) return true;
  drop(parent, name);
  return false;
}

bool FollowedFiles::touch_file(Node& parent, std::string_view name, int dir_fd) {
  struct stat status {};
  const std::string terminated(name);
  if (::fstatat(dir_fd, terminated.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    drop(parent, name);
    return false;
  }
  Stamp stamp{std::uint64_t(status.st_dev), std::uint64_t(status.st_ino), status.st_mtim.tv_sec,
              status.st_mtim.tv_nsec, status.st_size};
  if (modes_ == Modes::are_told) {
    stamp.mode = status.st_mode;
    stamp.owner = status.st_uid;
    stamp.group = status.st_gid;
  }
  Node* const file = child_of(parent, name);
  if (!file) return false;
  const bool is_directory = S_ISDIR(status.st_mode);  // those change with what is in them
  if (file->was_said && (is_directory || file->stamp == stamp)) return true;
  file->stamp = stamp;
  file->was_said = true;
  say(Change::here, *file);
  return true;
}

void FollowedFiles::say(Change change, const Node& node) {
  events_.push_back({change, node.pattern, node.path()});
}

void FollowedFiles::drop(Node& parent, std::string_view name) {
  const auto child = parent.below.find(name);
  if (child == parent.below.end()) return;
  drop_below(*child->second);
  unwatch(*child->second);
  if (child->second->was_said) say(Change::gone, *child->second);
  parent.below.erase(child);
  --entries_;
}

void FollowedFiles::drop_below(Node& node) {
  while (!node.below.empty()) drop(node, std::string(node.below.begin()->first));
}

void FollowedFiles::watch(Node& node, int dir_fd) {
  if (node.is_settled) return;
  const bool has_room = node.watch != kNoWatch || watches_.size() < limits_.watches;
  const auto number = has_room ? notices_.add(dir_fd) : Error{ENOSPC, "watch a directory"};
  if (!number) {
    is_short_ = true;
    return unwatch(node);
  }
  if (node.watch == *number) return;
  unwatch(node);  // another directory of the same name
  node.watch = *number;
  watches_.emplace(*number, &node);
}

// A directory may be watched for several patterns.
void FollowedFiles::unwatch(Node& node) {
  if (node.watch == kNoWatch) return;
  const int number = std::exchange(node.watch, kNoWatch);
  const auto [first, last] = watches_.equal_range(number);
  const bool is_last_user = std::next(first) == last;
  watches_.erase(std::find_if(first, last, [&](const auto& one) { return one.second == &node; }));
  if (is_last_user) notices_.remove(number);
}

void FollowedFiles::on_notice(const base::Notices::Notice& notice) {
  const auto [first, last] = watches_.equal_range(notice.watch);
  std::vector<Node*> nodes;
  for (auto one = first; one != last; ++one) nodes.push_back(one->second);
  if (notice.is_over) {
    for (Node* node : nodes) node->watch = kNoWatch;
    watches_.erase(notice.watch);
  }
  for (Node* node : nodes) {
    if (notice.is_over || notice.is_self) {
      // Where the directory above it is watched, that one tells what became of it.
      if (!node->parent || !is_glob(wanted(*node->parent))) again_.insert(node->pattern);
      continue;
    }
    const auto [from, to] = watches_.equal_range(notice.watch);
    const bool is_still =
        std::any_of(from, to, [&](const auto& one) { return one.second == node; });
    if (is_still && !notice.name.empty()) on_entry(*node, notice);
  }
}

void FollowedFiles::on_entry(Node& node, const base::Notices::Notice& notice) {
  const std::string name(notice.name);
  if (!fits(wanted(node), name)) return;
  const auto dir = base::Dir::open_in_root(root_.fd(), node.path().c_str());
  if (!dir) {
    again_.insert(node.pattern);
    return;
  }
  if (notice.is_gone) drop(node, name);
  if (is_last(node)) {
    if (!is_being_written(notice, name, *dir)) touch(node, name, dir->fd());
  } else if (is_glob(wanted(node))) {
    touch(node, name, dir->fd());
  } else {
    look_for(node, *dir);
  }
}

void FollowedFiles::settle(std::size_t pattern, std::string_view path) {
  Node* node = roots_[pattern].get();
  Text parts(path);
  while (node && !parts.empty()) {
    const auto child = node->below.find(parts.until('/'));
    if (child == node->below.end()) return;
    if (parts.empty()) break;
    node = child->second.get();
  }
  if (!node || is_glob(wanted(*node))) return;  // others of the same directory are still to come
  node->is_settled = true;
  unwatch(*node);
}

bool FollowedFiles::has_base(std::size_t pattern) const {
  const Form& form = forms_[pattern];
  const Node* node = roots_[pattern].get();
  for (std::size_t i = 0; i < std::min(form.literal, form.components.size() - 1); ++i) {
    const auto child = node->below.find(form.components[i]);
    if (child == node->below.end()) return false;
    node = child->second.get();
  }
  return true;
}

}  // namespace hostmeter::source
