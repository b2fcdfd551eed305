// Which readers this host gets, and how each will read: decided once, at start.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/sampler.hpp"
#include "config/load.hpp"
#include "source/cgroup/readers.hpp"
#include "source/host.hpp"
#include "source/net/host_links.hpp"
#include "source/proc/errands.hpp"
#include "source/proc/statfs_workers.hpp"
#include "source/walk/walks.hpp"

namespace hostmeter::source::bpf {
class BlkioReader;
}

namespace hostmeter::app {

// Something that is not as it could be.
struct Remark {
  std::string reader;  // the one that goes without; empty: more than one
  std::string what, mend;
};
inline std::string to_string(const Remark& remark) {
  return remark.what + ": " + remark.mend;
}

struct Readers {
  // What the readers share; outlives them.
  source::cgroup::Readers cgroup;
  std::unique_ptr<source::net::HostLinks> links;
  std::shared_ptr<source::proc::StatfsWorkers> statfs;
  std::vector<std::shared_ptr<source::proc::Errands>> errands;
  std::unique_ptr<source::walk::Walks> walks;  // null: cgroups are not walked
  std::optional<Error> memory_closed;          // to BPF programs: source::bpf::memory_closed()
  std::optional<Remark> without_any_bpf;       // why no program is loaded that [bpf] wants

  std::vector<NamedReader> all;               // in the order they are called
  const source::cgroup::Tree* tree;           // one of them
  source::bpf::BlkioReader* blkio = nullptr;  // likewise; null: BPF counts no block I/O
  std::vector<Remark> remarks;
  std::string rights;  // what is left of them, in a line for a person
};

// What a reader does instead, and why its programs are not in the kernel.
Remark without_bpf(std::string_view reader, std::string_view instead, const Error& why);

// The host outlives what is made.
Readers make_readers(const config::Settings& wanted, source::Host& host);

// What [collect] disable may name.
std::vector<std::string_view> reader_names();
// And what it may not.
std::span<const config::FixedReader> fixed_readers();
// Whether it reads only where [collect] enable names it.
bool is_optional(std::string_view reader);

}  // namespace hostmeter::app
