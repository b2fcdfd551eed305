// Writing this host's files as a made-up host that --root can read.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"
#include "source/runtime/state_form.hpp"

namespace hostmeter::tool {

// The host that is recorded; outlives the recording.
struct Sources {
  const base::Dir& root;
  const base::Dir& proc;
  const base::Dir& sys;
  std::string net = "net";  // below proc: the host's own view; "1/net" in another netns
  std::vector<source::runtime::StateForm> runtimes{};  // where runtimes keep names
};

// A host of a thousand containers takes a tenth of this.
struct Bounds {
  std::size_t files = 200'000;  // links and directories of cgroups count too
  std::size_t bytes = 128U << 20;
  std::size_t file_bytes = 1U << 20;
};

struct Summary {
  std::size_t files = 0, links = 0, bytes = 0;
  bool truncated = false;               // a bound was reached: something is missing
  std::vector<std::string> unreadable;  // "sys/class/net/eth0/speed: Invalid argument"
};

// Records into a directory that is empty or not yet there (ENOTEMPTY). Only what our readers read;
// never what may hold a secret (environ, cmdline). What cannot be read is told in the summary; an
// error is only what keeps the recording from being written. The result is scrubbed and readable
// by its owner only.
Result<Summary> record(const Sources&, const std::filesystem::path& dir, const Bounds& = {});

}  // namespace hostmeter::tool
