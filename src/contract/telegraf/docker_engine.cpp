#include "contract/telegraf/docker_engine.hpp"

#include <algorithm>

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

void take_images(const Docker& options, Source& source, const Tags& engine, Taker& taker) {
  const Source::Family shared = source.family("hostmeter_engine_image_shared_bytes");
  std::map<std::string, Term> shared_of;
  for (const store::Line& line : *shared.lines)
    if (label_of(line, "runtime") == options.runtime)
      shared_of[label_of(line, "image_id")] = shared.term(line);
  const Source::Family sizes = source.family("hostmeter_engine_image_bytes");
  for (const store::Line& line : *sizes.lines) {
    if (label_of(line, "runtime") != options.runtime) continue;
    const std::string id = label_of(line, "image_id");
    Draft draft{.key = "image " + id};
    DraftPoint& point =
        draft.point("docker_disk_usage", MetricType::unknown, image_tags(line, engine));
    draft.copy(point, "size", sizes.term(line));
    draft.copy(point, "shared_size", shared_of[id]);
    taker.take(std::move(draft));
  }
}

void take_volumes(const Docker& options, Source& source, const Tags& engine, Taker& taker) {
  const Source::Family sizes = source.family("hostmeter_engine_volume_bytes");
  for (const store::Line& line : *sizes.lines) {
    if (label_of(line, "runtime") != options.runtime) continue;
    const std::string name = label_of(line, "volume");
    Draft draft{.key = "volume " + name};
    DraftPoint& point = draft.point("docker_disk_usage", MetricType::unknown, engine);
    set(point.tags, "volume_name", name);
    draft.copy(point, "size", sizes.term(line));
    taker.take(std::move(draft));
  }
}

// Labels of the engine are not among theirs.
void take_services(const Docker& options, Source& source, Taker& taker) {
  constexpr std::pair<const char*, const char*> kFields[] = {
      {"tasks_running", "hostmeter_swarm_tasks_running"},
      {"tasks_desired", "hostmeter_swarm_tasks_desired"},
      {"max_concurrent", "hostmeter_swarm_job_max_concurrent"},
      {"total_completions", "hostmeter_swarm_job_completions"},
  };
  std::map<std::string, Draft> drafts;
  for (const auto& [name, metric] : kFields) {
    const Source::Family family = source.family(metric);
    for (const store::Line& line : *family.lines) {
      if (label_of(line, "runtime") != options.runtime) continue;
      const std::string id = label_of(line, "service_id");
      const auto [at, is_new] = drafts.try_emplace(id, Draft{.key = "service " + id});
      Draft& draft = at->second;
      if (is_new) {
        Tags tags;
        set(tags, "service_id", id);
        set(tags, "service_name", label_of(line, "service"));
        set(tags, "service_mode", label_of(line, "mode"));
        draft.point("docker_swarm", MetricType::unknown, std::move(tags));
      }
      draft.copy(draft.points.back(), name, family.term(line));
    }
  }
  for (auto& [id, draft] : drafts) taker.take(std::move(draft));
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
