#include "source/bpf/life_reader.hpp"

#include <algorithm>
#include <utility>

#include "hostmeter/flow/facts/bpf_map.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_life.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/life.hpp"
#include "source/bpf/hierarchy_numbers.hpp"
#include "source/cgroup/cpu_time.hpp"

namespace hostmeter::source::bpf {
namespace {

Facts<CgroupCpu> cpu_of(const LifeFigures& figures) {
  Facts<CgroupCpu> facts;
  const auto usage = figures.get(WIRE_LIFE_CPU_USAGE);
  const auto user = figures.get(WIRE_LIFE_CPU_USER), system = figures.get(WIRE_LIFE_CPU_SYSTEM);
  facts.set(CgroupCpu::usage_ns, usage);
  if (usage && user && system) {
    const cgroup::CpuSplit split = cgroup::split(*usage, *user, *system, {});
    facts.set(CgroupCpu::user_ns, split.user_ns);
    facts.set(CgroupCpu::system_ns, split.system_ns);
  }
  facts.set(CgroupCpu::periods, figures.get(WIRE_LIFE_CPU_PERIODS));
  facts.set(CgroupCpu::throttled_periods, figures.get(WIRE_LIFE_CPU_THROTTLED_PERIODS));
  facts.set(CgroupCpu::throttled_ns, figures.get(WIRE_LIFE_CPU_THROTTLED));
  return facts;
}

Facts<CgroupMemory> memory_of(const LifeFigures& figures) {
  Facts<CgroupMemory> facts;
  facts.set(CgroupMemory::peak, figures.get(WIRE_LIFE_MEMORY_PEAK));
  facts.set(CgroupMemory::failcnt, figures.get(WIRE_LIFE_MEMORY_FAILCNT));
  facts.set(CgroupMemory::events_high, figures.get(WIRE_LIFE_EVENTS_HIGH));
  facts.set(CgroupMemory::events_max, figures.get(WIRE_LIFE_EVENTS_MAX));
  facts.set(CgroupMemory::oom_kills, figures.get(WIRE_LIFE_EVENTS_OOM_KILL));
  return facts;
}

Facts<CgroupLife> life_of(const wire_life_processes& counts) {
  Facts<CgroupLife> facts;
  facts.set(CgroupLife::execs, counts.execs);
  facts.set(CgroupLife::exits, counts.exits);
  return facts;
}

}  // namespace

LifeReader::LifeReader(Host& host, cgroup::Tree& tree,
                       std::vector<LifeEvents::Hierarchy> hierarchies, Where where,
                       std::unique_ptr<LifeTable> table)
    : host_(host),
      tree_(tree),
      where_(where),
      table_(std::move(table)),
      events_(*table_, std::move(hierarchies)),
      maps_(host.instances, kHost) {
  tree_.follow(events_);
}

void LifeReader::read(const Tick& tick, Output& out) {
  health_ = table_->health();
  for (const Instance instance : released_) host_.instances.give_back(instance);
  released_.clear();
  read_ends(out);
  read_kills(tick, out);
  end_kills(out);
  read_processes(tick, out);
  send_health(out);
}

// The latest first: a cgroup that came and went under a path that others had before it keeps it,
// and parents are known before what was in them.
void LifeReader::read_ends(Output& out) {
  const auto ends = events_.ends();
  for (auto end = ends.rbegin(); end != ends.rend(); ++end) {
    const auto owner = tree_.owner_of(end->removed, out);
    if (!owner) continue;
    if (tree_.find(*owner)) {
      Waiting& waiting = waiting_[owner->slot];
      if (waiting.subject != *owner) waiting = {*owner, {}};
      waiting.figures.add(end->figures);
    } else {
      send_end(out, *owner, end->figures);
    }
  }
  for (const Subject& subject : tree_.gone()) {
    const auto waiting = waiting_.find(subject.slot);
    if (waiting == waiting_.end()) continue;
    if (waiting->second.subject == subject) send_end(out, subject, waiting->second.figures);
    waiting_.erase(waiting);
  }
}

void LifeReader::send_end(Output& out, Subject subject, const LifeFigures& figures) {
  out.send_final(subject, cpu_of(figures));
  out.send_final(subject, memory_of(figures));
  Facts<CgroupLife> life;
  const auto execs = figures.get(WIRE_LIFE_EXECS), exits = figures.get(WIRE_LIFE_EXITS);
  if (execs && exits) life = life_of({*execs, *exits, 1});
  life.set(CgroupLife::lived_ns, figures.lived_ns());
  out.send_final(subject, life);
}

const cgroup::Cgroup* LifeReader::departed(Subject subject) const {
  for (const auto& cgroup : tree_.departed())
    if (cgroup->subject == subject) return cgroup.get();
  return nullptr;
}

// The cgroup itself, or the nearest above that has figures.
std::optional<Subject> LifeReader::served(const cgroup::Cgroup* cgroup) const {
  while (cgroup && !tree_.is_served(*cgroup)) {
    const Subject above = cgroup->parent;
    cgroup = tree_.find(above);
    if (!cgroup) cgroup = departed(above);
  }
  if (!cgroup) return {};
  return cgroup->subject;
}

std::optional<Subject> LifeReader::victim_of(const OomKill& kill) const {
  if (!kill.hierarchy || kill.hierarchy != where_.memory) return {};
  if (const auto* live = tree_.by_kernfs_id(*kill.hierarchy, kill.id)) return served(live);
  for (const auto& gone : tree_.departed())
    if (gone->kernfs_id[*kill.hierarchy] == kill.id) return served(gone.get());
  return {};
}

// One series for each cgroup, whatever was killed in it how often: the last one's.
void LifeReader::read_kills(const Tick& tick, Output& out) {
  for (const OomKill& kill : events_.kills()) {
    const auto subject = victim_of(kill);
    if (!subject || *subject == kHost) continue;
    Killed& killed = killed_[subject->slot];
    if (killed.instance != 0 && killed.subject == *subject && killed.comm != kill.comm)
      out.send(NewsItem(GoneInstance{*subject, killed.instance}));
    if (killed.subject != *subject || killed.comm != kill.comm || killed.instance == 0) {
      if (killed.instance != 0) released_.push_back(killed.instance);
      killed = {*subject, kill.comm, host_.instances.take(), {}};
      out.send(NewsItem(NamedInstance{*subject, killed.instance, {kill.comm}}));
    }
    const std::uint64_t ago = tick.monotonic_ns - std::min(kill.at_ns, tick.monotonic_ns);
    killed.facts.set(CgroupOom::killed_ns, tick.realtime_ns - std::min(ago, tick.realtime_ns));
    killed.facts.set(CgroupOom::bytes, kill.bytes);
    if (tree_.find(*subject)) out.send(*subject, killed.facts, killed.instance);
  }
  if (!tick.resend) return;
  for (const auto& [slot, killed] : killed_)
    out.send(killed.subject, killed.facts, killed.instance);
}

// It stays to be seen that a container died so.
void LifeReader::end_kills(Output& out) {
  for (const auto& gone : tree_.departed()) {
    const auto killed = killed_.find(gone->subject.slot);
    if (killed == killed_.end() || killed->second.subject != gone->subject) continue;
    out.send_final(gone->subject, killed->second.facts, killed->second.instance);
    released_.push_back(killed->second.instance);
    killed_.erase(killed);
  }
}

void LifeReader::read_processes(const Tick& tick, Output& out) {
  const bool changed = std::exchange(process_events_, health_.process_events) != process_events_;
  if (!changed && tree_.born().empty() && !tick.resend) return;
  const auto rows = table_->processes();
  if (!rows) {
    failed(rows.error());
    process_events_ = ~std::uint64_t{0};
    return;
  }
  rows_ = rows->size();
  // What has no row has done nothing, or was lost for want of room: that is missing, not 0.
  const bool none_lost = health_.processes_full == 0;
  counts_.assign(tree_.slots().size(), {0, 0, none_lost ? 1U : 0U});
  for (const LifeRow& row : *rows)
    if (const auto* cgroup = tree_.by_kernfs_id(where_.counted, row.cgroup_id))
      counts_[cgroup->subject.slot] = row.counts;
  send_processes(tick, out);
}

void LifeReader::send_processes(const Tick& tick, Output& out) {
  sent_.resize(counts_.size());
  for (std::size_t slot = 0; slot < counts_.size(); ++slot) {
    const cgroup::Cgroup* cgroup = tree_.slots()[slot];
    if (!cgroup || !tree_.is_served(*cgroup) || cgroup->kernfs_id[where_.counted] == 0) continue;
    const wire_life_processes& counts = counts_[slot];
    Sent& sent = sent_[slot];
    const bool same = sent.subject == cgroup->subject && sent.counts.execs == counts.execs &&
                      sent.counts.exits == counts.exits && sent.counts.whole == counts.whole;
    if (sent.is_sent && same && !tick.resend) continue;
    sent = {cgroup->subject, counts, true};
    out.send(cgroup->subject, counts.whole != 0 ? life_of(counts) : Facts<CgroupLife>());
  }
}

void LifeReader::send_health(Output& out) {
  Facts<Life> facts;
  facts.set(Life::made, health_.seen[WIRE_LIFE_MADE]);
  facts.set(Life::removed, health_.seen[WIRE_LIFE_REMOVED]);
  facts.set(Life::oom_kills, health_.seen[WIRE_LIFE_OOM_KILL]);
  for (std::size_t kind = 0; kind < WIRE_LIFE_KINDS; ++kind) {
    facts.set(Life(std::size_t(Life::made_no_room) + kind), health_.no_room[kind]);
    facts.set(Life(std::size_t(Life::made_rationed) + kind), health_.rationed[kind]);
  }
  facts.set(Life::malformed, events_.malformed());
  out.send(kHost, facts);

  Facts<BpfMap> processes, directories;
  processes.set(BpfMap::entries, std::uint64_t(rows_));
  processes.set(BpfMap::max_entries, health_.max_entries);
  processes.set(BpfMap::dropped, health_.processes_full);
  directories.set(BpfMap::max_entries, health_.max_entries);
  directories.set(BpfMap::dropped, health_.directories_full);
  out.send(kHost, processes, maps_.get(out, "life_processes"));
  out.send(kHost, directories, maps_.get(out, "life_directories"));
}

Result<MadeLife> make_life_reader(Host& host, cgroup::Tree& tree,
                                  const cgroup::Hierarchies& hierarchies,
                                  const LifeOptions& options) {
  const auto counted = hierarchies.of(cgroup::Controller::cpuacct);
  if (!counted) return Error{ENOENT, "there is no cgroup hierarchy with CPU accounting"};
  if (!hierarchies.sees_whole_tree())
    return Error{EOPNOTSUPP, "only a part of the cgroup tree is mounted here"};
  const auto numbers = hierarchy_numbers(host, hierarchies);
  if (!numbers) return numbers.error();
  auto object = LifeObject::load(host, *numbers, *counted, options);
  if (!object) return object.error();
  std::vector<LifeEvents::Hierarchy> known;
  for (const std::uint32_t number : *numbers) known.push_back({number, {}});
  MadeLife made{.reader = {}, .lacks_cpu = (*object)->lacks_cpu()};
  made.reader = std::make_unique<LifeReader>(
      host, tree, std::move(known),
      LifeReader::Where{*counted, hierarchies.of(cgroup::Controller::memory)}, std::move(*object));
  return made;
}

}  // namespace hostmeter::source::bpf
