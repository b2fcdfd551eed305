#include "source/cgroup/tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "base/open_file.hpp"
#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/own_groups.hpp"
#include "source/cgroup/file_path.hpp"
#include "source/cgroup/identity.hpp"
#include "source/cgroup/script_runs.hpp"

namespace hostmeter::source::cgroup {
namespace {

constexpr std::uint32_t kNoSlot = ~std::uint32_t{0};

const char* relative(const std::string& path) {
  return path.size() > 1 ? path.c_str() + 1 : ".";
}

// Network and user-space filesystems, where a recorded tree may lie, notify of local changes only.
bool notifies(int fd) {
  constexpr std::array<std::uint32_t, 4> kSilent{0x6969U, 0x65735546U, 0x01021997U, 0xff534d42U};
  struct statfs status {};
  if (::fstatfs(fd, &status) != 0) return false;
  return std::find(kSilent.begin(), kSilent.end(), std::uint32_t(status.f_type)) == kSilent.end();
}

std::uint64_t inode_of(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? status.st_ino : 0;
}

bool is_directory(int dir_fd, const char* name, unsigned char type) {
  if (type != DT_UNKNOWN) return type == DT_DIR;
  struct stat status {};
  return ::fstatat(dir_fd, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

// The head of what getdents64 writes; the name follows.
struct DirectoryEntry {
  std::uint64_t inode;
  std::int64_t offset;
  std::uint16_t length;
  std::uint8_t type;
};
constexpr std::size_t kNameOffset = 19;

}  // namespace

Tree::Tree(Host& host, const Hierarchies& hierarchies, Options options)
    : host_(host),
      hierarchies_(hierarchies),
      options_(std::move(options)),
      watches_(options_.max_watches),
      lingering_(options_.linger_ns, options_.max_lingering) {
  auto root = std::make_unique<Node>();
  root->cgroup.subject = kHost;
  root->cgroup.parent = kHost;
  root->cgroup.path = "/";
  slots_.push_back(&root->cgroup);
  by_path_.emplace(root->cgroup.path, 0);
  nodes_.push_back(std::move(root));
  generations_.resize(kOverflow.slot + 1);
  slots_.resize(kOverflow.slot + 1);
  nodes_.resize(kOverflow.slot + 1);
}

void Tree::start() {
  started_ = true;
  notifies_ = bool(watches_);
  const auto all = hierarchies_.all();
  for (std::uint32_t h = 0; h < all.size(); ++h) {
    if (!notifies(all[h].dir.fd())) notifies_ = false;
    const std::uint64_t id = inode_of(all[h].dir.fd());
    nodes_[0]->cgroup.kernfs_id[h] = id;
    by_id_[h].emplace(id, 0);
    queue({0, h});
  }
}

void Tree::read(const Tick& tick, Output& out) {
  tick_ = tick.number;
  born_.clear();
  is_rearranged_ = false;
  gone_.clear();
  departed_.clear();
  retired_.clear();
  passed_unseen_.clear();
  now_ns_ = tick.monotonic_ns;
  lingering_.expire(now_ns_);
  send_forgotten(out);
  watches_spent_ = false;
  // What is there at the start is looked at again soon, but not by all readers at once.
  young_until_ = started_ ? tick.number + kYoungTicks : 0;
  if (!started_) start();
  hear();
  take_notifications();
  rescan_in_turns(tick);
  if (notifies_) check(tick);
  scan_pending();
  announce(out);
  send_facts(out);
}

// Each directory is listed once a tick, however many things happened in it: who makes and removes
// cgroups by the thousand must not hold up the sampler.
void Tree::queue(Place place) {
  Node::InHierarchy& in = nodes_[place.slot]->in[place.hierarchy];
  if (in.dirty) return;
  in.dirty = true;
  pending_.push_back(place);
}

void Tree::take_notifications() {
  bool overflow = false;
  watches_.drain(
      [&](int watch) {
        const auto place = by_watch_.find(watch);
        if (place != by_watch_.end()) queue(place->second);
      },
      [&] { overflow = true; });
  if (!overflow) return;
  ++overflows_;
  if (turns_left_ == 0) ++rescans_;
  turns_left_ = kRescanTicks;
}

void Tree::rescan_in_turns(const Tick& tick) {
  const bool room = std::any_of(ignored_.begin(), ignored_.end(), [](auto n) { return n > 0; }) &&
                    by_path_.size() <= options_.max_cgroups;
  const bool all = !notifies_ || room || turns_left_ > 0;
  if (turns_left_ > 0)
    --turns_left_;
  else if ((all || unwatched_ > 0) && tick.number % kRescanTicks == 0)
    ++rescans_;
  if (!all && unwatched_ == 0) return;
  for (std::size_t slot = tick.number % kRescanTicks; slot < nodes_.size(); slot += kRescanTicks)
    for (std::uint32_t h = 0; nodes_[slot] && h < hierarchies_.all().size(); ++h)
      if (nodes_[slot]->cgroup.kernfs_id[h] != 0 && (all || nodes_[slot]->in[h].unwatched))
        queue({std::uint32_t(slot), h});
}

// What is made through another mount of the hierarchy with a cgroup namespace of its own (docker
// in docker on v2) is not notified here: another superblock. A directory's link count tells: two
// and one for each child, for all mounts the same.
void Tree::check(const Tick& tick) {
  for (std::size_t slot = tick.number % kCheckTicks; slot < nodes_.size(); slot += kCheckTicks) {
    if (!nodes_[slot]) continue;
    const Node& node = *nodes_[slot];
    for (std::uint32_t h = 0; h < hierarchies_.all().size(); ++h) {
      if (node.cgroup.kernfs_id[h] == 0 || overseen_[h]) continue;
      struct stat status {};
      if (::fstatat(hierarchies_.all()[h].dir.fd(), relative(node.cgroup.path), &status,
                    AT_SYMLINK_NOFOLLOW) != 0)
        continue;
      const std::uint64_t children =
          std::uint64_t{node.in[h].children} + node.in[h].ignored + node.in[h].runs;
      if (status.st_ino != node.cgroup.kernfs_id[h])
        queue({node.parent, h});
      else if (status.st_nlink >= 2 && status.st_nlink != children + 2)
        queue({std::uint32_t(slot), h});
    }
  }
}

void Tree::scan_pending() {
  while (!pending_.empty()) {
    const Place place = pending_.back();
    pending_.pop_back();
    if (!nodes_[place.slot]) continue;
    Node& node = *nodes_[place.slot];
    // Not dirty: the slot was given to another cgroup, which has been listed since.
    if (!std::exchange(node.in[place.hierarchy].dirty, false)) continue;
    if (node.cgroup.kernfs_id[place.hierarchy] != 0) scan(place);
  }
}

// The watch comes before the listing: what is made in between is seen twice rather than never.
void Tree::scan(Place place) {
  const std::string& path = nodes_[place.slot]->cgroup.path;
  const base::UniqueFd dir = base::open_file(hierarchies_.all()[place.hierarchy].dir.fd(),
                                             relative(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!dir) {
    const Error error{errno, "open a cgroup"};
    failed(error);
    if (is_gone(error) && place.slot != 0) queue({nodes_[place.slot]->parent, place.hierarchy});
    return;
  }
  watch(place, dir.get());
  Node& node = *nodes_[place.slot];
  ++listing_;
  ignored_[place.hierarchy] -= node.in[place.hierarchy].ignored;
  node.in[place.hierarchy].ignored = node.in[place.hierarchy].runs = 0;
  const bool complete = list(place, dir.get());
  ignored_[place.hierarchy] += node.in[place.hierarchy].ignored;
  if (!complete) return;  // what was not listed need not be gone
  for (std::size_t i = node.children.size(); i-- > 0;) {
    const std::uint32_t slot = node.children[i];
    const Node& child = *nodes_[slot];
    if (child.cgroup.kernfs_id[place.hierarchy] != 0 && child.in[place.hierarchy].seen != listing_)
      leave({slot, place.hierarchy});
  }
}

void Tree::set_unwatched(Node::InHierarchy& in, bool unwatched) {
  unwatched_ += std::size_t{unwatched} - std::size_t{in.unwatched};
  in.unwatched = unwatched;
}

// What gets none is listed in turns, and asks again at each of them until a watch is free.
void Tree::watch(Place place, int dir_fd) {
  Node::InHierarchy& in = nodes_[place.slot]->in[place.hierarchy];
  if (!notifies_ || watches_spent_ || in.watch != Watches::kNone) {
    if (notifies_ && in.watch == Watches::kNone) set_unwatched(in, true);
    return;
  }
  const auto watch = watches_.add(dir_fd);
  set_unwatched(in, !watch);
  if (!watch) {
    watches_spent_ = true;
    return;
  }
  in.watch = *watch;
  by_watch_[*watch] = place;
}

// Adopts every subdirectory. False when the listing broke off.
bool Tree::list(Place place, int dir_fd) {
  alignas(DirectoryEntry) std::array<char, 32U << 10> buffer;
  while (true) {
    const long got = ::syscall(SYS_getdents64, dir_fd, buffer.data(), buffer.size());
    if (got < 0) failed(Error{errno, "list a cgroup"});
    if (got <= 0) return got == 0;
    for (std::size_t at = 0; at < std::size_t(got);) {
      DirectoryEntry head{};
      std::memcpy(&head, buffer.data() + at, kNameOffset);
      const char* name = buffer.data() + at + kNameOffset;
      at += head.length;
      if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) continue;
      if (is_directory(dir_fd, name, head.type)) adopt(place, head.inode, name);
    }
  }
}

// Whether a directory entry is the cgroup we know by its inode.
bool Tree::is_known(Place parent, std::uint64_t id, std::string_view name) {
  const auto found = by_id_[parent.hierarchy].find(id);
  if (found == by_id_[parent.hierarchy].end()) return false;
  Node& node = *nodes_[found->second];
  const std::string_view path = node.cgroup.path;
  if (node.parent != parent.slot || path.substr(path.rfind('/') + 1) != name) return false;
  node.in[parent.hierarchy].seen = listing_;
  return true;
}

void Tree::adopt(Place parent, std::uint64_t id, std::string_view name) {
  if (is_known(parent, id, name)) return;
  const std::uint32_t h = parent.hierarchy;
  Node& above = *nodes_[parent.slot];
  std::string path = parent.slot == 0 ? "/" : above.cgroup.path + "/";
  path += name;
  if (is_script_run(path)) {
    ++above.in[h].runs;
    return;
  }
  const auto known = by_path_.find(path);
  std::uint32_t slot = known == by_path_.end() ? kNoSlot : known->second;
  if (slot != kNoSlot && (slots_[slot]->kernfs_id[h] != 0 || nodes_[slot]->in[h].lost)) {
    renew(slot);  // removed and made again
    slot = kNoSlot;
  }
  if (slot == kNoSlot && by_path_.size() > options_.max_cgroups) {
    ++above.in[h].ignored;
    return;
  }
  if (slot == kNoSlot) slot = make(parent, std::move(path));
  Node& node = *nodes_[slot];
  node.cgroup.kernfs_id[h] = id;
  node.cgroup.young_until = young_until_;
  is_rearranged_ = true;
  node.in[h].seen = listing_;
  ++above.in[h].children;
  by_id_[h][id] = slot;
  queue({slot, h});
}

std::uint32_t Tree::take_slot() {
  if (free_.empty()) {
    free_.push_back(std::uint32_t(nodes_.size()));
    nodes_.emplace_back();
    slots_.emplace_back();
    generations_.push_back(0);
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  return slot;
}

std::uint32_t Tree::make(Place parent, std::string path) {
  const std::uint32_t slot = take_slot();
  auto node = std::make_unique<Node>();
  node->cgroup.subject = {slot, ++generations_[slot]};
  node->cgroup.identity = identity_of(path);
  node->cgroup.path = std::move(path);
  node->parent = parent.slot;
  Node& above = *nodes_[parent.slot];
  node->cgroup.parent = above.cgroup.subject;
  node->index_in_parent = std::uint32_t(above.children.size());
  above.children.push_back(slot);
  ++kinds_[std::size_t(node->cgroup.identity.kind)];
  slots_[slot] = &node->cgroup;
  by_path_.emplace(node->cgroup.path, slot);
  born_.push_back(node->cgroup.subject);
  nodes_[slot] = std::move(node);
  return slot;
}

// A cgroup left one hierarchy, and all below it did so before.
void Tree::leave(Place place) {
  Node& node = *nodes_[place.slot];
  for (std::size_t i = node.children.size(); i-- > 0;)
    if (nodes_[node.children[i]]->cgroup.kernfs_id[place.hierarchy] != 0)
      leave({node.children[i], place.hierarchy});
  Node::InHierarchy& in = node.in[place.hierarchy];
  watches_.remove(in.watch);
  by_watch_.erase(in.watch);
  ignored_[place.hierarchy] -= in.ignored;
  set_unwatched(in, false);
  in = {};
  in.lost = true;
  in.was = node.cgroup.kernfs_id[place.hierarchy];
  const auto by_id = by_id_[place.hierarchy].find(node.cgroup.kernfs_id[place.hierarchy]);
  if (by_id != by_id_[place.hierarchy].end() && by_id->second == place.slot)
    by_id_[place.hierarchy].erase(by_id);
  node.cgroup.kernfs_id[place.hierarchy] = 0;
  node.cgroup.young_until = young_until_;
  is_rearranged_ = true;
  --nodes_[node.parent]->in[place.hierarchy].children;
  const auto& ids = node.cgroup.kernfs_id;
  if (std::all_of(std::begin(ids), std::end(ids), [](auto id) { return id == 0; }))
    bury(place.slot);
}

void Tree::bury(std::uint32_t slot) {
  Node& node = *nodes_[slot];
  Node& above = *nodes_[node.parent];
  const std::uint32_t last = above.children.back();
  above.children[node.index_in_parent] = last;
  nodes_[last]->index_in_parent = node.index_in_parent;
  above.children.pop_back();
  --kinds_[std::size_t(node.cgroup.identity.kind)];
  by_path_.erase(node.cgroup.path);
  const auto unborn = std::find(born_.begin(), born_.end(), node.cgroup.subject);
  if (unborn != born_.end()) {
    born_.erase(unborn);
  } else {
    gone_.push_back(node.cgroup.subject);
    for (std::size_t h = 0; h < kMaxHierarchies; ++h) node.cgroup.kernfs_id[h] = node.in[h].was;
    departed_.push_back(std::make_unique<const Cgroup>(std::move(node.cgroup)));
    if (node.announced) retired_.push_back(departed_.back().get());
  }
  slots_[slot] = nullptr;
  if (!node.announced) free_.push_back(slot);
  nodes_[slot].reset();
}

// The path has a new cgroup behind it: the old one and all below it are gone everywhere, and the
// parent is listed again in the other hierarchies, where it may have stayed.
void Tree::renew(std::uint32_t slot) {
  const std::uint32_t parent = nodes_[slot]->parent;
  for (std::uint32_t h = 0; h < hierarchies_.all().size(); ++h) {
    if (nodes_[parent]->cgroup.kernfs_id[h] != 0) queue({parent, h});
    if (nodes_[slot] && nodes_[slot]->cgroup.kernfs_id[h] != 0) leave({slot, h});
  }
}

}  // namespace hostmeter::source::cgroup
