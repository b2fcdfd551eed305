#include "config/script_check.hpp"

#include <algorithm>

namespace hostmeter::config {
namespace {

bool is_glob(const std::string& path) {
  return path.find_first_of("*?[") != std::string::npos;
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// They lie side by side in one directory.
const std::string* same_file_name(const std::vector<std::string>& secrets) {
  for (std::size_t i = 0; i < secrets.size(); ++i)
    for (std::size_t other = 0; other < i; ++other)
      if (file_name(secrets[i]) == file_name(secrets[other])) return &secrets[i];
  return nullptr;
}

}  // namespace

std::vector<ScriptProblem> check_last_script(const std::vector<Script>& scripts) {
  const Script& script = scripts.back();
  std::vector<ScriptProblem> problems;
  const auto problem = [&](const char* key, std::string what) {
    problems.push_back({key, std::move(what)});
  };
  if (script.run.empty()) problem("script", "runs nothing; write run = \"/path/of/an/executable\"");
  const bool is_one = script.run.size() == 1 && !is_glob(script.run.front());
  if (!script.name.empty() && !script.run.empty() && !is_one)
    problem("script.name",
            "is of several scripts; write a table with one path for each, or leave "
            "the name out: each is then called as its file");
  const auto has_its_name = [&](const Script& other) { return other.name == script.name; };
  if (!script.name.empty() && std::any_of(scripts.begin(), scripts.end() - 1, has_its_name))
    problem("script.name",
            '"' + script.name + "\" is already the name of a script above; choose another");
  if (script.profile != ScriptProfile::none && script.allow != ScriptAllowances())
    problem("script.allow",
            "is not for a script with a profile, which cannot be allowed anything "
            "else; remove one of them");
  if (const std::string* secret = same_file_name(script.allow.secrets))
    problem("script.allow.secrets", '"' + *secret +
                                        "\" is called as another secret is; they are given in one "
                                        "directory, so rename one");
  return problems;
}

}  // namespace hostmeter::config
