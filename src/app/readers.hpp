// Which readers this host gets, and how each will read: decided once, at start.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/sampler.hpp"
#include "config/settings.hpp"
#include "source/cgroup/readers.hpp"
#include "source/host.hpp"
#include "source/net/host_links.hpp"
#include "source/proc/statfs_workers.hpp"

namespace hostmeter::app {

struct Readers {
  // What the readers share; outlives them.
  source::cgroup::Readers cgroup;
  std::unique_ptr<source::net::HostLinks> links;
  std::shared_ptr<source::proc::StatfsWorkers> statfs;

  std::vector<NamedReader> all;      // in the order they are called
  const source::cgroup::Tree* tree;  // one of them
  std::vector<std::string> remarks;  // what is not as it could be, with the mend
};

// The host outlives what is made.
Readers make_readers(const config::Settings& settings, source::Host& host);

// What [collect] disable may name.
std::vector<std::string_view> reader_names();

}  // namespace hostmeter::app
