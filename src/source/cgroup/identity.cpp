#include "source/cgroup/identity.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "hostmeter/base/text.hpp"
#include "source/unit_name.hpp"

namespace hostmeter::source::cgroup {
namespace {

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// What docker, podman and the CRI make: 64 digits, 12 is the short form that people know.
bool is_hex_id(std::string_view text, std::size_t least = 12) {
  return text.size() >= least && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), is_hex_digit);
}

bool strip_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool strip_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

bool is_unit(std::string_view name) {
  constexpr std::array<std::string_view, 5> kTypes{".service", ".scope", ".socket", ".mount",
                                                   ".swap"};
  return std::any_of(kTypes.begin(), kTypes.end(), [&](std::string_view type) {
    return name.size() > type.size() && name.ends_with(type);
  });
}

Identity container(Runtime runtime, std::string_view id, std::string_view component) {
  Identity made;
  made.kind = CgroupKind::container;
  made.runtime = runtime;
  made.container_id = id;
  if (is_unit(component)) made.unit = component;
  return made;
}

Identity named_container(Runtime runtime, std::string_view name, std::string_view component) {
  Identity made = container(runtime, name, component);
  made.name = name;
  return made;
}

// The shim that watches over a container of podman or CRI-O is no part of it.
bool is_conmon(std::string_view component) {
  return component.starts_with("libpod-conmon-") || component.starts_with("crio-conmon-");
}

// "docker-ID.scope", "libpod-ID": the runtime put its name in front.
std::optional<Identity> with_runtime_prefix(std::string_view component) {
  struct Form {
    std::string_view prefix;
    Runtime runtime;
    bool needs_scope;  // without .scope it is the name of something else
    bool needs_hex;
  };
  constexpr std::array<Form, 5> kForms{{
      {"docker-", Runtime::docker, true, true},
      {"libpod-", Runtime::podman, false, true},
      {"crio-", Runtime::crio, false, true},
      {"cri-containerd-", Runtime::containerd, true, false},
      {"nerdctl-", Runtime::containerd, true, false},
  }};
  for (const Form& form : kForms) {
    std::string_view id = component;
    if (!strip_prefix(id, form.prefix)) continue;
    if (!strip_suffix(id, ".scope") && form.needs_scope) continue;
    if (id.empty() || (form.needs_hex && !is_hex_id(id))) continue;
    return container(form.runtime, id, component);
  }
  return {};
}

// "lxc.payload.web", "lxc.payload/web", "lxc/web". The monitor's own cgroup is none.
std::optional<Identity> of_lxc(std::string_view component, std::string_view parent) {
  std::string_view name = component;
  if (strip_prefix(name, "lxc.payload.") && !name.empty())
    return named_container(Runtime::lxc, name, component);
  const bool below = parent == "lxc" || parent == "lxc.payload";
  if (below && !component.starts_with("lxc.monitor") && component != "lxc.pivot")
    return named_container(Runtime::lxc, component, component);
  return {};
}

// libvirt registers its guests with machined too: "machine-qemu\x2d3\x2dweb.scope" is a virtual
// machine, no container.
bool is_of_libvirt(std::string_view name, std::string_view driver) {
  if (!strip_prefix(name, driver)) return false;
  const auto dash = name.find('-');
  return dash != std::string_view::npos && Text::to_number(name.substr(0, dash)).has_value();
}

// "machine-web.scope", "systemd-nspawn@web.service", "some.service/payload".
std::optional<Identity> of_machined(std::string_view component, std::string_view parent) {
  std::string_view name = component;
  if (strip_prefix(name, "systemd-nspawn@") && strip_suffix(name, ".service") && !name.empty())
    return named_container(Runtime::nspawn, unescaped_unit(name), component);
  name = component;
  if (strip_prefix(name, "machine-") && strip_suffix(name, ".scope") && !name.empty()) {
    const std::string plain = unescaped_unit(name);
    if (is_of_libvirt(plain, "qemu-")) return {};
    const Runtime runtime = is_of_libvirt(plain, "lxc-") ? Runtime::lxc : Runtime::nspawn;
    return named_container(runtime, plain, component);
  }
  // nspawn --keep-unit: only it parts a service into payload and supervisor. The machine's name is
  // not in the path.
  if (component == "payload" && strip_suffix(parent, ".service") && !parent.empty())
    return container(Runtime::nspawn, parent, component);
  return {};
}

struct Kube {
  std::string_view qos;  // empty: the root of all pods
  std::string_view uid;  // empty: a QoS class
};

// What follows "kubepods" in a slice's name: "", "-burstable", "-burstable-podUID", "-podUID".
std::optional<Kube> after_kubepods(std::string_view rest) {
  Kube kube;
  for (const std::string_view qos : {"besteffort", "burstable"}) {
    std::string_view tail = rest;
    if (!strip_prefix(tail, "-") || !strip_prefix(tail, qos)) continue;
    kube.qos = qos;
    rest = tail;
    break;
  }
  if (rest.empty()) return kube;
  if (!strip_prefix(rest, "-pod") || rest.empty()) return {};
  if (kube.qos.empty()) kube.qos = "guaranteed";
  kube.uid = rest;
  return kube;
}

// "kubepods-burstable-podUID.slice", also below a root of its own: "kubelet-kubepods.slice".
std::optional<Kube> of_kube_slice(std::string_view component) {
  if (!strip_suffix(component, ".slice")) return {};
  const auto at = component.find("kubepods");
  if (at == std::string_view::npos || (at > 0 && component[at - 1] != '-')) return {};
  return after_kubepods(component.substr(at + 8));
}

// A slice's name cannot hold the uid's dashes: they separate its parents.
std::string pod_uid(std::string_view text) {
  std::string uid(text);
  std::replace(uid.begin(), uid.end(), '_', '-');
  return uid;
}

Identity of_kube(const Kube& kube) {
  Identity made;
  made.kind = kube.uid.empty() ? CgroupKind::slice : CgroupKind::pod;
  made.qos_class = kube.qos;
  made.pod_uid = pod_uid(kube.uid);
  return made;
}

// "kubepods-burstable-podUID.slice:cri-containerd:ID": a path meant for systemd, given to a
// runtime that makes the directory itself.
std::optional<Identity> with_colons(std::string_view component) {
  Text parts(component);
  const std::string_view slice = parts.until(':');
  const std::string_view prefix = parts.until(':');
  const std::string_view id = parts.rest();
  if (!slice.ends_with(".slice") || prefix.empty() || id.empty()) return {};
  struct Form {
    std::string_view prefix;
    Runtime runtime;
  };
  constexpr std::array<Form, 5> kForms{{{"cri-containerd", Runtime::containerd},
                                        {"default", Runtime::containerd},
                                        {"crio", Runtime::crio},
                                        {"docker", Runtime::docker},
                                        {"libpod", Runtime::podman}}};
  Identity made = container(Runtime::none, id, component);
  for (const Form& form : kForms)
    if (form.prefix == prefix) made.runtime = form.runtime;
  if (const auto kube = of_kube_slice(slice)) {
    made.qos_class = kube->qos;
    made.pod_uid = pod_uid(kube->uid);
  }
  return made;
}

// Steps down a path, one component at a time.
class Descent {
 public:
  void enter(std::string_view component) {
    Identity next = is_conmon(component) ? plain(component) : known(component);
    if (next.kind == CgroupKind::container) {
      take_pod(next);
      inside_ = true;
    } else if (inside_ && next.kind != CgroupKind::pod) {
      next = here_;
      next.kind = CgroupKind::nested;
      next.name.clear();
    }
    here_ = std::move(next);
    follow_kubepods(component);
    parent_ = component;
    ++depth_;
  }
  const Identity& here() const { return here_; }

 private:
  Identity known(std::string_view component) const {
    if (auto made = with_runtime_prefix(component)) return *made;
    if (auto made = with_colons(component)) return *made;
    if (auto made = of_lxc(component, parent_)) return *made;
    if (auto made = of_machined(component, inside_ ? std::string_view{} : parent_)) return *made;
    if (auto made = with_bare_id(component)) return *made;
    if (const auto kube = of_kube_slice(component)) return of_kube(*kube);
    if (auto made = of_kube_directory(component)) return *made;
    return plain(component);
  }

  // The directory is the id: docker, containerd and CRI without systemd.
  std::optional<Identity> with_bare_id(std::string_view component) const {
    if (here_.kind == CgroupKind::pod && !is_unit(component) && !component.ends_with(".slice"))
      return container(Runtime::none, component, component);  // the path does not say whose
    if (depth_ == 1 && (parent_ == "default" || parent_ == "k8s.io")) {  // namespaces of containerd
      if (is_hex_id(component, 64)) return container(Runtime::containerd, component, component);
      return named_container(Runtime::containerd, component, component);
    }
    // --cgroup-parent puts docker's containers anywhere.
    if (is_hex_id(component, parent_ == "docker" ? 12 : 64))
      return container(Runtime::docker, component, component);
    return {};
  }

  // "kubepods", "kubepods/burstable", "kubepods/burstable/podUID", "kubepods/podUID".
  std::optional<Identity> of_kube_directory(std::string_view component) const {
    Kube kube;
    if (component == "kubepods") return of_kube(kube);
    if (!in_kubepods_) return {};
    if (component == "burstable" || component == "besteffort") {
      kube.qos = component;
      return of_kube(kube);
    }
    std::string_view uid = component;
    if (!strip_prefix(uid, "pod") || uid.empty()) return {};
    kube.qos = qos_.empty() ? std::string_view("guaranteed") : qos_;
    kube.uid = uid;
    return of_kube(kube);
  }

  static Identity plain(std::string_view component) {
    Identity made;
    if (component.ends_with(".slice")) {
      made.kind = CgroupKind::slice;
      made.runtime = Runtime::systemd;
    } else if (is_unit(component)) {
      made.kind = CgroupKind::unit;
      made.runtime = Runtime::systemd;
      made.unit = component;
    }
    return made;
  }

  void take_pod(Identity& next) const {
    if (here_.kind != CgroupKind::pod) return;
    next.pod_uid = here_.pod_uid;
    next.qos_class = here_.qos_class;
  }

  void follow_kubepods(std::string_view component) {
    const bool is_class = in_kubepods_ && (component == "burstable" || component == "besteffort");
    in_kubepods_ = component == "kubepods" || is_class;
    qos_ = is_class ? component : std::string_view{};
  }

  Identity here_;
  std::string_view parent_, qos_;
  std::size_t depth_ = 0;
  bool inside_ = false, in_kubepods_ = false;
};

}  // namespace

Identity identity_of(std::string_view path) {
  Descent descent;
  Text components(path);
  while (!components.empty()) {
    const std::string_view component = components.until('/');
    if (!component.empty()) descent.enter(component);
  }
  return descent.here();
}

}  // namespace hostmeter::source::cgroup
