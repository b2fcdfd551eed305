// What the tree tells of births and deaths, and what it is told of them.
#include <algorithm>
#include <iterator>
#include <utility>

#include "source/cgroup/identity.hpp"
#include "source/cgroup/script_runs.hpp"
#include "source/cgroup/tree.hpp"

namespace hostmeter::source::cgroup {

bool Tree::is_served(const Cgroup& cgroup) const {
  if (cgroup.subject == kHost) return true;
  if (cgroup.identity.kind == CgroupKind::nested) return options_.nested;
  return options_.scope == Show::all || cgroup.identity.kind == CgroupKind::container;
}

void Tree::announce(Output& out) {
  for (const Cgroup* cgroup : retired_) {
    out.send(NewsItem(Gone{cgroup->subject}));
    lingering_.add(*cgroup, now_ns_);
  }
  for (const Subject& subject : born_) {
    Node& node = *nodes_[subject.slot];
    if (!is_served(node.cgroup)) continue;
    node.announced = true;
    lingering_.forget(node.cgroup.path);
  }
  send_forgotten(out);
  for (const Subject& subject : born_) {
    const Node& node = *nodes_[subject.slot];
    if (node.announced) out.send(NewsItem(Born{subject, node.cgroup.path, node.cgroup.identity}));
  }
}

void Tree::send_forgotten(Output& out) {
  for (const Subject& subject : lingering_.take_forgotten()) {
    out.send(NewsItem(Forgotten{subject}));
    free_.push_back(subject.slot);
  }
}

void Tree::hear() {
  if (!chronicle_) return;
  chronicle_->take();
  for (const Made& made : chronicle_->made()) {
    const auto parent = by_id_[made.hierarchy].find(made.parent);
    if (parent != by_id_[made.hierarchy].end() && !by_id_[made.hierarchy].contains(made.id))
      queue({parent->second, std::uint32_t(made.hierarchy)});
  }
  for (std::size_t i = 0; i < chronicle_->removals(); ++i) {
    const Removed& removed = chronicle_->removed(i);
    const auto known = by_id_[removed.hierarchy].find(removed.id);
    if (known != by_id_[removed.hierarchy].end() && known->second != 0)
      queue({nodes_[known->second]->parent, std::uint32_t(removed.hierarchy)});
  }
}

// When the first of its directories was made that the chronicle tells of; ~0: it tells of none.
std::uint64_t Tree::began_ns(const Cgroup& cgroup) const {
  std::uint64_t began = ~std::uint64_t{0};
  for (const Made& made : chronicle_->made())
    if (made.id == cgroup.kernfs_id[made.hierarchy]) began = std::min(began, made.at_ns);
  return began;
}

std::optional<Subject> Tree::owner_of(const Removed& removed, Output& out) {
  if (is_script_run(removed.path)) return {};
  const auto live = by_path_.find(removed.path);
  if (live != by_path_.end()) return live_owner(*nodes_[live->second], removed);
  const std::size_t h = removed.hierarchy;
  if (Lingering::Entry* const late = lingering_.find(removed.path)) {
    const bool overlaps = removed.at_ns > late->began_ns && removed.made_ns < late->ended_ns;
    const bool is_it = late->cgroup.kernfs_id[h] == removed.id;
    if (is_it || (late->cgroup.kernfs_id[h] == 0 && overlaps)) {
      if (!is_it) add_directory(*late, h, removed.id);
      late->ended_ns = std::min(late->ended_ns, removed.at_ns);
      return late->cgroup.subject;
    }
    if (removed.at_ns <= late->ended_ns) return {};
  }
  return pass_unseen(removed, out);
}

void Tree::add_directory(Lingering::Entry& late, std::size_t hierarchy, std::uint64_t id) {
  lingering_.add_kernfs_id(late, hierarchy, id);
  const auto passed = passed_unseen_.find(late.cgroup.subject.slot);
  if (passed != passed_unseen_.end()) passed->second->kernfs_id[hierarchy] = id;
}

// Its own directory, or one that came and went in this hierarchy while it was in others. What was
// removed before the cgroup began was an earlier one's.
std::optional<Subject> Tree::live_owner(Node& node, const Removed& removed) {
  const Cgroup& cgroup = node.cgroup;
  Node::InHierarchy& in = node.in[removed.hierarchy];
  if (cgroup.kernfs_id[removed.hierarchy] != removed.id && in.was != removed.id) {
    const bool was_there = cgroup.kernfs_id[removed.hierarchy] != 0 || in.was != 0;
    const bool is_new = std::find(born_.begin(), born_.end(), cgroup.subject) != born_.end();
    if (was_there || (is_new && began_ns(cgroup) >= removed.at_ns)) return {};
    in.was = removed.id;
  }
  if (!is_served(cgroup)) return {};
  return cgroup.subject;
}

std::optional<Subject> Tree::pass_unseen(const Removed& removed, Output& out) {
  ++unseen_;
  auto cgroup = std::make_unique<Cgroup>();
  cgroup->identity = identity_of(removed.path);
  cgroup->path = removed.path;
  cgroup->kernfs_id[removed.hierarchy] = removed.id;
  if (const Cgroup* parent = by_kernfs_id(removed.hierarchy, removed.parent))
    cgroup->parent = parent->subject;
  else if (const Cgroup* gone_too = lingering_.by_kernfs_id(removed.hierarchy, removed.parent))
    cgroup->parent = gone_too->subject;
  cgroup->subject.slot = 1;  // not the host's: whether it is served depends on what it is
  if (options_.linger_ns == 0 || !is_served(*cgroup)) return {};
  lingering_.forget(removed.path);
  send_forgotten(out);
  const std::uint32_t slot = take_slot();
  cgroup->subject = {slot, ++generations_[slot]};
  out.send(NewsItem(Born{cgroup->subject, cgroup->path, cgroup->identity}));
  out.send(NewsItem(Gone{cgroup->subject}));
  lingering_.add(*cgroup, now_ns_);
  if (Lingering::Entry* const late = lingering_.find(removed.path)) {
    // Not known when it was made: what ended before this may be another's.
    late->began_ns = removed.made_ns != 0 ? removed.made_ns : removed.at_ns;
    late->ended_ns = removed.at_ns;
  }
  send_forgotten(out);
  passed_unseen_[slot] = cgroup.get();
  departed_.push_back(std::move(cgroup));
  return departed_.back()->subject;
}

const Cgroup* Tree::by_kernfs_id(std::size_t hierarchy, std::uint64_t id) const {
  if (hierarchy >= kMaxHierarchies) return nullptr;
  const auto found = by_id_[hierarchy].find(id);
  return found == by_id_[hierarchy].end() ? nullptr : slots_[found->second];
}

void Tree::send_facts(Output& out) const {
  Facts<CgroupTree> facts;
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind)
    facts.set(CgroupTree(std::size_t(CgroupTree::others) + kind), kinds_[kind]);
  facts.set(CgroupTree::ignored, *std::max_element(ignored_.begin(), ignored_.end()));
  facts.set(CgroupTree::rescans, rescans_);
  facts.set(CgroupTree::overflows, overflows_);
  facts.set(CgroupTree::watches, watches_.size());
  facts.set(CgroupTree::notified, is_notified() ? 1U : 0U);
  facts.set(CgroupTree::sees_whole, hierarchies_.sees_whole_tree() ? 1U : 0U);
  facts.set(CgroupTree::lingering, lingering_.size());
  facts.set(CgroupTree::cut_short, lingering_.cut_short());
  facts.set(CgroupTree::unseen, unseen_);
  out.send(kHost, facts);
}

}  // namespace hostmeter::source::cgroup
