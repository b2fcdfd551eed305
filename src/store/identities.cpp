#include "store/identities.hpp"

#include <algorithm>

#include "store/labels.hpp"

namespace hostmeter::store {
namespace {

constexpr Runtime kOfPods[] = {Runtime::docker, Runtime::containerd, Runtime::crio};

bool is_in_container(const Identity& identity) {
  return identity.kind == CgroupKind::container || identity.kind == CgroupKind::nested;
}

// Whoever reads runtimes keeps to these bounds; the memory is ours.
void cut(Description& description) {
  for (std::string* text : {&description.name, &description.image, &description.pod_namespace,
                            &description.pod, &description.pod_uid, &description.pod_container})
    if (text->size() > Description::kLongestName) text->resize(Description::kLongestName);
  for (auto& [name, value] : description.labels) {
    if (name.size() > Description::kLongestName) name.resize(Description::kLongestName);
    if (value.size() > Description::kLongestLabel) value.resize(Description::kLongestLabel);
  }
}

}  // namespace

void Identities::born(const Born& born) {
  ++version_;
  if (born.subject.slot >= by_slot_.size()) by_slot_.resize(born.subject.slot + 1);
  auto& place = by_slot_[born.subject.slot];
  if (place) forget(place->born.subject);
  place = std::make_unique<Cgroup>(Cgroup{.born = born});
  Cgroup& cgroup = *place;
  const Identity& identity = born.identity;
  if (is_in_container(identity) && !identity.container_id.empty())
    by_container_.emplace(identity.container_id, born.subject.slot);
  if (!identity.pod_uid.empty()) {
    by_pod_.emplace(identity.pod_uid, born.subject.slot);
    join_pod(identity.pod_uid);
  }
  held_.push_back(born.subject.slot);
  find_description(cgroup);
  renew(cgroup);
}

void Identities::forget(Subject subject) {
  if (!has(subject)) return;
  ++version_;
  Cgroup& cgroup = *by_slot_[subject.slot];
  set_state(cgroup, State::shown);
  claim(cgroup, nullptr);
  const Identity& identity = cgroup.born.identity;
  const auto leave = [&](BySlot& map, const std::string& key) {
    const auto [first, last] = map.equal_range(key);
    const auto at =
        std::find_if(first, last, [&](const auto& one) { return one.second == subject.slot; });
    if (at != last) map.erase(at);
  };
  leave(by_container_, identity.container_id);
  leave(by_pod_, identity.pod_uid);
  leave_pod(identity.pod_uid);
  std::erase(changed_, subject.slot);
  by_slot_[subject.slot].reset();
}

void Identities::described(Description description) {
  cut(description);
  const bool passes = options_.filter.passes_image_and_labels(description);
  std::erase_if(description.labels, [&](const auto& label) {
    return !base::matches_any(options_.shown_labels, label.first) &&
           !base::matches_any(options_.kept_labels, label.first);
  });
  description.labels.shrink_to_fit();
  const auto [at, is_new] =
      descriptions_.try_emplace({description.container_id, description.runtime});
  Entry& entry = at->second;
  const bool is_same = !is_new && !entry.is_undescribed && entry.passes == passes;
  if (is_same && entry.description == description) return;
  ++version_;
  join_pod(description.pod_uid);
  if (!is_new) leave_pod(entry.description.pod_uid);
  entry.description = std::move(description);
  entry.passes = passes;
  entry.is_undescribed = false;
  if (is_new) entry.unclaimed = unclaimed_.insert(unclaimed_.end(), at->first);
  name_pod(entry.description);
  const auto [first, last] = by_container_.equal_range(at->first.first);
  for (auto cgroup = first; cgroup != last; ++cgroup) {
    find_description(*by_slot_[cgroup->second]);
    renew(*by_slot_[cgroup->second]);
  }
  while (unclaimed_.size() > options_.max_unclaimed) {
    erase(descriptions_.find(unclaimed_.front()));
    ++dropped_;
  }
}

// Who still shows its figures keeps its name. Who lived for less than a tick is born after its
// runtime has told of its end: its description waits for it.
void Identities::undescribed(const Undescribed& gone) {
  const auto at = descriptions_.find({gone.container_id, gone.runtime});
  if (at == descriptions_.end()) return;
  ++version_;
  if (at->second.claims == 0 && at->second.was_claimed) return erase(at);
  at->second.is_undescribed = true;
  if (at->second.claims == 0) leaving_.emplace_back(at->first, ticks_);
  const auto [first, last] = by_container_.equal_range(gone.container_id);
  for (auto cgroup = first; cgroup != last; ++cgroup) renew(*by_slot_[cgroup->second]);
}

void Identities::runtime(const RuntimeUp& news) {
  const Up now = news.up ? Up::yes : Up::no;
  if (std::exchange(up_[std::size_t(news.runtime)], now) == now) return;
  ++version_;
  for (const auto& cgroup : by_slot_)
    if (cgroup && cgroup->entry && cgroup->entry->first.second == news.runtime) renew(*cgroup);
}

void Identities::tick() {
  ++ticks_;
  if (!leaving_.empty()) drop_leaving();
  if (!held_.empty()) decide_held();
}

void Identities::drop_leaving() {
  while (!leaving_.empty() && leaving_.front().second + kLongestHold < ticks_) {
    const auto at = descriptions_.find(leaving_.front().first);
    leaving_.pop_front();
    if (at != descriptions_.end() && at->second.is_undescribed && at->second.claims == 0) erase(at);
  }
}

void Identities::decide_held() {
  const std::vector<std::uint32_t> held = held_;
  for (const std::uint32_t slot : held) {
    Cgroup& cgroup = *by_slot_[slot];
    if (cgroup.ticks_held++ < kLongestHold) continue;
    const Identity& identity = cgroup.born.identity;
    if (identity.kind == CgroupKind::container && !cgroup.entry && is_up(identity.runtime))
      doubted_.push_back(identity.runtime);
    decide(cgroup);
    ++version_;
    changed_.push_back(slot);
  }
}

std::vector<std::uint32_t> Identities::take_changed() {
  std::sort(changed_.begin(), changed_.end());
  changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
  return std::exchange(changed_, {});
}

bool Identities::has(Subject subject) const {
  return subject.slot < by_slot_.size() && by_slot_[subject.slot] &&
         by_slot_[subject.slot]->born.subject == subject;
}

Identities::Known Identities::known(std::uint32_t slot) const {
  const Cgroup& cgroup = *by_slot_[slot];
  Known known{.born = &cgroup.born,
              .description = nullptr,
              .is_shown = cgroup.state == State::shown,
              .is_excluded = cgroup.state == State::excluded,
              .is_described = cgroup.entry != nullptr,
              .is_stale = false};
  if (cgroup.entry && cgroup.born.identity.kind == CgroupKind::container) {
    const Entry& entry = cgroup.entry->second;
    known.description = &entry.description;
    known.is_stale = entry.is_undescribed || up_[std::size_t(entry.description.runtime)] == Up::no;
    known.pod_namespace = entry.description.pod_namespace;
    known.pod = entry.description.pod;
  }
  const auto pod = pods_.find(cgroup.born.identity.pod_uid);
  if (pod != pods_.end() && cgroup.born.identity.kind != CgroupKind::nested) {
    if (known.pod_namespace.empty()) known.pod_namespace = pod->second.pod_namespace;
    if (known.pod.empty()) known.pod = pod->second.name;
  }
  return known;
}

const Description* Identities::description(const std::string& container_id, Runtime runtime) const {
  const auto at = descriptions_.find({container_id, runtime});
  return at == descriptions_.end() || at->second.is_undescribed ? nullptr : &at->second.description;
}

std::vector<std::pair<std::string, std::string>> Identities::shown_labels(
    const Description& description) const {
  auto labels = description.labels;
  std::erase_if(labels, [this](const auto& label) {
    return !base::matches_any(options_.shown_labels, label.first);
  });
  return labels;
}

std::string Identities::owner_labels(std::uint32_t slot) const {
  const Known who = known(slot);
  std::string labels = "{";
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) append_label(labels, name, value);
  };
  append_label(labels, "id", who.born->path);
  if (who.born->identity.kind == CgroupKind::container)
    add("name", container_name(*by_slot_[slot]));
  if (who.description) add("image", who.description->image);
  add("namespace", who.pod_namespace);
  add("pod", who.pod);
  if (who.description) add("container", who.description->pod_container);
  return labels;
}

// Also of what is inside it.
std::string_view Identities::container_name(const Cgroup& cgroup) const {
  if (cgroup.entry && !cgroup.entry->second.description.name.empty())
    return cgroup.entry->second.description.name;
  const Identity& identity = cgroup.born.identity;
  if (identity.kind != CgroupKind::nested) return identity.name;
  const auto [first, last] = by_container_.equal_range(identity.container_id);
  for (auto at = first; at != last; ++at) {
    const Identity& other = by_slot_[at->second]->born.identity;
    if (other.runtime == identity.runtime && !other.name.empty()) return other.name;
  }
  return {};
}

// Whether a runtime that is up may be about to say who this is.
bool Identities::is_expected(const Cgroup& cgroup) const {
  const Identity& identity = cgroup.born.identity;
  if (cgroup.entry) return false;
  if (identity.kind == CgroupKind::pod)
    return known(cgroup.born.subject.slot).pod.empty() &&
           std::ranges::any_of(kOfPods, [this](Runtime runtime) { return is_up(runtime); });
  if (!is_in_container(identity)) return false;
  const ContainerFilter& filter = options_.filter;
  const bool asks = filter.asks_for_more() || (filter.asks_for_names() && identity.name.empty());
  if (asks) return true;
  if (identity.kind == CgroupKind::nested) return false;
  if (identity.runtime != Runtime::none) return is_up(identity.runtime);
  return std::ranges::find(up_, Up::yes) != up_.end();
}

// What is inside a container is shown if it is.
bool Identities::passes(const Cgroup& cgroup) const {
  const ContainerFilter& filter = options_.filter;
  if (!is_in_container(cgroup.born.identity)) return true;
  if (!filter.passes_name(container_name(cgroup))) return false;
  return cgroup.entry ? cgroup.entry->second.passes : filter.passes_image_and_labels({});
}

void Identities::decide(Cgroup& cgroup) {
  set_state(cgroup, passes(cgroup) ? State::shown : State::excluded);
}

void Identities::set_state(Cgroup& cgroup, State state) {
  if (cgroup.state == state) return;
  if (cgroup.state == State::held) std::erase(held_, cgroup.born.subject.slot);
  const bool counts = cgroup.born.identity.kind == CgroupKind::container;
  if (counts && cgroup.state == State::excluded) --excluded_;
  if (counts && state == State::excluded) ++excluded_;
  cgroup.state = state;
}

// Something about it is new.
void Identities::renew(Cgroup& cgroup) {
  if (cgroup.state != State::held || !is_expected(cgroup)) decide(cgroup);
  changed_.push_back(cgroup.born.subject.slot);
}

// Of those with its id: what its own runtime says, else the first by runtime.
void Identities::find_description(Cgroup& cgroup) {
  const Identity& identity = cgroup.born.identity;
  if (!is_in_container(identity) || identity.container_id.empty()) return;
  std::map<Key, Entry>::value_type* best = nullptr;
  for (auto at = descriptions_.lower_bound({identity.container_id, Runtime::none});
       at != descriptions_.end() && at->first.first == identity.container_id; ++at) {
    const Runtime runtime = at->first.second;
    if (runtime == identity.runtime) {
      best = &*at;
      break;
    }
    const bool may_be = identity.runtime == Runtime::none || runtime == Runtime::none;
    if (may_be && (!best || best->first.second == Runtime::none)) best = &*at;
  }
  claim(cgroup, best);
}

void Identities::claim(Cgroup& cgroup, std::map<Key, Entry>::value_type* entry) {
  if (cgroup.entry == entry) return;
  if (entry && entry->second.claims++ == 0) {
    entry->second.was_claimed = true;
    unclaimed_.erase(entry->second.unclaimed);
  }
  auto* const before = std::exchange(cgroup.entry, entry);
  if (before) unclaim(*before);
}

void Identities::unclaim(std::map<Key, Entry>::value_type& entry) {
  if (--entry.second.claims > 0) return;
  entry.second.unclaimed = unclaimed_.insert(unclaimed_.end(), entry.first);
  const bool is_too_many = unclaimed_.size() > options_.max_unclaimed;
  if (entry.second.is_undescribed) return erase(descriptions_.find(entry.first));
  if (!is_too_many) return;
  erase(descriptions_.find(unclaimed_.front()));
  ++dropped_;
}

void Identities::erase(std::map<Key, Entry>::iterator at) {
  ++version_;
  unclaimed_.erase(at->second.unclaimed);
  leave_pod(at->second.description.pod_uid);
  descriptions_.erase(at);
}

void Identities::join_pod(const std::string& uid) {
  if (!uid.empty()) ++pods_[uid].users;
}

void Identities::leave_pod(const std::string& uid) {
  const auto pod = uid.empty() ? pods_.end() : pods_.find(uid);
  if (pod != pods_.end() && --pod->second.users == 0) pods_.erase(pod);
}

// Every member of a pod tells its name.
void Identities::name_pod(const Description& description) {
  if (description.pod_uid.empty() || description.pod.empty()) return;
  Pod& pod = pods_[description.pod_uid];
  if (pod.name == description.pod && pod.pod_namespace == description.pod_namespace) return;
  pod.name = description.pod;
  pod.pod_namespace = description.pod_namespace;
  const auto [first, last] = by_pod_.equal_range(description.pod_uid);
  for (auto cgroup = first; cgroup != last; ++cgroup) renew(*by_slot_[cgroup->second]);
}

}  // namespace hostmeter::store
