#include "app/registrar.hpp"

#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts/identities.hpp"
#include "store/container_labels.hpp"
#include "store/labels.hpp"

namespace hostmeter::app {
namespace {

using collect::IdentityMetric;

const MetricDesc& desc_of(IdentityMetric metric) {
  return collect::kContainerIdentity[std::size_t(metric)];
}

// What the path tells goes first: the kernel made it.
std::string info_labels(const store::Identities::Known& who) {
  static const Description nobody;
  const Identity& identity = who.born->identity;
  const Description& said = who.description ? *who.description : nobody;
  const Runtime runtime = identity.runtime == Runtime::none ? said.runtime : identity.runtime;
  const std::string_view values[] = {
      to_string(runtime),
      identity.container_id,
      identity.pod_uid.empty() ? said.pod_uid : identity.pod_uid,
      identity.qos_class,
      identity.unit,
      to_string(identity.kind),
      said.is_sandbox ? "true" : "",
  };
  std::string text;
  Text names(desc_of(IdentityMetric::info).labels);
  for (const std::string_view value : values) {
    const std::string_view name = names.until(',');
    if (!value.empty()) store::append_label(text, name, value);
  }
  return text;
}

// A path that holds the name is all there will ever be.
Census::Who whom(const store::Identities::Known& who) {
  const Description* const said = who.description;
  return {.names = {.image = said ? std::string_view(said->image) : std::string_view(),
                    .pod_namespace = who.pod_namespace,
                    .pod = who.pod},
          .is_shown = who.is_shown,
          .is_named = said != nullptr || !who.born->identity.name.empty(),
          .is_excluded = who.is_excluded || (said && said->is_sandbox),
          .is_out = who.is_excluded && who.is_described};
}

}  // namespace

Registrar::Registrar(store::Identities::Options options, store::SeriesTable& series,
                     collect::Bindings& bindings, InstanceIds& instances, Census& census)
    : identities_(std::move(options)),
      series_(series),
      bindings_(bindings),
      instances_(instances),
      census_(census) {
  on(Born{kHost, "/", {}});
}

void Registrar::on(const Born& born) {
  identities_.born(born);
  if (census_.born(born)) bindings_.born(born.subject);
  apply_changed();
}

void Registrar::on(const Gone& gone) {
  bindings_.gone(gone.subject);
  census_.gone(gone.subject);
}

void Registrar::on(const Forgotten& forgotten) {
  const std::uint32_t slot = forgotten.subject.slot;
  if (!identities_.has(forgotten.subject)) return;
  bindings_.forget(forgotten.subject);
  census_.forget(forgotten.subject);
  unbind(slot);
  series_.drop_owner(slot);
  identities_.forget(forgotten.subject);
}

void Registrar::on(const Described& described) {
  identities_.described(described.description);
  apply_changed();
}

void Registrar::on(const Undescribed& undescribed) {
  identities_.undescribed(undescribed);
  apply_changed();
}

void Registrar::on(const RuntimeUp& news) {
  Instance& instance = runtimes_[std::size_t(news.runtime)];
  if (instance == 0) {
    instance = instances_.take();
    bindings_.named({kHost, instance, {std::string(to_string(news.runtime))}});
  }
  Facts<RuntimeField> facts;
  facts.set(RuntimeField::up, std::uint64_t{news.up ? 1U : 0U});
  bindings_.apply(facts.part(0, kHost, instance));
  identities_.runtime(news);
  apply_changed();
}

void Registrar::on_tick() {
  identities_.tick();
  apply_changed();
  Facts<IdentitiesField> facts;
  facts.set(IdentitiesField::descriptions, std::uint64_t{identities_.descriptions()});
  facts.set(IdentitiesField::dropped, identities_.dropped());
  facts.set(IdentitiesField::held, std::uint64_t{identities_.held()});
  facts.set(IdentitiesField::excluded, std::uint64_t{identities_.excluded()});
  bindings_.apply(facts.part(0, kHost, 0));
}

void Registrar::apply_changed() {
  for (const std::uint32_t slot : identities_.take_changed()) apply(slot);
}

void Registrar::apply(std::uint32_t slot) {
  const store::Identities::Known who = identities_.known(slot);
  const Subject subject = who.born->subject;
  const bool had_series = census_.has_series(subject);
  if (census_.know(subject, whom(who))) wants_resend_ = true;
  if (!census_.has_series(subject)) {
    if (!had_series) return;
    bindings_.release(subject);
    unbind(slot);
    series_.drop_owner(slot);
    return;
  }
  series_.set_owner(slot, identities_.owner_labels(slot), who.is_shown);
  bindings_.each_series(slot, [this](SeriesId series) { series_.refresh(series); });
  unbind(slot);
  bind(slot, IdentityMetric::info, info_labels(who));
  if (!who.description) return;
  const auto labels = identities_.shown_labels(*who.description);
  if (!labels.empty()) bind(slot, IdentityMetric::labels, store::container_labels(labels));
  Facts<ContainerIdentity> facts;
  facts.set(ContainerIdentity::stale, std::uint64_t{who.is_stale ? 1U : 0U});
  bindings_.apply(facts.part(0, subject, 0));
}

void Registrar::bind(std::uint32_t slot, IdentityMetric metric, std::string_view labels) {
  if (slot >= own_.size()) own_.resize(slot + 1, Own{kNoSeries, kNoSeries});
  const SeriesId series = series_.bind_text(desc_of(metric), slot, labels);
  own_[slot][std::size_t(metric)] = series;
  if (series != kNoSeries) series_.set(series, 1);
}

void Registrar::unbind(std::uint32_t slot) {
  if (slot >= own_.size()) return;
  for (SeriesId& series : own_[slot]) {
    if (series != kNoSeries) series_.unbind(series);
    series = kNoSeries;
  }
}

}  // namespace hostmeter::app
