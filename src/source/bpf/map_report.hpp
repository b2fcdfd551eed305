// How the maps of one object do, as the agent's own figures.
#pragma once
#include <string_view>

#include "hostmeter/flow/instances.hpp"
#include "hostmeter/flow/output.hpp"
#include "source/bpf/counts_table.hpp"

namespace hostmeter::source::bpf {

class MapReport {
 public:
  // The names of its maps: of rows and of ancestors; of direct rows where it has any.
  MapReport(InstanceIds& ids, std::string_view rows, std::string_view ancestors,
            std::string_view direct = {})
      : maps_(ids, kHost), rows_(rows), ancestors_(ancestors), direct_(direct) {}

  // cgroups: those that have rows. There is one entry of ancestors for each: made with its first
  // row, erased with its last.
  void send(Output&, const MapHealth&, std::size_t cgroups);

 private:
  InstanceSet maps_;
  std::string_view rows_, ancestors_, direct_;
};

}  // namespace hostmeter::source::bpf
