// hostmeter doctor: what works on this host, what does not, and what to do about it.
#include "tool/doctor/doctor.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "app/commands.hpp"
#include "app/findings.hpp"
#include "app/log.hpp"
#include "app/pipeline.hpp"
#include "app/rights.hpp"
#include "app/scripts.hpp"
#include "app/settings.hpp"
#include "app/version.hpp"
#include "base/capabilities.hpp"
#include "base/clock.hpp"
#include "source/bpf/features.hpp"
#include "source/bpf/kernel_support.hpp"
#include "tool/script/sandbox.hpp"
#include "tool/script/trial.hpp"

namespace hostmeter::app {
namespace {

using tool::Diagnosis;

std::vector<Diagnosis::Answer> rights(const source::Host& host) {
  std::vector<Diagnosis::Answer> answers;
  const auto now = base::capabilities();
  const base::CapabilitySet permitted = now ? now->permitted : base::CapabilitySet();
  for (const Use& use :
       rights_and_uses(permitted, host.live && source::bpf::maps_are_locked_memory())) {
    Diagnosis::Answer answer{
        .name = std::string(use.name), .serves = std::string(use.serves), .yes = use.is_there};
    if (!answer.yes) {
      answer.why = "not permitted";
      answer.mend = "run as root, or add it (AmbientCapabilities=, --cap-add)";
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::vector<Diagnosis::Answer> features(const source::Host& host) {
  std::vector<Diagnosis::Answer> answers;
  for (const source::bpf::Feature& feature : source::bpf::features(host)) {
    Diagnosis::Answer answer{.name = std::string(feature.name),
                             .serves = std::string(feature.serves),
                             .yes = !feature.lacks};
    if (feature.lacks) {
      answer.why = feature.lacks->what;
      answer.mend = feature.mend;
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

// What of [bpf] a reader needs to be on to have programs.
struct Switch {
  std::string_view reader;
  bool config::Bpf::*is_on;
  std::string_view name;
};
constexpr auto kSwitches = std::to_array<Switch>({
    {"cgroup_blkio", &config::Bpf::blkio, "blkio"},
    {"cgroup_blkio_latency", &config::Bpf::blkio, "blkio"},
    {"cgroup_blkio_latency", &config::Bpf::blkio_latency, "blkio_latency"},
    {"cgroup_run_queue", &config::Bpf::run_queue, "run_queue"},
    {"cgroup_life", &config::Bpf::life, "life"},
    {"cgroup_walk", &config::Bpf::walk, "walk"},
    {"cgroup_cpu", &config::Bpf::walk, "walk"},
    {"cgroup_memory", &config::Bpf::walk, "walk"},
    {"cgroup_pids", &config::Bpf::walk, "walk"},
    {"cgroup_pressure", &config::Bpf::walk, "walk"},
    {"cgroup_spec", &config::Bpf::walk, "walk"},
});

// Not one of [collect] enable: it is on where a metric of a contract that is served needs it.
bool serves_a_contract(std::string_view reader) {
  return reader == "cgroup_cpu_each" || reader == "cgroup_memory_stat";
}

bool has_programs(source::Mode mode) {
  return mode == source::Mode::bpf || mode == source::Mode::walk;
}

// All that was remarked of a reader.
void explain(Diagnosis::Reader& row, const std::vector<Remark>& remarks, std::string_view reader) {
  const auto append = [](std::string& to, const std::string& text) {
    if (!text.empty() && to.find(text) == std::string::npos) to += (to.empty() ? "" : "; ") + text;
  };
  for (const Remark& remark : remarks)
    if (remark.reader == reader) {
      append(row.why, remark.what);
      append(row.mend, remark.mend);
    }
}

// Why a reader that could have programs has none, but for what was remarked of it.
void explain_without_programs(Diagnosis::Reader& row, const config::Bpf& settings,
                              const Readers& made) {
  if (std::ranges::find(kSwitches, row.name, &Switch::reader) == kSwitches.end()) return;
  if (const auto& why = made.without_any_bpf) {
    row.why = why->what;
    row.mend = why->mend;
    return;
  }
  const auto off = std::ranges::find_if(kSwitches, [&](const Switch& one) {
    return one.reader == row.name && !(settings.*one.is_on && settings.enabled);
  });
  if (off != kSwitches.end()) {
    row.why = settings.enabled ? "bpf." + std::string(off->name) + " is switched off"
                               : "BPF is switched off";
    row.mend = "set " + std::string(settings.enabled ? off->name : "enabled") + " = true in [bpf]";
    return;
  }
  const bool is_walked = std::ranges::any_of(kSwitches, [&](const Switch& one) {
    return one.reader == row.name && one.is_on == &config::Bpf::walk;
  });
  if (!is_walked) return;
  explain(row, made.remarks, "cgroup_walk");
  if (!row.why.empty()) row.why = "its cgroups are not walked: see cgroup_walk";
}

std::vector<Diagnosis::Reader> readers(const Pipeline& pipeline, const config::Settings& settings) {
  std::vector<Diagnosis::Reader> rows;
  const std::vector<Remark>& remarks = pipeline.readers().remarks;
  for (const ReaderState& state : pipeline.reader_states()) {
    Diagnosis::Reader row{.name = std::string(state.name),
                          .mode = std::string(source::to_string(state.mode)),
                          .errors = state.parse_errors + state.read_errors};
    explain(row, remarks, state.name);
    if (!row.why.empty()) {
      // said
    } else if (std::ranges::count(settings.collect.disable, state.name) != 0) {
      row.why = "switched off";
      row.mend = "take it out of disable in [collect]";
    } else if (state.mode == source::Mode::off && serves_a_contract(state.name)) {
      row.why = "no metric that is served needs it";
      row.mend = "nothing need be done";
    } else if (is_optional(state.name) && state.mode == source::Mode::off) {
      row.why = "nobody asked for it";
      row.mend = "name it in enable of [collect]";
    } else if (pipeline.host().live && !has_programs(state.mode)) {
      explain_without_programs(row, settings.bpf, pipeline.readers());
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Diagnosis::Note> notes(const Pipeline& pipeline, const config::Settings& settings) {
  std::vector<Diagnosis::Note> notes;
  for (const Remark& remark : pipeline.readers().remarks)
    if (remark.reader.empty()) notes.push_back({remark.what, remark.mend});
  if (settings.rights.lock)
    notes.push_back({pipeline.readers().rights, "take lock out of [rights], or name more in keep"});
  if (!settings.bpf.enabled)
    notes.push_back({"BPF is switched off", "set enabled = true in [bpf]"});
  return notes;
}

// Of what runs scripts: it is started once, beside one that may run, and ends again.
std::vector<Diagnosis::Answer> sandbox(const config::Scripts& scripts, const Arguments& arguments) {
  if (!runs_scripts(scripts, arguments.paths)) return {};
  auto options = supervisor_options(scripts, all_files(arguments));
  options.cgroup = "hostmeter-doctor";
  const auto supervisor = start_with_all_rights(options);
  const auto features = supervisor ? tool::hear_standing(*supervisor) : supervisor.error();
  return features ? tool::sandbox_answers(*features) : std::vector<Diagnosis::Answer>();
}

}  // namespace

// Starts as run does, to see what really happens, but without listeners.
int doctor(const Arguments& arguments) {
  lower_rights();
  const auto loaded = settings_or_say(arguments);
  if (!loaded) return kUsage;
  const config::Settings& settings = *loaded;
  // What the log would say is in the report.
  start_log(arguments.log_level.value_or("error"));
  const base::SystemClock clock;
  Diagnosis diagnosis;
  diagnosis.sandbox = sandbox(settings.scripts, arguments);
  Pipeline pipeline(settings, arguments.paths, 1, clock);
  // Before any of them are given up.
  diagnosis.rights = rights(pipeline.host());
  diagnosis.features = features(pipeline.host());
  pipeline.once(0);
  diagnosis.version = kVersion;
  diagnosis.kernel = kernel_line();
  diagnosis.cgroups = cgroup_line(pipeline.readers());
  diagnosis.readers = readers(pipeline, settings);
  for (const Walked& walk : walked(pipeline.readers()))
    diagnosis.walks.push_back({walk.cgroups, std::string(walk.rung), std::string(walk.flush)});
  diagnosis.notes = notes(pipeline, settings);
  const std::string text = arguments.json ? tool::json(diagnosis) : tool::table(diagnosis);
  return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? kOk : kFailed;
}

}  // namespace hostmeter::app
