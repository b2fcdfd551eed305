#include "contract/telegraf/docker_engine.hpp"

#include <array>
#include <map>
#include <string_view>

#include "base/word_list.hpp"
#include "contract/telegraf/image.hpp"

namespace hostmeter::contract::telegraf {
namespace {

using base::has;

Draft engine_draft(const Docker& options, Source& source, const Tags& tags) {
  Draft draft{.key = "engine"};
  DraftPoint& point = draft.point("docker", MetricType::unknown, tags);
  constexpr std::pair<const char*, const char*> kCopied[] = {
      {"n_cpus", "hostmeter_engine_cpus"},
      {"n_images", "hostmeter_engine_images"},
      {"memory_total", "hostmeter_engine_memory_bytes"},
      {"n_used_file_descriptors", "hostmeter_engine_open_files"},
      {"n_goroutines", "hostmeter_engine_goroutines"},
      {"n_listener_events", "hostmeter_engine_event_listeners"},
  };
  for (const auto& [name, metric] : kCopied)
    draft.copy(point, name, source.with(source.family(metric), "runtime", options.runtime));
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

// Whatever its state and its name: Telegraf's filters are not about disk usage.
void take_containers(const Docker& options, const Tags& engine,
                     const std::map<std::string, Container>& containers, Taker& taker) {
  const std::uint64_t seed = hash_of(engine);
  for (const auto& [id, container] : containers) {
    if (!container.description || container.description->name.empty()) continue;
    const Told& told = container.told;
    const Tags tags = identity_tags(options, container, engine);
    const std::uint64_t made_of =
        mixed(mixed(mixed(seed, hash_of(tags)), told.disk_bytes.series), told.root_fs_bytes.series);
    Draft draft{.key = "disk of " + id, .made_of = made_of};
    if (taker.keeps(draft.key, made_of)) continue;
    DraftPoint& point = draft.point("docker_disk_usage", MetricType::unknown, tags);
    draft.copy(point, "size_rw", told.disk_bytes);
    draft.copy(point, "size_root_fs", told.root_fs_bytes);
    taker.take(std::move(draft));
  }
}

// What Docker writes before the digits of an image's id.
constexpr std::string_view kDigest = "sha256:";

Tags image_tags(const store::Line& line, const Tags& engine) {
  Tags tags = engine;
  std::string id = label_of(line, "image_id");
  if (id.starts_with(kDigest)) id.erase(0, kDigest.size());
  set(tags, "image_id", id.substr(0, kShortId));
  const std::string reference = label_of(line, "image");
  if (reference.empty()) return tags;
  const Image image = image_of(reference);
  set(tags, "image_name", image.name);
  set(tags, "image_version", image.version);
  return tags;
}

// What one thing has in several metrics: lines whose labels are the same. Of their
// labels only the runtime is looked at until something is made of them.
template <std::size_t count>
struct Same {
  const store::Line* line = nullptr;
  std::array<Term, count> terms{};
};
template <std::size_t count>
using SameByLabels = std::map<std::string_view, Same<count>>;

template <std::size_t count>
SameByLabels<count> lines_of(const std::array<const char*, count>& metrics,
                             const std::string& runtime, Source& source) {
  SameByLabels<count> all;
  for (std::size_t i = 0; i < count; ++i) {
    const Source::Family family = source.family(metrics[i]);
    for (const store::Line& line : *family.lines) {
      if (label_of(line, "runtime") != runtime) continue;
      Same<count>& one = all[line.rest->view()];
      one.line = &line;
      one.terms[i] = family.term(line);
    }
  }
  return all;
}

// make: of what is new, or not as it was.
template <std::size_t count, class Make>
void take_each(std::string_view kind, const SameByLabels<count>& all, std::uint64_t seed,
               Taker& taker, Make make) {
  for (const auto& [labels, one] : all) {
    std::uint64_t made_of = seed;
    for (const Term& term : one.terms) made_of = mixed(made_of, term.series);
    Draft draft{.key = std::string(kind) + std::string(labels), .made_of = made_of};
    if (taker.keeps(draft.key, made_of)) continue;
    make(draft, one);
    taker.take(std::move(draft));
  }
}

void take_images(const Docker& options, Source& source, const Tags& engine, Taker& taker) {
  const auto all =
      lines_of<2>({"hostmeter_engine_image_bytes", "hostmeter_engine_image_shared_bytes"},
                  options.runtime, source);
  take_each("image ", all, hash_of(engine), taker, [&](Draft& draft, const Same<2>& one) {
    DraftPoint& point =
        draft.point("docker_disk_usage", MetricType::unknown, image_tags(*one.line, engine));
    draft.copy(point, "size", one.terms[0]);
    draft.copy(point, "shared_size", one.terms[1]);
  });
}

void take_volumes(const Docker& options, Source& source, const Tags& engine, Taker& taker) {
  const auto all = lines_of<1>({"hostmeter_engine_volume_bytes"}, options.runtime, source);
  take_each("volume ", all, hash_of(engine), taker, [&](Draft& draft, const Same<1>& one) {
    DraftPoint& point = draft.point("docker_disk_usage", MetricType::unknown, engine);
    set(point.tags, "volume_name", label_of(*one.line, "volume"));
    draft.copy(point, "size", one.terms[0]);
  });
}

// Labels of the engine are not among theirs.
void take_services(const Docker& options, Source& source, Taker& taker) {
  constexpr const char* kFields[] = {"tasks_running", "tasks_desired", "max_concurrent",
                                     "total_completions"};
  const auto all =
      lines_of<4>({"hostmeter_swarm_tasks_running", "hostmeter_swarm_tasks_desired",
                   "hostmeter_swarm_job_max_concurrent", "hostmeter_swarm_job_completions"},
                  options.runtime, source);
  take_each("service ", all, 1, taker, [&](Draft& draft, const Same<4>& one) {
    Tags tags;
    set(tags, "service_id", label_of(*one.line, "service_id"));
    set(tags, "service_name", label_of(*one.line, "service"));
    set(tags, "service_mode", label_of(*one.line, "mode"));
    DraftPoint& point = draft.point("docker_swarm", MetricType::unknown, std::move(tags));
    for (std::size_t i = 0; i < one.terms.size(); ++i) draft.copy(point, kFields[i], one.terms[i]);
  });
}

}  // namespace

Tags engine_tags(const Docker& options, Source& source) {
  Tags tags;
  // In a container our own name is another than the host's, so the engine's word comes first.
  std::string host, version;
  for (const store::Line& line : *source.family("hostmeter_engine_info").lines) {
    if (label_of(line, "runtime") != options.runtime) continue;
    host = label_of(line, "engine_host");
    version = label_of(line, "version");
  }
  const Source::Family uname = source.family("node_uname_info");
  if (host.empty() && !uname.lines->empty()) host = label_of(uname.lines->front(), "nodename");
  set(tags, "engine_host", host);
  set(tags, "server_version", version);
  return tags;
}

Tags identity_tags(const Docker& options, const Container& container, const Tags& engine) {
  const Image image = image_of(container.description->image);
  Tags tags = engine;
  set(tags, "container_name", container.description->name);
  set(tags, "container_image", image.name);
  set(tags, "container_version", image.version);
  if (options.source_tag) set(tags, "source", container.id.substr(0, kShortId));
  return tags;
}

void engine_drafts(const Docker& options, Source& source, const Tags& engine,
                   const std::map<std::string, Container>& containers, Taker& taker) {
  taker.take(engine_draft(options, source, engine));
  if (has(options.storage_objects, "container"))
    take_containers(options, engine, containers, taker);
  if (has(options.storage_objects, "image")) take_images(options, source, engine, taker);
  if (has(options.storage_objects, "volume")) take_volumes(options, source, engine, taker);
  if (options.gather_services) take_services(options, source, taker);
}

}  // namespace hostmeter::contract::telegraf
