#include "source/cgroup/identity.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hostmeter;
using source::cgroup::identity_of;

namespace {

const std::string kId = "c00843f43c176fb5c9f9b22ee2cbd5e67cea1503c7da8293d6228f0387b74aa7";
const std::string kInner = "0d16300ec1af3d73d5450af24998508cfda439037262c0400f76caa2fbe67518";
const std::string kPod = "3f2b1c9a-8d4e-4f6a-9b7c-0123456789ab";
const std::string kPodInSlice = "3f2b1c9a_8d4e_4f6a_9b7c_0123456789ab";
const std::string kStaticPod = "05441b44724d437938a8810d20ca1371";

struct Row {
  std::string path;
  Identity wanted;
};

Identity container(Runtime runtime, std::string id, std::string unit = {}) {
  Identity made;
  made.kind = CgroupKind::container;
  made.runtime = runtime;
  made.container_id = std::move(id);
  made.unit = std::move(unit);
  return made;
}
Identity named(Runtime runtime, const std::string& name, std::string unit = {}) {
  Identity made = container(runtime, name, std::move(unit));
  made.name = name;
  return made;
}
Identity in_pod(Identity made, std::string uid, std::string qos) {
  made.pod_uid = std::move(uid);
  made.qos_class = std::move(qos);
  return made;
}
Identity nested(Identity made) {
  made.kind = CgroupKind::nested;
  made.name.clear();
  return made;
}
Identity pod(std::string uid, std::string qos) {
  Identity made;
  made.kind = CgroupKind::pod;
  return in_pod(made, std::move(uid), std::move(qos));
}
Identity slice(Runtime runtime, std::string qos = {}) {
  Identity made;
  made.kind = CgroupKind::slice;
  made.runtime = runtime;
  made.qos_class = std::move(qos);
  return made;
}
Identity unit(std::string name) {
  Identity made;
  made.kind = CgroupKind::unit;
  made.runtime = Runtime::systemd;
  made.unit = std::move(name);
  return made;
}

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const Identity got = identity_of(row.path);
    CHECK(to_string(got.kind) == to_string(row.wanted.kind));
    CHECK(to_string(got.runtime) == to_string(row.wanted.runtime));
    CHECK(got.container_id == row.wanted.container_id);
    CHECK(got.name == row.wanted.name);
    CHECK(got.pod_uid == row.wanted.pod_uid);
    CHECK(got.qos_class == row.wanted.qos_class);
    CHECK(got.unit == row.wanted.unit);
  }
}

}  // namespace

TEST_CASE("docker, with either cgroup driver and below any parent") {
  check({
      {"/docker/" + kId, container(Runtime::docker, kId)},
      {"/system.slice/docker-" + kId + ".scope",
       container(Runtime::docker, kId, "docker-" + kId + ".scope")},
      {"/team-a/web/" + kId, container(Runtime::docker, kId)},
      {"/team.slice/docker-" + kId + ".scope",
       container(Runtime::docker, kId, "docker-" + kId + ".scope")},
      {"/docker", {}},
      {"/docker/buildkit", {}},
      {"/system.slice/docker-compose.scope", unit("docker-compose.scope")},
  });
}

TEST_CASE("podman, with and without systemd, as root and not") {
  const std::string scope = "libpod-" + kId + ".scope";
  check({
      {"/libpod_parent/libpod-" + kId, container(Runtime::podman, kId)},
      {"/libpod_parent", {}},
      {"/libpod_parent/libpod-conmon-" + kId, {}},
      {"/machine.slice/" + scope, container(Runtime::podman, kId, scope)},
      {"/machine.slice/" + scope + "/container", nested(container(Runtime::podman, kId, scope))},
      {"/machine.slice/libpod-conmon-" + kId + ".scope", unit("libpod-conmon-" + kId + ".scope")},
      {"/machine.slice/machine-libpod_pod_" + kInner + ".slice", slice(Runtime::systemd)},
      {"/user.slice/user-1000.slice/user@1000.service/user.slice/" + scope,
       container(Runtime::podman, kId, scope)},
  });
}

TEST_CASE("containerd's own namespaces: the container's name is the directory") {
  check({
      {"/default/ctr-web", named(Runtime::containerd, "ctr-web")},
      {"/default/" + kId, container(Runtime::containerd, kId)},
      {"/default", {}},
      {"/system.slice/nerdctl-" + kId + ".scope",
       container(Runtime::containerd, kId, "nerdctl-" + kId + ".scope")},
  });
}

TEST_CASE("Kubernetes with cgroupfs") {
  check({
      {"/kubepods", slice(Runtime::none)},
      {"/kubepods/burstable", slice(Runtime::none, "burstable")},
      {"/kubepods/burstable/pod" + kPod, pod(kPod, "burstable")},
      {"/kubepods/pod" + kPod, pod(kPod, "guaranteed")},
      {"/kubepods/burstable/pod" + kPod + "/" + kInner,
       in_pod(container(Runtime::none, kInner), kPod, "burstable")},
      {"/kubepods/besteffort/pod" + kStaticPod + "/crio-" + kId,
       in_pod(container(Runtime::crio, kId), kStaticPod, "besteffort")},
      {"/kubelet/kubepods/pod" + kPod + "/" + kInner,
       in_pod(container(Runtime::none, kInner), kPod, "guaranteed")},
  });
}

TEST_CASE("Kubernetes with systemd") {
  const std::string burstable = "/kubepods.slice/kubepods-burstable.slice";
  const std::string pod_slice = "kubepods-burstable-pod" + kPodInSlice + ".slice";
  const std::string static_slice = "kubepods-burstable-pod" + kStaticPod + ".slice";
  const std::string scope = "cri-containerd-" + kId + ".scope";
  const std::string crio = "crio-" + kId + ".scope";
  check({
      {"/kubepods.slice", slice(Runtime::none)},
      {burstable, slice(Runtime::none, "burstable")},
      {burstable + "/" + pod_slice, pod(kPod, "burstable")},
      {burstable + "/" + static_slice, pod(kStaticPod, "burstable")},
      {burstable + "/" + static_slice + "/" + scope,
       in_pod(container(Runtime::containerd, kId, scope), kStaticPod, "burstable")},
      {"/kubepods.slice/kubepods-pod" + kPodInSlice + ".slice/" + crio,
       in_pod(container(Runtime::crio, kId, crio), kPod, "guaranteed")},
      {burstable + "/" + pod_slice + "/crio-conmon-" + kId + ".scope",
       unit("crio-conmon-" + kId + ".scope")},
      {"/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/"
       "kubelet-kubepods-besteffort-pod" +
           kPodInSlice + ".slice",
       pod(kPod, "besteffort")},
      {"/" + pod_slice + ":cri-containerd:" + kId,
       in_pod(container(Runtime::containerd, kId), kPod, "burstable")},
      {"/system.slice/containerd.service/" + static_slice + ":crio:" + kId,
       in_pod(container(Runtime::crio, kId), kStaticPod, "burstable")},
  });
}

TEST_CASE("LXC: payloads are containers, monitors are not") {
  check({
      {"/lxc.payload.c1", named(Runtime::lxc, "c1")},
      {"/lxc.payload/c1", named(Runtime::lxc, "c1")},
      {"/lxc/c1", named(Runtime::lxc, "c1")},
      {"/lxc/101/ns", nested(named(Runtime::lxc, "101"))},
      {"/lxc.monitor.c1", {}},
      {"/lxc", {}},
      {"/lxc.payload.c1/init.scope", nested(named(Runtime::lxc, "c1"))},
      {"/lxc.payload.c1/docker/" + kId, container(Runtime::docker, kId)},
  });
}

TEST_CASE("nspawn, with systemd's escapes decoded in names") {
  const Identity deb = named(Runtime::nspawn, "deb", "machine-deb.scope");
  check({
      {"/machine.slice", slice(Runtime::systemd)},
      {"/machine.slice/machine-deb.scope", deb},
      {"/machine.slice/machine-deb.scope/payload", nested(deb)},
      {"/machine.slice/machine-deb.scope/payload/system.slice/hello.service", nested(deb)},
      {"/machine.slice/machine-web\\x2dfront.scope",
       named(Runtime::nspawn, "web-front", "machine-web\\x2dfront.scope")},
      {"/machine.slice/systemd-nspawn@n1.service",
       named(Runtime::nspawn, "n1", "systemd-nspawn@n1.service")},
      {"/machine.slice/systemd-nspawn@n1.service/payload",
       nested(named(Runtime::nspawn, "n1", "systemd-nspawn@n1.service"))},
      {"/system.slice/nsp1.service/payload", container(Runtime::nspawn, "nsp1")},
      {"/system.slice/nsp1.service/supervisor", {}},
      {"/machine.slice/machine-qemu\\x2d3\\x2dweb.scope", unit("machine-qemu\\x2d3\\x2dweb.scope")},
  });
}

TEST_CASE("systemd's units and everything else") {
  check({
      {"/", {}},
      {"", {}},
      {"/init.scope", unit("init.scope")},
      {"/system.slice", slice(Runtime::systemd)},
      {"/system.slice/nginx.service", unit("nginx.service")},
      {"/system.slice/systemd-udevd.service/udev", {}},
      {"/user.slice/user-1000.slice/session-3.scope", unit("session-3.scope")},
      {"/process_api/1bc35ab0f660376d36bff8f38b0b56c7", {}},
  });
}

TEST_CASE("the innermost container wins") {
  check({
      {"/docker/" + kId + "/docker/" + kInner, container(Runtime::docker, kInner)},
      {"/docker/" + kId + "/docker", nested(container(Runtime::docker, kId))},
      {"/docker/" + kId + "/kubelet/kubepods/burstable/pod" + kPod, pod(kPod, "burstable")},
      {"/docker/" + kId + "/kubelet/kubepods/burstable/pod" + kPod + "/" + kInner,
       in_pod(container(Runtime::none, kInner), kPod, "burstable")},
  });
}

TEST_CASE("paths made to confuse stay what they are") {
  for (const std::string path :
       {"//", "/..", "/docker/", "/docker/xyz", "/libpod-.scope", "/docker-.scope", "/lxc.payload.",
        "/machine-.scope", "/:::", "/.slice", "/.scope", "/kubepods-pod.slice",
        "/notkubepods-podx.slice", "/\xff\xfe\x01", "/docker-\\x2.scope"}) {
    CAPTURE(path);
    CHECK(to_string(identity_of(path).kind) != "container");
    CHECK(to_string(identity_of(path).kind) != "pod");
  }
  CHECK(identity_of("/" + std::string(4000, 'a')).kind == CgroupKind::other);
}
