// Puts names on series: what is learned of cgroups and runtimes, kept to as it changes.
#pragma once
#include <array>
#include <utility>
#include <vector>

#include "app/census.hpp"
#include "collect/bindings.hpp"
#include "collect/container_identity.hpp"
#include "hostmeter/flow/instances.hpp"
#include "store/identities.hpp"
#include "store/series_table.hpp"

namespace hostmeter::app {

// Part of the pump. Readers send a value once: series are bound and filled from the first Record on
// and merely not shown while their cgroup is held or excluded.
class Registrar {
 public:
  Registrar(store::Identities::Options options, store::SeriesTable& series,
            collect::Bindings& bindings, InstanceIds& instances, Census& census);

  void on(const Born&);
  void on(const Gone&);
  void on(const Forgotten&);
  void on(const Described&);
  void on(const Undescribed&);
  void on(const RuntimeUp&);

  // Before a tick is published.
  void on_tick();

  // Runtimes that should have told of a container by now.
  std::vector<Runtime> take_doubted() { return identities_.take_doubted(); }
  // Once, when someone whose figures were dropped is to be shown: readers must send all again.
  bool take_wants_resend() { return std::exchange(wants_resend_, false); }

  const store::Identities& identities() const { return identities_; }

 private:
  // By IdentityMetric; the last is the collector's to bind.
  using Own = std::array<SeriesId, std::size_t(collect::IdentityMetric::stale)>;

  void apply_changed();
  void apply(std::uint32_t slot);
  void bind(std::uint32_t slot, collect::IdentityMetric, std::string_view labels);
  void unbind(std::uint32_t slot);

  store::Identities identities_;
  store::SeriesTable& series_;
  collect::Bindings& bindings_;
  InstanceIds& instances_;
  Census& census_;
  bool wants_resend_ = false;
  std::vector<Own> own_;                                                // by slot
  std::array<Instance, std::size_t(Runtime::systemd) + 1> runtimes_{};  // 0: not heard of
};

}  // namespace hostmeter::app
