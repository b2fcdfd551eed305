// What it takes to start one run.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "source/script/pipe_size.hpp"
#include "source/script/request.hpp"
#include "source/script/script_file.hpp"
#include "source/script/seccomp.hpp"

namespace hostmeter::source::script {

struct User {
  uid_t uid = 65534;
  gid_t gid = 65534;
};

// The same for all runs of a supervisor.
struct Rules {
  FeatureStates features;
  User user;
  std::vector<std::string> hidden;  // files and directories that no script sees
  SeccompFilters filters{};
  std::size_t pipe_bytes = kUsualPipe;  // of standard output
};

struct Job {
  const Run& run;
  const Rules& rules;
  bool is_probe = false;               // not to run anything, but to learn what is in force
  const ScriptFile* script = nullptr;  // once it was looked at
};

// The bit of each namespace of its own that a run has.
unsigned long namespaces_of(const Job& job);

}  // namespace hostmeter::source::script
