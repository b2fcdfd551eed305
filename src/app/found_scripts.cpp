#include "app/found_scripts.hpp"

#include <sys/stat.h>

#include <string_view>

#include "base/open_file.hpp"

namespace hostmeter::app {
namespace {

constexpr const char* kRoot = "/";

bool is_there(const std::string& path) {
  const base::Raised right(base::right_to_read());
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

}  // namespace

Result<std::unique_ptr<FoundScripts>> FoundScripts::find(const config::Settings& settings) {
  auto root = base::Dir::open(kRoot);
  if (!root) return root.error();
  return std::unique_ptr<FoundScripts>(new FoundScripts(script_plans(settings), std::move(*root)));
}

FoundScripts::FoundScripts(ScriptPlans made, base::Dir root)
    : made_(std::move(made)), root_(std::move(root)), files_(root_, made_.plans) {
  files_.changes();
  for (const Remark& remark : made_.remarks) remarks_.push_back(to_string(remark));
  for (const source::Remark& remark : files_.take_remarks())
    if (remark.is_trouble) remarks_.push_back(remark.what);
  for (const source::script::Plan& plan : made_.plans) look_at_allowances(plan);
}

void FoundScripts::look_at_allowances(const source::script::Plan& plan) {
  const std::string called = plan.name.empty() ? plan.run.front() : plan.name;
  const auto look = [&](const std::vector<std::string>& paths, std::string_view key,
                        std::string_view so) {
    for (const std::string& path : paths)
      if (!is_there(path))
        remarks_.push_back("the script " + called + " is allowed " + path + " (" +
                           std::string(key) + "), which is not there" + std::string(so));
  };
  look(plan.allow.secrets, "secrets", ", so that it is not run");
  look(plan.allow.read, "read", "");
  look(plan.allow.write, "write", "");
  look(plan.allow.sockets, "sockets", "");
  look(plan.allow.devices, "devices", "");
}

const FoundScripts::Named* FoundScripts::named(const std::string& name) const {
  for (const Named& one : files_.all())
    if (one.first == name || one.second.path == name) return &one;
  return nullptr;
}

}  // namespace hostmeter::app
