// The docker input: the engine, and its containers by what the kernel counts of them.
#include <bit>

#include "base/word_list.hpp"
#include "contract/telegraf/containers.hpp"
#include "contract/telegraf/docker_engine.hpp"
#include "contract/telegraf/filter.hpp"
#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {
namespace {

using base::has;

Term else_zero(const Term& term) {
  return term.exists() ? term.else_zero() : Term{.series = Term::kOne, .scale = 0};
}

// What all containers' figures are set against.
struct Machine {
  Term memory;
  std::optional<double> memory_bytes;
  std::shared_ptr<SharedSum> cpu_time;  // in ns, as dockerd adds it up: without steal
  double cpus = 0;
};

Machine machine_of(Source& source) {
  Machine machine{
      .memory = source.only("node_memory_MemTotal_bytes"), .memory_bytes = {}, .cpu_time = {}};
  const Source::Family memory = source.family("node_memory_MemTotal_bytes");
  for (const store::Line& line : *memory.lines) machine.memory_bytes = source.watched(memory, line);
  std::vector<Term> spent;
  const Source::Family family = source.family("node_cpu_seconds_total");
  for (const store::Line& line : *family.lines) {
    const std::string mode = label_of(line, "mode");
    if (mode != "steal") spent.push_back(family.term(line));
    if (mode == "idle") ++machine.cpus;
  }
  if (!spent.empty()) machine.cpu_time = std::make_shared<SharedSum>(std::move(spent));
  return machine;
}

// One container.
class Maker {
 public:
  Maker(const Docker& options, const Machine& machine, const Container& container, Tags tags)
      : options_(options), machine_(machine), container_(container), tags_(std::move(tags)) {
    draft_.key = container.id;
    draft_.thing = container.counted ? container.counted->generation : 0;
  }

  Draft make() {
    add_status();
    if (container_.counted) {
      add_cpu();
      add_memory();
      add_network();
      add_blkio();
    }
    return std::move(draft_);
  }

 private:
  DraftPoint& point(const char* measurement, const char* tag = nullptr,
                    const std::string& value = {}) {
    DraftPoint& made = draft_.point(measurement, MetricType::unknown, tags_);
    if (tag) set(made.tags, tag, value);
    set(made.strings, "container_id", container_.id);
    return made;
  }
  const Term& counted(Figure figure) const { return (*container_.counted)[figure]; }

  void add_status();
  void add_cpu();
  void add_memory();
  void add_memory_stat(DraftPoint& memory);
  void add_network();
  void add_blkio();
  void add_blkio(const std::string& device, const std::vector<BlockDevice>& disks);

  const Docker& options_;
  const Machine& machine_;
  const Container& container_;
  Tags tags_;
  Draft draft_;
};

void Maker::add_status() {
  const Told& told = container_.told;
  Figures& figures = draft_.figures;
  DraftPoint& status = point("docker_container_status");
  const Sum started = figures.sum({told.started}), now = figures.sum({{.series = Term::kNow}});
  if (!told.status.empty()) {
    // While it runs it has no exit code, and else no process: dockerd says 0.
    draft_.copy(status, "exitcode", else_zero(told.exit_code));
    draft_.copy(status, "pid", else_zero(told.pid));
    draft_.copy(status, "restart_count", else_zero(told.restarts));
    draft_.copy(status, "finished_at", told.finished);
  }
  if (started != kNoSum) {
    draft_.add(status, "started_at", {.a = started});
    const Sum finished = figures.sum({else_zero(told.finished)});
    status.fields.push_back(
        {"uptime_ns", {.how = How::ran_for, .a = finished, .b = started, .c = now}});
  }
  if (!told.health.empty()) {
    DraftPoint& health = draft_.point("docker_container_health", MetricType::unknown, tags_);
    draft_.copy(health, "failing_streak", told.health_failures);
    set(health.strings, "health_status", told.health);
  }
  const Sum killed = figures.sum({told.oom_killed});
  if (killed != kNoSum) status.fields.push_back({"oomkilled", {.a = killed}, true});
}

void Maker::add_cpu() {
  if (has(options_.perdevice_include, "cpu"))
    for (const CpuUsage& one : container_.counted->cpus) {
      DraftPoint& cpu = point("docker_container_cpu", "cpu", "cpu" + one.number);
      draft_.copy(cpu, "usage_total", one.usage);
    }
  if (!has(options_.total_include, "cpu")) return;
  Figures& figures = draft_.figures;
  DraftPoint& cpu = point("docker_container_cpu", "cpu", "cpu-total");
  const Sum used = figures.sum({counted(Figure::cpu_usage)}),
            host = machine_.cpu_time ? figures.sum({{.series = Term::kShared}}) : kNoSum;
  figures.share(machine_.cpu_time);
  draft_.add(cpu, "usage_total", {.a = used});
  draft_.copy(cpu, "usage_in_usermode", counted(Figure::cpu_user));
  draft_.copy(cpu, "usage_in_kernelmode", counted(Figure::cpu_system));
  draft_.add(cpu, "usage_system", {.a = host});
  // Without a quota there are no periods.
  draft_.copy(cpu, "throttling_periods", else_zero(counted(Figure::periods)));
  draft_.copy(cpu, "throttling_throttled_periods", else_zero(counted(Figure::throttled_periods)));
  draft_.copy(cpu, "throttling_throttled_time", else_zero(counted(Figure::throttled_time)));
  if (host != kNoSum)
    draft_.add(cpu, "usage_percent",
               {.how = How::recent, .a = used, .b = host, .scale = 100 * machine_.cpus});
}

void Maker::add_memory_stat(DraftPoint& memory) {
  const bool is_v1 = container_.counted->is_v1(), has_nested = container_.counted->has_nested;
  // v2 has no figure without what is below; what its API lacks of these is the kernel's.
  for (const MemoryStat& one : kMemoryStat) {
    if (!is_v1 && one.all == Figure::writeback) continue;
    const bool is_own = is_v1 && (one.is_gathered || has_nested);
    draft_.copy(memory, std::string(one.name), counted(is_own ? one.own : one.all));
    if (is_v1) draft_.copy(memory, "total_" + std::string(one.name), counted(one.all));
  }
  draft_.copy(memory, "pgfault", counted(is_v1 ? Figure::own_pgfault : Figure::pgfault));
  draft_.copy(memory, "pgmajfault", counted(is_v1 ? Figure::own_pgmajfault : Figure::pgmajfault));
  // To dockerd, on v2 a failure is what reclaim could not help.
  const Sum failures =
      draft_.figures.sum({counted(is_v1 ? Figure::failcnt : Figure::out_of_memory)});
  draft_.add(memory, "fail_count", {.how = How::nonzero, .a = failures});
  if (!is_v1) return;
  draft_.copy(memory, "total_pgfault", counted(Figure::pgfault));
  draft_.copy(memory, "total_pgmajfault", counted(Figure::pgmajfault));
  draft_.copy(memory, "hierarchical_memory_limit", counted(Figure::hierarchical_limit));
}

void Maker::add_memory() {
  DraftPoint& memory = point("docker_container_mem");
  add_memory_stat(memory);
  draft_.copy(memory, "max_usage", counted(Figure::peak));
  // A limit above what the machine has is none, to dockerd.
  const double bytes = container_.counted->memory_limit.value_or(0);
  const bool is_limited = bytes > 0 && bytes <= machine_.memory_bytes.value_or(bytes);
  const Sum limit =
      draft_.figures.sum({is_limited ? counted(Figure::memory_limit) : machine_.memory});
  const Sum usage = draft_.figures.sum({counted(Figure::working_set)});
  draft_.add(memory, "limit", {.a = limit});
  // As the client of Docker: where all of it could be given back, all of it.
  const Sum all = draft_.figures.sum({counted(Figure::memory_usage)});
  draft_.add(memory, "usage", {.how = How::or_other, .a = usage, .b = all});
  if (limit != kNoSum)
    draft_.add(memory, "usage_percent",
               {.how = How::ratio, .a = usage, .b = limit, .c = all, .scale = 100});
}

void Maker::add_network() {
  constexpr const char* kNames[] = {"rx_bytes", "rx_packets", "rx_errors", "rx_dropped",
                                    "tx_bytes", "tx_packets", "tx_errors", "tx_dropped"};
  const std::vector<Interface>& interfaces = container_.counted->interfaces;
  if (has(options_.perdevice_include, "network"))
    for (const Interface& interface : interfaces) {
      DraftPoint& net = point("docker_container_net", "network", interface.name);
      for (std::size_t i = 0; i < Interface::kFields; ++i)
        draft_.copy(net, kNames[i], interface.figures[i]);
    }
  if (interfaces.empty() || !has(options_.total_include, "network")) return;
  DraftPoint& net = point("docker_container_net", "network", "total");
  for (std::size_t i = 0; i < Interface::kFields; ++i) {
    std::vector<Term> terms;
    terms.reserve(interfaces.size());
    for (const Interface& interface : interfaces) terms.push_back(interface.figures[i]);
    draft_.add(net, kNames[i], {.a = draft_.figures.sum(terms)});
  }
}

void Maker::add_blkio() {
  const std::vector<BlockDevice>& disks = container_.counted->disks;
  if (has(options_.perdevice_include, "blkio"))
    for (const BlockDevice& disk : disks) add_blkio(disk.number, {disk});
  if (has(options_.total_include, "blkio")) add_blkio("total", disks);
}

// What happened to all of these together. The kernel tells reads, writes and discards apart, and
// also those that somebody waits for from others.
void Maker::add_blkio(const std::string& device, const std::vector<BlockDevice>& disks) {
  struct Kind {
    std::string name;
    Term BlockDevice::*read, BlockDevice::*write, BlockDevice::*discard, BlockDevice::*async;
  };
  const Kind kinds[] = {
      {"io_service_bytes_recursive_", &BlockDevice::read_bytes, &BlockDevice::write_bytes,
       &BlockDevice::discard_bytes, &BlockDevice::async_bytes},
      {"io_serviced_recursive_", &BlockDevice::reads, &BlockDevice::writes, &BlockDevice::discards,
       &BlockDevice::asyncs},
  };
  DraftPoint& blkio = point("docker_container_blkio", "device", device);
  std::vector<Term> terms;
  const auto take = [&](Term BlockDevice::*figure, double factor) {
    for (const BlockDevice& disk : disks)
      if ((disk.*figure).exists()) terms.push_back((disk.*figure).times(factor).else_zero());
  };
  const auto add = [&](const std::string& name) {
    draft_.add(blkio, name, {.a = draft_.figures.sum(terms)});
    terms.clear();
  };
  const bool is_v1 = container_.counted->is_v1();
  for (const Kind& kind : kinds) {
    const auto take_all = [&] {
      for (const auto figure : {kind.read, kind.write, kind.discard}) take(figure, 1);
    };
    take(kind.read, 1);
    add(kind.name + "read");
    take(kind.write, 1);
    add(kind.name + "write");
    if (!is_v1) continue;
    take(kind.discard, 1);
    add(kind.name + "discard");
    take_all();
    add(kind.name + "total");
    take(kind.async, 1);
    const bool has_async = !terms.empty();
    add(kind.name + "async");
    if (!has_async) continue;
    take_all();
    take(kind.async, -1);
    add(kind.name + "sync");
  }
}

bool is_wanted(const Docker& options, const Container& container) {
  const bool any_state =
      !options.container_state_include.empty() || !options.container_state_exclude.empty();
  const std::string state = container.told.status.empty() ? "running" : container.told.status;
  const bool right_state =
      any_state ? passes(options.container_state_include, options.container_state_exclude, state)
                : state == "running";
  return container.description && !container.description->name.empty() && right_state &&
         passes(options.container_name_include, options.container_name_exclude,
                container.description->name);
}

Draft container_draft(const Docker& options, const Machine& machine, const Container& container,
                      const Tags& engine) {
  Tags tags = identity_tags(options, container, engine);
  for (const auto& [name, value] : container.description->labels)
    if (passes(options.docker_label_include, options.docker_label_exclude, name))
      set(tags, name, value);
  for (const auto& [name, value] : container.description->environment)
    if (has(options.tag_env, name)) set(tags, name, value);
  set(tags, "container_status", container.told.status);
  return Maker(options, machine, container, std::move(tags)).make();
}

}  // namespace

void drafts(const Docker& options, Source& source, Taker& taker) {
  const Tags engine = engine_tags(options, source);
  const Machine machine = machine_of(source);
  const std::map<std::string, Container> containers = containers_of(options.runtime, source);
  engine_drafts(options, source, engine, containers, taker);
  std::uint64_t common = hash_of(engine);
  for (std::size_t i = 0; machine.cpu_time && i < machine.cpu_time->terms().size(); ++i)
    common = mixed(common, machine.cpu_time->terms()[i].series);
  common = mixed(common, machine.memory.series);
  common = mixed(common, std::bit_cast<std::uint64_t>(machine.memory_bytes.value_or(0)));
  for (const auto& [id, container] : containers) {
    const std::uint64_t made_of = hash_of(container, common);
    if (!is_wanted(options, container) || taker.keeps(id, made_of)) continue;
    Draft draft = container_draft(options, machine, container, engine);
    draft.made_of = made_of;
    taker.take(std::move(draft));
  }
}

}  // namespace hostmeter::contract::telegraf
