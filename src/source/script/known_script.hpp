// What is known of a script, whichever configuration it is run by.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "source/script/plan.hpp"
#include "source/script/rhythm.hpp"
#include "source/script/script_account.hpp"
#include "source/script/script_files.hpp"

namespace hostmeter::source::script {

struct KnownScript {
  enum class State : std::uint8_t { resting, waiting, running };

  KnownScript(const std::string& name, const Plan& is_run_by, ScriptFiles::File is)
      : plan(is_run_by), file(std::move(is)), rhythm(name, is_run_by.interval_ns), account(name) {}

  Plan plan;
  ScriptFiles::File file;  // as it was when it was run last
  Rhythm rhythm;
  ScriptAccount account;
  State state = State::resting;
  std::uint64_t run = 0;  // the last one, which may be of a file that is no more
};

// By name. Whoever has the supervisor changes it; whoever is about to have it shows what is there.
struct KnownScripts {
  std::mutex mutex;
  std::map<std::string, KnownScript, std::less<>> all;
};

}  // namespace hostmeter::source::script
