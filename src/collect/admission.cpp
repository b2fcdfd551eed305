#include "collect/admission.hpp"

#include <string>

#include "hostmeter/flow/facts/containers.hpp"

namespace hostmeter::collect {

Admission::Verdict Admission::born(Subject subject, const Identity& identity, bool has_room) {
  if (subject.slot >= by_slot_.size()) by_slot_.resize(subject.slot + 1);
  Entry& entry = by_slot_[subject.slot];
  if (entry.is_here) forget({subject.slot, entry.generation});
  entry = {subject.generation, Verdict::shown, identity.kind == CgroupKind::container, true};
  if (entry.is_container) ++seen_[std::size_t(identity.runtime)];
  return admit(entry, has_room);
}

Admission::Verdict Admission::admit(Entry& entry, bool has_room) {
  if (!entry.is_container) {
    entry.verdict = has_room ? Verdict::shown : Verdict::hidden;
    hidden_ += has_room ? 0 : 1;
  } else if (has_room && shown_ < max_containers_) {
    entry.verdict = Verdict::shown;
    ++shown_;
  } else {
    entry.verdict = Verdict::summed;
    ++ever_summed_;
  }
  return entry.verdict;
}

void Admission::exclude(Subject subject) {
  if (of(subject) != Verdict::shown || subject.slot >= by_slot_.size()) return;
  Entry& entry = by_slot_[subject.slot];
  if (!entry.is_here || entry.generation != subject.generation) return;
  if (entry.is_container) --shown_;
  entry.verdict = Verdict::excluded;
}

Admission::Verdict Admission::include(Subject subject, bool has_room) {
  const Verdict before = of(subject);
  return before == Verdict::excluded ? admit(by_slot_[subject.slot], has_room) : before;
}

void Admission::forget(Subject subject) {
  if (subject.slot >= by_slot_.size()) return;
  Entry& entry = by_slot_[subject.slot];
  if (!entry.is_here || entry.generation != subject.generation) return;
  if (entry.is_container && entry.verdict == Verdict::shown) --shown_;
  if (entry.verdict == Verdict::hidden) --hidden_;
  entry = {};
}

void Admission::report(Bindings& out, InstanceIds& ids, std::size_t summed, std::uint64_t refused) {
  Facts<Containers> facts;
  facts.set(Containers::shown, std::uint64_t{shown_});
  facts.set(Containers::summed, std::uint64_t{summed});
  facts.set(Containers::ever_summed, ever_summed_);
  facts.set(Containers::hidden, std::uint64_t{hidden_});
  facts.set(Containers::records_refused, refused);
  out.apply(facts.part(0, kHost, 0));
  for (std::size_t i = 0; i < kRuntimes; ++i) {
    if (seen_[i] == 0) continue;
    if (runtimes_[i] == 0) {
      runtimes_[i] = ids.take();
      out.named({kHost, runtimes_[i], {std::string(to_string(Runtime(i)))}});
    }
    Facts<ContainersSeen> seen;
    seen.set(ContainersSeen::seen, seen_[i]);
    out.apply(seen.part(0, kHost, runtimes_[i]));
  }
}

}  // namespace hostmeter::collect
