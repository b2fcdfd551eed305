#include "source/runtime/engine_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "source/runtime/engine_trouble.hpp"
#include "source/runtime/process_state.hpp"

namespace hostmeter::source::runtime {
namespace {

constexpr std::uint64_t kSecondNs = 1'000'000'000;
// How long a change may wait for the next of the same container: docker run is three of them, and
// what is removed need not be asked for any more.
constexpr std::uint64_t kSettleNs = 500'000'000;
constexpr std::uint64_t kInfoSettleNs = 2 * kSecondNs;
constexpr std::uint64_t kRetryInspectNs = 10 * kSecondNs;
constexpr unsigned kMostFailures = 3;
constexpr std::uint64_t kDoubtEveryNs = 30 * kSecondNs;
constexpr std::uint64_t kLookForSocketNs = 5 * kSecondNs;
constexpr std::uint64_t kStandsNs = 30 * kSecondNs;           // a connection that is no flicker
constexpr std::size_t kMostEvents = 256, kMostInspects = 64;  // in one follow()

}  // namespace

EngineSource::EngineSource(EngineOptions options, const base::Dir& root, const base::Dir& proc,
                           const Clock& clock, InstanceIds ids)
    : options_(std::move(options)),
      root_(root),
      proc_(proc),
      clock_(clock),
      ids_(std::move(ids)),
      client_(options_.runtime,
              HttpClient(root, options_.socket, clock, interrupt_, options_.timeout_ns),
              options_.environment),
      containers_(options_.runtime, proc, ids_, options_.containers),
      backoff_(std::uint32_t(clock.monotonic_ns())),
      engine_names_(ids_, kHost),
      info_names_(ids_, kHost),
      figures_(options_.info_interval_ns),
      disk_(options_.runtime, options_.disk, ids_),
      swarm_(options_.runtime, options_.swarm_interval_ns, ids_) {}

void EngineSource::follow(Output& out, bool resend) {
  if (resend) {
    containers_.resend(out);
    disk_.resend(out);
    swarm_.resend(out);
    engine_changed_ = true;
    sent_ = {};
  } else {
    ids_.settle();
  }
  std::optional<Error> failure;
  if (events_) {
    failure = listen(out);
  } else if (now() < retry_ns_) {
    sleep_until(std::min(retry_ns_, now() + kSecondNs), clock_, interrupt_);
  } else {
    failure = connect(out);
  }
  if (failure) lose(out, *failure);
  pass_time(out);
  if (engine_changed_) send_engine(out);
  send_client(out);
}

// The stream of events begins before the list is asked for, and a second earlier than that: what
// happens in between is told twice rather than never.
std::optional<Error> EngineSource::connect(Output& out) {
  auto version = client_.version();
  if (!version) return version.error();
  version_ = *version;
  const std::uint64_t since = clock_.realtime_ns() / kSecondNs - 1;
  auto events = client_.events(since);
  if (!events) return events.error();
  const auto ids = client_.container_ids();
  if (!ids) return ids.error();
  if (const auto failure = figures_.begin(client_, clock_)) {
    // Names are worth more than figures, over which an engine may take very long.
    if (failure->code == ECANCELED) return failure;
    miss(*failure);
  }
  containers_.use_systemd(out, figures_.info().cgroup_driver == "systemd");
  containers_.keep_only(out, ids->all);
  containers_.describe_again();
  due_.clear();
  // Those that run come first: figures wait for their names.
  for (const std::string& id : ids->running)
    if (const auto failure = inspect(out, id)) return failure;
  for (const std::string& id : ids->all)
    if (!std::ranges::binary_search(ids->running, id))
      if (const auto failure = inspect(out, id)) return failure;
  events_ = std::move(*events);
  is_stopped_ = false;
  connected_ns_ = now();
  disk_.begin(connected_ns_);
  swarm_.begin(connected_ns_);
  engine_changed_ = true;
  set_up(out, true);
  say_welcome();
  return {};
}

std::optional<Error> EngineSource::listen(Output& out) {
  if (now() - connected_ns_ > kStandsNs) backoff_.reset();
  if (const auto failure = take_events(out)) return failure;
  is_stopped_ = is_stopped();
  set_up(out, !is_stopped_);
  if (is_stopped_) {
    remark_trouble(EBUSY, trouble_words(options_.runtime, options_.socket, {EBUSY, {}}));
    return {};
  }
  if (trouble_ == EBUSY) say_welcome();
  if (const auto failure = find_missing()) return failure;
  if (const auto failure = inspect_due(out)) return failure;
  follow_figures(out);
  follow_disk_usage(out);
  follow_swarm(out);
  return {};
}

// A container may also be another engine's, of which this one has nothing to tell.
std::optional<Error> EngineSource::find_missing() {
  if (!is_doubted_ || now() < doubt_again_ns_) return {};
  is_doubted_ = false;
  doubt_again_ns_ = now() + kDoubtEveryNs;
  const auto ids = client_.container_ids();
  if (!ids) return ids.error();
  for (const std::string& id : ids->running)
    if (!containers_.has(id)) due_.try_emplace(id, Due{.at_ns = now()});
  return {};
}

// One that is stopped is asked nothing: what is due then is no reason to look again.
std::uint64_t EngineSource::next_look_ns() const {
  const std::uint64_t now_ns = now(), latest_ns = now_ns + kSecondNs;
  if (is_stopped_) return latest_ns;
  std::uint64_t at_ns = std::min({latest_ns, figures_.next_look_ns(now_ns),
                                  disk_.next_look_ns(now_ns), swarm_.next_look_ns(now_ns)});
  for (const auto& [id, due] : due_) at_ns = std::min(at_ns, due.at_ns);
  return at_ns;
}

std::optional<Error> EngineSource::take_events(Output& out) {
  std::uint64_t deadline = next_look_ns();
  for (std::size_t taken = 0; taken < kMostEvents; ++taken) {
    const auto line = events_->line(kLongestEvent, deadline);
    if (!line) return line.error();
    if (!*line) return {};
    const auto event = parse_event(**line);
    if (!event) return event.error();  // what it told of is not known: all has to be asked again
    note(out, *event);
    // It may live for less than it takes to read what else has happened.
    if (event->what == EngineEvent::What::started) return {};
    deadline = now();
  }
  return {};
}

void EngineSource::note(Output& out, const EngineEvent& event) {
  using What = EngineEvent::What;
  ++told_;
  if (event.what == What::images) figures_.images_change(now() + kInfoSettleNs);
  if (event.what == What::container_gone) {
    containers_.remove(out, event.container);
    due_.erase(event.container);
    engine_changed_ = true;
  }
  if (event.what != What::started && event.what != What::changed) return;
  const std::uint64_t at = now() + (event.what == What::started ? 0 : kSettleNs);
  const auto [due, is_new] = due_.try_emplace(event.container, Due{.at_ns = at});
  due->second.at_ns = std::min(due->second.at_ns, at);
  due->second.failures = 0;
}

std::optional<Error> EngineSource::inspect_due(Output& out) {
  std::vector<std::string> ids;
  const std::uint64_t until = now();
  for (const auto& [id, due] : due_)
    if (due.at_ns <= until && ids.size() < kMostInspects) ids.push_back(id);
  for (const std::string& id : ids)
    if (const auto failure = inspect(out, id)) return failure;
  return {};
}

// One container that the engine cannot tell about costs itself only.
std::optional<Error> EngineSource::inspect(Output& out, const std::string& id) {
  auto one = client_.inspect(id);
  if (!one) {
    if (!is_about_one(one.error())) return one.error();
    count(one.error());
    if (std::exchange(oddity_, one.error().code) != oddity_)
      remarks_.push_back({true, oddity_words(options_.runtime, id, one.error())});
    Due& due = due_[id];
    due.at_ns = now() + kRetryInspectNs;
    if (++due.failures == kMostFailures) due_.erase(id);
    return {};
  }
  due_.erase(id);
  engine_changed_ = true;
  if (*one)
    containers_.update(out, std::move(**one));
  else
    containers_.remove(out, id);
  return {};
}

void EngineSource::follow_figures(Output& out) {
  const auto another = figures_.follow(client_, now());
  if (!another) miss(another.error());
  if (another && !*another) return;
  engine_changed_ = true;
  containers_.use_systemd(out, figures_.info().cgroup_driver == "systemd");
}

void EngineSource::follow_disk_usage(Output& out) {
  const auto another = disk_.follow(out, client_, now());
  if (!another) miss(another.error());
  if (another && !*another) return;
  engine_changed_ = true;
  containers_.set_disk(out, disk_.usage().by_container);
}

// An engine that manages no swarm says no: that is counted as refused.
void EngineSource::follow_swarm(Output& out) {
  if (const auto failure = swarm_.follow(out, client_, now())) miss(*failure);
}

void EngineSource::pass_time(Output& out) {
  if (figures_.pass_time(now())) engine_changed_ = true;
  swarm_.pass_time(out, now());
  if (!disk_.pass_time(out, now())) return;
  engine_changed_ = true;
  containers_.set_disk(out, {});
}

// One that did not answer may answer nothing at all.
void EngineSource::miss(const Error& error) {
  if (error.code == ECANCELED) return;
  count(error);
  if (error.code == ETIMEDOUT || error.code == EAGAIN) is_doubted_ = true;
}

// A socket that systemd opened has systemd for a listener.
bool EngineSource::is_stopped() {
  std::optional<pid_t> pid = events_->listener();
  if (pid == 1 && !options_.pid_file.empty())
    pid = pid_in_file(root_, options_.pid_file.c_str(), buffer_);
  return pid && is_stopped_process(proc_, *pid, buffer_);
}

void EngineSource::lose(Output& out, const Error& error) {
  events_.reset();
  disk_.lose();
  due_.clear();
  if (error.code == ECANCELED) return;
  const bool has_no_socket = error.code == ENOENT || error.code == ENOTDIR;
  if (has_no_socket && !options_.is_expected && !up_) {
    retry_ns_ = now() + kLookForSocketNs;
    return;
  }
  retry_ns_ = now() + backoff_.next_ns();
  count(error);
  set_up(out, false);
  swarm_.lose(out);
  figures_.lose(now());
  engine_changed_ = true;
  remark_trouble(error.code, trouble_words(options_.runtime, options_.socket, error));
}

void EngineSource::set_up(Output& out, bool up) {
  if (up_ == up) return;
  up_ = up;
  out.send(NewsItem(RuntimeUp{options_.runtime, up}));
}

void EngineSource::count(const Error& error) {
  switch (error.code) {
    case ETIMEDOUT:
      ++timeouts_;
      break;
    case EPROTO:
    case EBADMSG:
    case EFBIG:
    case EMSGSIZE:
      ++malformed_;
      break;
    case ENOTSUP:
    case EPROTONOSUPPORT:
      ++refused_;
      break;
    default:
      ++unreachable_;
  }
}

void EngineSource::remark_trouble(int code, std::string what) {
  if (trouble_ == code) return;
  trouble_ = code;
  remarks_.push_back({true, std::move(what)});
}

void EngineSource::say_welcome() {
  trouble_ = 0;
  remarks_.push_back({false, std::string(to_string(options_.runtime)) + " " + version_.version +
                                 " tells of its containers: it has " +
                                 std::to_string(containers_.size())});
}

void EngineSource::send_engine(Output& out) {
  using Field = EngineField;
  engine_changed_ = false;
  const std::string_view runtime = to_string(options_.runtime);
  Facts<Field> facts;
  const auto states = containers_.by_state();
  for (std::size_t state = 1; state < EngineContainers::kStates; ++state)
    facts.set(Field(std::size_t(Field::created) + state - 1), states[state]);
  const EngineInfo& info = figures_.info();
  facts.set(Field::images, info.images);
  facts.set(Field::memory_bytes, info.memory_bytes);
  facts.set(Field::cpus, info.cpus);
  facts.set(Field::open_files, info.open_files);
  facts.set(Field::goroutines, info.goroutines);
  facts.set(Field::event_listeners, info.event_listeners);
  const DiskUsage& disk = disk_.usage();
  facts.set(Field::disk_images, disk.images);
  facts.set(Field::disk_containers, disk.containers);
  facts.set(Field::disk_volumes, disk.volumes);
  facts.set(Field::disk_build_cache, disk.build_cache);
  facts.set(Field::without_state, std::uint64_t{containers_.without_state()});
  engine_names_.begin();
  out.send(kHost, facts, engine_names_.get(out, runtime));
  Facts<EngineInfoField> one;
  one.set(EngineInfoField::one, std::uint64_t{1});
  info_names_.begin();
  out.send(kHost, one,
           info_names_.get(out, runtime, version_.version, client_.api(), info.storage_driver,
                           info.cgroup_driver, info.host));
  info_names_.end(out);
}

// Only what has changed: while nothing does, nothing wakes the pump.
void EngineSource::send_client(Output& out) {
  using Field = RuntimeClient;
  if (!up_) return;
  Facts<Field> facts;
  facts.set(Field::requests, client_.requests());
  facts.set(Field::events, told_);
  facts.set(Field::unreachable, unreachable_);
  facts.set(Field::timeouts, timeouts_);
  facts.set(Field::malformed, malformed_);
  facts.set(Field::refused, refused_);
  facts.set(Field::left_out, containers_.left_out() + disk_.left_out() + swarm_.left_out());
  bool is_same = true;
  for (std::size_t i = 0; i < Facts<Field>::kFields; ++i)
    is_same = is_same && facts.get(Field(i)) == sent_.get(Field(i));
  if (is_same) return;
  sent_ = facts;
  engine_names_.begin();
  out.send(kHost, facts, engine_names_.get(out, to_string(options_.runtime)));
}

}  // namespace hostmeter::source::runtime
