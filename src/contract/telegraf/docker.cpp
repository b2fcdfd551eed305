// The docker input: the engine, and its containers by what the kernel counts of them.
#include <algorithm>

#include "contract/telegraf/containers.hpp"
#include "contract/telegraf/filter.hpp"
#include "contract/telegraf/image.hpp"
#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {
namespace {

constexpr std::size_t kShortId = 12;

bool has(const std::vector<std::string>& list, std::string_view wanted) {
  return std::ranges::find(list, wanted) != list.end();
}

Term else_zero(const Term& term) {
  return term.exists() ? term.else_zero() : Term{.series = Term::kOne, .scale = 0};
}

// What all containers' figures are set against.
struct Machine {
  Term memory;
  std::shared_ptr<SharedSum> cpu_time;  // in ns, as dockerd adds it up: without steal
  double cpus = 0;
};

Machine machine_of(Source& source) {
  Machine machine{.memory = source.only("node_memory_MemTotal_bytes"), .cpu_time = {}};
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

Tags engine_tags(const Docker& options, Source& source) {
  Tags tags;
  std::string host = options.engine_host;
  const Source::Family uname = source.family("node_uname_info");
  if (host.empty() && !uname.lines->empty()) host = label_of(uname.lines->front(), "nodename");
  set(tags, "engine_host", host);
  for (const store::Line& line : *source.family("hostmeter_engine_info").lines)
    if (label_of(line, "runtime") == options.runtime)
      set(tags, "server_version", label_of(line, "version"));
  return tags;
}

Draft engine_draft(const Docker& options, Source& source, const Tags& tags) {
  Draft draft{.key = "engine"};
  DraftPoint& point = draft.point("docker", MetricType::unknown, tags);
  const auto with_runtime = [&](std::string_view metric) {
    return source.with(source.family(metric), "runtime", options.runtime);
  };
  draft.copy(point, "n_cpus", with_runtime("hostmeter_engine_cpus"));
  draft.copy(point, "n_images", with_runtime("hostmeter_engine_images"));
  draft.copy(point, "memory_total", with_runtime("hostmeter_engine_memory_bytes"));
  std::vector<Term> every, stopped;
  const Source::Family states = source.family("hostmeter_engine_containers");
  for (const store::Line& line : *states.lines) {
    if (label_of(line, "runtime") != options.runtime) continue;
    const std::string state = label_of(line, "state");
    every.push_back(states.term(line));
    if (state == "running" || state == "paused")
      draft.copy(point, "n_containers_" + state, every.back());
    else
      stopped.push_back(every.back());
  }
  draft.add(point, "n_containers", {.a = draft.figures.sum(every)});
  draft.add(point, "n_containers_stopped", {.a = draft.figures.sum(stopped)});
  if (options.storage_objects.empty()) return draft;
  const Source::Family usage = source.family("hostmeter_engine_disk_usage_bytes");
  DraftPoint& disk = draft.point("docker_disk_usage", MetricType::unknown, tags);
  for (const store::Line& line : *usage.lines)
    if (label_of(line, "runtime") == options.runtime && label_of(line, "kind") == "images")
      draft.copy(disk, "layers_size", usage.term(line));
  return draft;
}

// One container.
class Maker {
 public:
  Maker(const Docker& options, const Machine& machine, const Container& container, Tags tags)
      : options_(options), machine_(machine), container_(container), tags_(std::move(tags)) {
    draft_.key = container.id;
    draft_.thing = container.counted ? container.counted->generation : 0;
  }

  Draft make(const Tags& identity) {
    add_status();
    if (container_.counted) {
      add_cpu();
      add_memory();
      add_network();
      add_blkio();
    }
    if (has(options_.storage_objects, "container")) {
      DraftPoint& point = draft_.point("docker_disk_usage", MetricType::unknown, identity);
      draft_.copy(point, "size_rw", container_.told.disk_bytes);
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
  if (started != kNoSum) {
    // While it runs it has no exit code, and else no process: dockerd says 0.
    draft_.copy(status, "exitcode", else_zero(told.exit_code));
    draft_.copy(status, "pid", else_zero(told.pid));
    draft_.copy(status, "restart_count", else_zero(told.restarts));
    draft_.copy(status, "finished_at", told.finished);
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

void Maker::add_memory() {
  struct Field {
    const char* name;
    Figure figure;
  };
  // Of v1 the same with and without what is below; of v2 what its API lacks is the kernel's.
  constexpr Field kBoth[] = {{"active_file", Figure::active_file},
                             {"inactive_file", Figure::inactive_file},
                             {"cache", Figure::cache},
                             {"mapped_file", Figure::mapped_file},
                             {"rss", Figure::rss}};
  DraftPoint& memory = point("docker_container_mem");
  const bool is_v1 = container_.counted->is_v1();
  for (const auto& [name, figure] : kBoth) {
    if (!is_v1 || !container_.counted->has_nested) draft_.copy(memory, name, counted(figure));
    if (is_v1) draft_.copy(memory, std::string("total_") + name, counted(figure));
  }
  draft_.copy(memory, "pgfault", counted(is_v1 ? Figure::own_pgfault : Figure::pgfault));
  draft_.copy(memory, "pgmajfault", counted(is_v1 ? Figure::own_pgmajfault : Figure::pgmajfault));
  if (is_v1) {
    draft_.copy(memory, "total_pgfault", counted(Figure::pgfault));
    draft_.copy(memory, "total_pgmajfault", counted(Figure::pgmajfault));
    draft_.copy(memory, "total_writeback", counted(Figure::writeback));
    if (!container_.counted->has_nested)
      draft_.copy(memory, "writeback", counted(Figure::writeback));
    draft_.add(memory, "fail_count",
               {.how = How::nonzero, .a = draft_.figures.sum({counted(Figure::failcnt)})});
  }
  draft_.copy(memory, "max_usage", counted(Figure::peak));
  const bool is_limited = container_.counted->memory_limit.value_or(0) > 0;
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

// What happened to all of these together.
void Maker::add_blkio(const std::string& device, const std::vector<BlockDevice>& disks) {
  struct Kind {
    std::string name;
    Term BlockDevice::*read, BlockDevice::*write, BlockDevice::*discard;
  };
  const Kind kinds[] = {
      {"io_service_bytes_recursive_", &BlockDevice::read_bytes, &BlockDevice::write_bytes,
       &BlockDevice::discard_bytes},
      {"io_serviced_recursive_", &BlockDevice::reads, &BlockDevice::writes, &BlockDevice::discards},
  };
  DraftPoint& blkio = point("docker_container_blkio", "device", device);
  const auto add = [&](const std::string& name, std::initializer_list<Term BlockDevice::*> what) {
    std::vector<Term> terms;
    for (const BlockDevice& disk : disks)
      for (const auto figure : what)
        if ((disk.*figure).exists()) terms.push_back((disk.*figure).else_zero());
    draft_.add(blkio, name, {.a = draft_.figures.sum(terms)});
  };
  for (const Kind& kind : kinds) {
    add(kind.name + "read", {kind.read});
    add(kind.name + "write", {kind.write});
    if (!container_.counted->is_v1()) continue;
    add(kind.name + "discard", {kind.discard});
    add(kind.name + "total", {kind.read, kind.write, kind.discard});
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
  const Image image = image_of(container.description->image);
  Tags tags = engine;
  set(tags, "container_name", container.description->name);
  set(tags, "container_image", image.name);
  set(tags, "container_version", image.version);
  if (options.source_tag) set(tags, "source", container.id.substr(0, kShortId));
  const Tags identity = tags;
  for (const auto& [name, value] : container.description->labels)
    if (passes(options.docker_label_include, options.docker_label_exclude, name))
      set(tags, name, value);
  set(tags, "container_status", container.told.status);
  return Maker(options, machine, container, std::move(tags)).make(identity);
}

}  // namespace

void drafts(const Docker& options, Source& source, Taker& taker) {
  const Tags engine = engine_tags(options, source);
  const Machine machine = machine_of(source);
  taker.take(engine_draft(options, source, engine));
  std::uint64_t common = hash_of(engine);
  for (std::size_t i = 0; machine.cpu_time && i < machine.cpu_time->terms().size(); ++i)
    common = mixed(common, machine.cpu_time->terms()[i].series);
  common = mixed(common, machine.memory.series);
  for (const auto& [id, container] : containers_of(options.runtime, source)) {
    const std::uint64_t made_of = hash_of(container, common);
    if (!is_wanted(options, container) || taker.keeps(id, made_of)) continue;
    Draft draft = container_draft(options, machine, container, engine);
    draft.made_of = made_of;
    taker.take(std::move(draft));
  }
}

}  // namespace hostmeter::contract::telegraf
