// What a run was denied, as far as its end, its own words and the files it names tell, and which
// setting would allow it.
#pragma once
#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/script/job.hpp"
#include "source/script/request.hpp"

namespace hostmeter::tool {

// A file as it is outside of the sandbox.
struct HostFile {
  std::string real;  // its path once links are followed
  mode_t mode = 0;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string group{};  // its name, or number
};
// Nothing: there is none.
using LookAtHost = std::function<std::optional<HostFile>(const std::string& path)>;

struct Evidence {
  const source::script::Run& run;
  source::script::Ended ended{};
  bool is_cut = false;         // it printed more than it may
  std::string_view remarks{};  // its standard error
  std::string_view text{};     // of the script; empty: it is no text
  source::script::User user{};
  std::vector<std::string> hidden{};  // by [scripts] hidden
  source::script::FeatureStates features{};
};

struct Denial {
  std::string what, mend;
  friend bool operator==(const Denial&, const Denial&) = default;
};

// Those that are certain first.
std::vector<Denial> denials(const Evidence& evidence, const LookAtHost& look);

}  // namespace hostmeter::tool
