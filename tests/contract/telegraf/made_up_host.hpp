// A host made of facts, seen through the telegraf contract.
#pragma once
#include <set>
#include <string>

#include "collect/all.hpp"
#include "collect/bindings.hpp"
#include "contract/telegraf/telegraf.hpp"
#include "expose/text_stream.hpp"
#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts.hpp"
#include "store/identities.hpp"
#include "store/series_table.hpp"

namespace hostmeter::contract::telegraf {

inline constexpr std::uint64_t kSecond = 1'000'000'000;
using Lines = std::set<std::string>;

class MadeUpHost {
 public:
  explicit MadeUpHost(Options options) : contract_(std::move(options)) {
    identities_.born(Born{kHost, "/", {}});
  }
  explicit MadeUpHost(Plugin plugin, unsigned version = 1)
      : MadeUpHost(Options{.metric_version = version, .inputs = {{.plugin = std::move(plugin)}}}) {}

  template <class Field>
  void say(const Facts<Field>& facts, Subject subject = kHost, Instance instance = 0) {
    for (std::size_t part = 0; part < Facts<Field>::kParts; ++part)
      bindings_.apply(facts.part(part, subject, instance));
  }
  template <class Field>
  void say(std::initializer_list<std::pair<Field, std::uint64_t>> values, Subject subject = kHost,
           Instance instance = 0) {
    Facts<Field> facts;
    for (const auto& [field, value] : values) facts.set(field, value);
    say(facts, subject, instance);
  }
  Instance name(std::vector<std::string> labels, Subject subject = kHost) {
    bindings_.named({subject, ++last_instance_, std::move(labels)});
    return last_instance_;
  }
  void drop(Instance instance, Subject subject = kHost) { bindings_.gone({subject, instance}); }

  Subject cgroup(std::uint32_t slot, const std::string& path, Identity identity) {
    const Subject subject{slot, ++last_generation_};
    identities_.born(Born{subject, path, std::move(identity)});
    bindings_.born(subject);
    rename();
    return subject;
  }
  Subject container(std::uint32_t slot, const std::string& id) {
    return cgroup(slot, "/docker/" + id,
                  {.kind = CgroupKind::container, .runtime = Runtime::docker, .container_id = id});
  }
  void describe(Description description) {
    identities_.described(std::move(description));
    rename();
  }
  void forget(Subject subject) {
    bindings_.gone(subject);
    bindings_.forget(subject);
    series_.drop_owner(subject.slot);
    identities_.forget(subject);
  }
  void print(const std::string& by, std::vector<MetricFamily> families) {
    printers_.set(by, std::move(families));
  }

  // A tick so long after the first.
  void prepare(std::uint64_t second) {
    series_.copy_to(snapshot_);
    snapshot_.realtime_ns = (kStart + second) * kSecond;
    snapshot_.monotonic_ns = (second + 1) * kSecond;
    snapshot_.printed = printers_.metrics();
    snapshot_.views.resize(1);
  }
  void serve() { contract_.on_tick(snapshot_, identities_, snapshot_.views[0]); }
  void tick(std::uint64_t second) {
    prepare(second);
    serve();
  }
  std::string text() const {
    Shown shown = contract_.shown(snapshot_, {});
    shown.families.clear();
    expose::TextStream stream(snapshot_, std::move(shown), 0);
    std::vector<char> buffer(1U << 16U);
    std::string all;
    while (const std::size_t length = stream.fill(buffer)) all.append(buffer.data(), length);
    return all;
  }
  // Of a metric; empty: of all.
  Lines lines(const std::string& metric = {}) const {
    Lines found;
    const std::string whole = text();
    for (Text rest(whole); !rest.empty();) {
      const std::string line(rest.until('\n'));
      if (!line.starts_with('#') && line.starts_with(metric)) found.insert(line);
    }
    return found;
  }
  bool shows(const std::string& line) const { return lines().contains(line); }
  Source source() const { return {snapshot_, identities_}; }
  const store::Snapshot& snapshot() const { return snapshot_; }
  const store::View& view() const { return snapshot_.views[0]; }
  Telegraf& contract() { return contract_; }

  static constexpr std::uint64_t kStart = 1'700'000'010;  // a multiple of 30

 private:
  void rename() {
    for (const std::uint32_t slot : identities_.take_changed()) {
      if (slot == 0) continue;
      series_.set_owner(slot, identities_.owner_labels(slot));
      bindings_.each_series(slot, [this](SeriesId series) { series_.refresh(series); });
    }
  }
  static std::vector<store::Family> families() {
    std::vector<store::Family> all;
    for (const CollectorSpec* collector : collect::all())
      for (const MetricDesc& metric : collector->metrics) all.push_back({&metric, collector->name});
    return all;
  }

  store::SeriesTable series_{families(), {.max_series = 1'000'000, .labels = {}}};
  collect::Bindings bindings_{collect::all(), series_};
  store::Identities identities_{{.shown_labels = {}, .kept_labels = {"*"}, .filter = {}}};
  store::Printers printers_{{.max_series = 1'000, .labels = {}, .is_taken = {}}};
  store::Snapshot snapshot_;
  Telegraf contract_;
  Instance last_instance_ = 0;
  std::uint32_t last_generation_ = 0;
};

}  // namespace hostmeter::contract::telegraf
