#include "source/runtime/machine_state.hpp"

#include <cerrno>
#include <string>

#include "hostmeter/base/text.hpp"
#include "source/runtime/bounded.hpp"
#include "source/unit_name.hpp"

namespace hostmeter::source::runtime {
namespace {

// systemd 252 writes \ as \\, later ones put such values in quotes as well.
std::string decoded(std::string_view value) {
  value = Text::trim(value);
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
    value = value.substr(1, value.size() - 2);
  std::string plain;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool escape =
        value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == '\\' || value[i + 1] == '"');
    plain += value[escape ? ++i : i];
  }
  return plain;
}

// As identity_of() names the machine's cgroup.
std::string id_of(std::string_view unit) {
  const auto between = [&](std::string_view prefix, std::string_view suffix) -> std::string_view {
    if (unit.size() <= prefix.size() + suffix.size() || !unit.starts_with(prefix) ||
        !unit.ends_with(suffix))
      return {};
    return unit.substr(prefix.size(), unit.size() - prefix.size() - suffix.size());
  };
  if (const auto name = between("machine-", ".scope"); !name.empty()) return unescaped_unit(name);
  if (const auto name = between("systemd-nspawn@", ".service"); !name.empty())
    return unescaped_unit(name);
  return std::string(between("", ".service"));
}

std::string image_of(std::string_view root) {
  const auto slash = root.rfind('/');
  if (slash == std::string_view::npos || !root.substr(0, slash).ends_with("/machines")) return {};
  const std::string_view name = root.substr(slash + 1);
  return name.starts_with(".#") ? std::string() : cut_name(name);
}

}  // namespace

Result<std::optional<Description>> describe_machine(std::string_view text) {
  std::string name, unit, service, root, kind;
  for (Text lines(text); !lines.empty();) {
    Text line = lines.line();
    const std::string_view key = line.until('=');
    if (key == "NAME") name = decoded(line.rest());
    if (key == "SCOPE") unit = decoded(line.rest());
    if (key == "SERVICE") service = decoded(line.rest());
    if (key == "ROOT") root = decoded(line.rest());
    if (key == "CLASS") kind = decoded(line.rest());
  }
  if (name.empty() || unit.empty()) return Error{EBADMSG, "state of a machine"};
  Description made;
  made.container_id = cut_name(id_of(unit));
  if (kind != "container" || made.container_id.empty()) return std::optional<Description>();
  made.runtime = service == "libvirt-lxc" ? Runtime::lxc : Runtime::nspawn;
  made.name = cut_name(name);
  made.image = image_of(root);
  return std::optional<Description>(std::move(made));
}

}  // namespace hostmeter::source::runtime
