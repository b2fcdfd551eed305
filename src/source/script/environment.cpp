#include "source/script/environment.hpp"

#include <algorithm>
#include <string_view>

#include "source/script/host_paths.hpp"

namespace hostmeter::source::script {
namespace {

std::string_view name_of(std::string_view variable) {
  return variable.substr(0, variable.find('='));
}

}  // namespace

std::vector<std::string> environment_of(const Run& run) {
  std::vector<std::string> all = {
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "LANG=C.UTF-8",
      "HOME=" + std::string(paths::kTmp),
      "TMPDIR=" + std::string(paths::kTmp),
  };
  // As systemd tells its services of theirs.
  if (!run.allow.secrets.empty())
    all.push_back("CREDENTIALS_DIRECTORY=" + std::string(paths::kSecrets));
  for (const std::string& one : run.environment) {
    const auto same = std::find_if(all.begin(), all.end(), [&](const std::string& known) {
      return name_of(known) == name_of(one);
    });
    if (same == all.end())
      all.push_back(one);
    else
      *same = one;
  }
  return all;
}

}  // namespace hostmeter::source::script
