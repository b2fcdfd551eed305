#include "store/identities.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using store::Identities;

namespace {

const std::string kId(64, 'a'), kOther(64, 'b');

struct Fixture {
  explicit Fixture(Identities::Options options = {}) : who(std::move(options)) {}

  void born(std::uint32_t slot, CgroupKind kind, Runtime runtime, std::string id,
            std::string pod_uid = {}) {
    Born born{{slot, ++generation},
              "/" + std::to_string(slot),
              {.kind = kind, .runtime = runtime, .container_id = std::move(id)}};
    born.identity.pod_uid = std::move(pod_uid);
    who.born(born);
  }
  void container(std::uint32_t slot, const std::string& id = kId,
                 Runtime runtime = Runtime::docker) {
    born(slot, CgroupKind::container, runtime, id);
  }
  void forget(std::uint32_t slot) { who.forget(who.known(slot).born->subject); }
  void up(Runtime runtime, bool up = true) { who.runtime({runtime, up}); }
  // The labels as they are, with what may not be seen in brackets.
  std::string labels(std::uint32_t slot) const {
    const std::string text = who.owner_labels(slot);
    return who.known(slot).is_shown ? text : "(" + text + ")";
  }

  Identities who;
  std::uint32_t generation = 0;
};

Description named(std::string name, const std::string& id = kId,
                  Runtime runtime = Runtime::docker) {
  return {.runtime = runtime, .container_id = id, .name = std::move(name)};
}
Description member(std::string id, std::string container, bool sandbox = false) {
  return {.runtime = Runtime::containerd,
          .container_id = std::move(id),
          .name = "k8s_" + container,
          .image = "img",
          .pod_namespace = "shop",
          .pod = "web-1",
          .pod_uid = "u-1",
          .pod_container = std::move(container),
          .is_sandbox = sandbox};
}

}  // namespace

TEST_CASE("a description finds its cgroup, whichever comes first") {
  Fixture f;
  f.container(1);
  CHECK(f.labels(1) == "{id=\"/1\"");
  f.who.described(
      {.runtime = Runtime::docker, .container_id = kId, .name = "web", .image = "nginx:1"});
  CHECK(f.labels(1) == R"({id="/1",name="web",image="nginx:1")");
  f.who.described(named("late", kOther));
  f.container(2, kOther);
  CHECK(f.labels(2) == R"({id="/2",name="late")");
  CHECK(f.who.known(2).description->container_id == kOther);
}

TEST_CASE("what changed is told once, and nothing when nothing did") {
  Fixture f;
  f.container(1);
  f.container(2, kOther);
  CHECK(f.who.take_changed() == std::vector<std::uint32_t>{1, 2});
  f.who.described(named("web"));
  CHECK(f.who.take_changed() == std::vector<std::uint32_t>{1});
  f.who.described(named("web"));
  f.who.tick();
  CHECK(f.who.take_changed().empty());
  f.who.described(named("shop"));
  CHECK(f.who.take_changed() == std::vector<std::uint32_t>{1});
  CHECK(f.labels(1) == R"({id="/1",name="shop")");
}

TEST_CASE("a path that does not say whose the container is takes any runtime's word") {
  Fixture f;
  f.container(1, kId, Runtime::none);
  f.container(2, kId, Runtime::podman);
  f.who.described(named("of-crio", kId, Runtime::crio));
  CHECK(f.labels(1) == R"({id="/1",name="of-crio")");
  CHECK(f.labels(2) == "{id=\"/2\"");
  f.who.described(named("of-docker"));
  CHECK(f.labels(1) == R"({id="/1",name="of-docker")");  // always the same of several
  f.who.described(named("of-podman", kId, Runtime::podman));
  CHECK(f.labels(2) == R"({id="/2",name="of-podman")");
  CHECK(f.labels(1) == R"({id="/1",name="of-docker")");
}

TEST_CASE("a runtime that the path names outdoes one that only says it knows the id") {
  Fixture f;
  f.container(1);
  f.who.described(named("from-logs", kId, Runtime::none));
  CHECK(f.labels(1) == R"({id="/1",name="from-logs")");
  f.who.described(named("web"));
  CHECK(f.labels(1) == R"({id="/1",name="web")");
}

TEST_CASE("a pod's cgroup is named by any of its members, and its containers by the pod") {
  Fixture f;
  f.born(1, CgroupKind::pod, Runtime::none, "", "u-1");
  f.born(2, CgroupKind::container, Runtime::containerd, kId, "u-1");
  f.born(3, CgroupKind::container, Runtime::containerd, kOther, "u-1");
  f.born(4, CgroupKind::nested, Runtime::containerd, kId, "u-1");
  f.born(5, CgroupKind::pod, Runtime::none, "", "u-2");
  f.who.take_changed();
  f.who.described(member(kId, "app"));
  CHECK(f.who.take_changed() == std::vector<std::uint32_t>{1, 2, 3, 4});
  CHECK(f.labels(1) == R"({id="/1",namespace="shop",pod="web-1")");
  CHECK(f.labels(2) ==
        R"({id="/2",name="k8s_app",image="img",namespace="shop",pod="web-1",container="app")");
  CHECK(f.labels(3) == R"({id="/3",namespace="shop",pod="web-1")");
  CHECK(f.labels(4) == "{id=\"/4\"");
  CHECK(f.labels(5) == "{id=\"/5\"");
  f.who.described(member(kOther, "", true));  // the sandbox
  CHECK(f.labels(3) == R"({id="/3",name="k8s_",image="img",namespace="shop",pod="web-1")");
}

TEST_CASE("a pod may be described without a container") {
  Fixture f;
  f.born(1, CgroupKind::pod, Runtime::none, "", "u-1");
  f.born(2, CgroupKind::pod, Runtime::none, "", "u-2");
  for (const char* pod : {"1", "2"})
    f.who.described({.runtime = Runtime::none,
                     .container_id = std::string("u-") + pod,
                     .pod_namespace = "shop",
                     .pod = std::string("web-") + pod,
                     .pod_uid = std::string("u-") + pod,
                     .is_sandbox = true});
  CHECK(f.labels(1) == R"({id="/1",namespace="shop",pod="web-1")");
  CHECK(f.labels(2) == R"({id="/2",namespace="shop",pod="web-2")");
  f.who.undescribed({Runtime::none, "u-1"});
  for (unsigned i = 0; i <= Identities::kLongestHold; ++i) f.who.tick();
  CHECK(f.who.descriptions() == 1);
  CHECK(f.labels(1) == R"({id="/1",namespace="shop",pod="web-1")");
  f.forget(1);
  CHECK(f.who.pods() == 1);
}

TEST_CASE("a name in the path is used until a runtime tells another") {
  Fixture f;
  f.who.born({{1, 1},
              "/lxc/c1",
              {.kind = CgroupKind::container,
               .runtime = Runtime::lxc,
               .container_id = "c1",
               .name = "c1"}});
  CHECK(f.labels(1) == R"({id="/lxc/c1",name="c1")");
  f.who.described({.runtime = Runtime::lxc, .container_id = "c1", .name = "", .image = "debian"});
  CHECK(f.labels(1) == R"({id="/lxc/c1",name="c1",image="debian")");
}

TEST_CASE("a new container is held for its name, two ticks at most, if its runtime is up") {
  Fixture f;
  f.container(1);
  CHECK(f.labels(1) == "{id=\"/1\"");
  f.up(Runtime::docker);
  f.container(2, kOther);
  f.container(3, "x", Runtime::podman);
  f.container(4, "y", Runtime::none);
  f.born(5, CgroupKind::slice, Runtime::systemd, "");
  f.born(6, CgroupKind::pod, Runtime::none, "", "u-1");
  f.born(7, CgroupKind::nested, Runtime::docker, kOther);
  CHECK(f.labels(2) == "({id=\"/2\")");
  CHECK(f.labels(3) == "{id=\"/3\"");
  CHECK(f.labels(4) == "({id=\"/4\")");
  CHECK(f.labels(5) == "{id=\"/5\"");
  CHECK(f.labels(6) == "({id=\"/6\")");
  CHECK(f.labels(7) == "{id=\"/7\"");
  CHECK(f.who.held() == 3);
  f.who.tick();
  f.who.described(named("web", kOther));
  CHECK(f.labels(2) == R"({id="/2",name="web")");
  f.who.tick();
  CHECK(f.labels(4) == "({id=\"/4\")");
  f.who.take_changed();
  f.who.tick();
  CHECK(f.labels(4) == "{id=\"/4\"");
  CHECK(f.who.take_changed() == std::vector<std::uint32_t>{4, 6});
  CHECK(f.who.held() == 0);
  f.up(Runtime::docker, false);
  f.container(8, "z");
  CHECK(f.labels(8) == "{id=\"/8\"");
}

TEST_CASE("a container that was described before is not held, nor is what is forgotten") {
  Fixture f;
  f.up(Runtime::docker);
  f.who.described(named("web"));
  f.container(1);
  CHECK(f.labels(1) == R"({id="/1",name="web")");
  f.container(2, kOther);
  f.forget(2);
  CHECK(f.who.held() == 0);
  for (int i = 0; i < 4; ++i) f.who.tick();
  f.who.take_changed();
}

TEST_CASE("who is excluded is not shown, and is when its name changes") {
  Fixture f({.shown_labels = {}, .filter = {.names = {{}, {"ci-*"}}, .images = {}, .labels = {}}});
  f.up(Runtime::docker);
  f.container(1);
  f.born(2, CgroupKind::nested, Runtime::docker, kId);
  f.born(3, CgroupKind::slice, Runtime::systemd, "");
  f.who.described(named("ci-1"));
  CHECK(f.labels(1) == R"(({id="/1",name="ci-1"))");
  CHECK(f.labels(2) == "({id=\"/2\")");
  CHECK(f.labels(3) == "{id=\"/3\"");
  CHECK(f.who.excluded() == 1);
  f.who.described(named("web"));
  CHECK(f.labels(1) == R"({id="/1",name="web")");
  CHECK(f.labels(2) == "{id=\"/2\"");
  CHECK(f.who.excluded() == 0);
}

TEST_CASE("with a filter, who is not known waits even for a runtime that is not up, then decides") {
  Fixture exclude(
      {.shown_labels = {}, .filter = {.names = {{}, {"*"}}, .images = {}, .labels = {}}});
  Fixture include(
      {.shown_labels = {}, .filter = {.names = {{"*"}, {}}, .images = {}, .labels = {}}});
  for (Fixture* f : {&exclude, &include}) {
    f->container(1);
    CHECK(f->labels(1) == "({id=\"/1\")");
    for (int i = 0; i < 3; ++i) f->who.tick();
  }
  CHECK(exclude.labels(1) == "{id=\"/1\"");
  CHECK(include.labels(1) == "({id=\"/1\")");
  include.who.described(named("web"));
  CHECK(include.labels(1) == R"({id="/1",name="web")");
}

TEST_CASE("a filter takes the name from the path, also for what is inside the container") {
  Fixture f({.shown_labels = {}, .filter = {.names = {{}, {"c1"}}, .images = {}, .labels = {}}});
  Identity lxc{.kind = CgroupKind::container, .runtime = Runtime::lxc, .container_id = "c1"};
  lxc.name = "c1";
  f.who.born({{1, 1}, "/lxc/c1", lxc});
  lxc.kind = CgroupKind::nested;
  lxc.name.clear();
  f.who.born({{2, 1}, "/lxc/c1/init", lxc});
  for (int i = 0; i < 3; ++i) f.who.tick();
  CHECK(f.labels(1) == R"(({id="/lxc/c1",name="c1"))");
  CHECK(f.labels(2) == R"(({id="/lxc/c1/init"))");
  CHECK(f.who.excluded() == 1);
  f.who.described({.runtime = Runtime::lxc, .container_id = "c1", .name = "", .image = "debian"});
  CHECK(f.labels(1) == R"(({id="/lxc/c1",name="c1",image="debian"))");
}

TEST_CASE("a filter may ask for labels that are not kept") {
  Fixture f({.shown_labels = {"team*"},
             .filter = {.names = {}, .images = {}, .labels = {{}, {"metrics=off"}}}});
  f.container(1);
  Description web = named("web");
  web.labels = {{"metrics", "off"}, {"team", "a"}};
  f.who.described(web);
  CHECK(f.labels(1) == R"(({id="/1",name="web"))");
  CHECK(f.who.known(1).description->labels ==
        std::vector<std::pair<std::string, std::string>>{{"team", "a"}});
}

TEST_CASE("an identity is stale while its runtime cannot be asked, or knows it no more") {
  Fixture f;
  f.up(Runtime::docker);
  f.who.described(named("web"));
  f.container(1);
  f.container(2, "x", Runtime::podman);
  f.who.take_changed();
  CHECK_FALSE(f.who.known(1).is_stale);
  f.up(Runtime::docker, false);
  CHECK(f.who.known(1).is_stale);
  CHECK_FALSE(f.who.known(2).is_stale);  // nobody said who it is
  CHECK(f.who.take_changed() == std::vector<std::uint32_t>{1});
  f.up(Runtime::docker);
  CHECK_FALSE(f.who.known(1).is_stale);
  f.who.undescribed({Runtime::docker, kId});
  CHECK(f.who.known(1).is_stale);
  CHECK(f.labels(1) == R"({id="/1",name="web")");
  f.who.described(named("web"));
  CHECK_FALSE(f.who.known(1).is_stale);
}

TEST_CASE("nothing is left of containers that are forgotten and described no more") {
  Fixture f;
  for (int i = 0; i < 100; ++i) {
    const std::string id = std::to_string(i);
    f.born(1, CgroupKind::pod, Runtime::none, "", "u-1");
    f.born(2, CgroupKind::container, Runtime::containerd, id, "u-1");
    f.who.described(member(id, "app"));
    f.who.take_changed();
    if (i % 2 == 0) f.who.undescribed({Runtime::containerd, id});
    f.forget(2);
    f.forget(1);
    if (i % 2 != 0) f.who.undescribed({Runtime::containerd, id});
    CHECK(f.who.descriptions() == 0);
    CHECK(f.who.pods() == 0);
  }
  CHECK(f.who.dropped() == 0);
}

TEST_CASE("who is born after its runtime told of its end has its name") {
  Fixture f;
  f.who.described(named("brief"));
  f.who.undescribed({Runtime::docker, kId});
  for (unsigned i = 0; i < Identities::kLongestHold; ++i) f.who.tick();
  f.container(1);
  CHECK(f.labels(1) == R"({id="/1",name="brief")");
  for (int i = 0; i < 10; ++i) f.who.tick();
  CHECK(f.labels(1) == R"({id="/1",name="brief")");
  f.forget(1);
  CHECK(f.who.descriptions() == 0);
}

TEST_CASE("who is never born is not waited for long, unless it is described again") {
  Fixture f;
  f.who.described(named("one"));
  f.who.described(named("other", kOther));
  f.who.undescribed({Runtime::docker, kId});
  f.who.undescribed({Runtime::docker, kOther});
  f.who.described(named("other", kOther));
  for (unsigned i = 0; i <= Identities::kLongestHold; ++i) f.who.tick();
  CHECK(f.who.descriptions() == 1);
  f.container(1, kOther);
  CHECK(f.labels(1) == R"({id="/1",name="other")");
  CHECK_FALSE(f.who.known(1).is_stale);
}

TEST_CASE("of containers without a cgroup only the last described are kept, the rest are counted") {
  Fixture f({.shown_labels = {}, .filter = {}, .max_unclaimed = 2});
  f.container(1, "0");
  for (const char* id : {"0", "1", "2", "3"}) f.who.described(named("c", id));
  CHECK(f.who.descriptions() == 3);
  CHECK(f.who.dropped() == 1);
  f.container(2, "1");
  f.container(3, "2");
  CHECK(f.labels(2) == "{id=\"/2\"");
  CHECK(f.labels(3) == R"({id="/3",name="c")");
  f.forget(1);  // its container may start again
  CHECK(f.who.descriptions() == 3);
  f.forget(3);
  CHECK(f.who.descriptions() == 2);
  CHECK(f.who.dropped() == 2);
}

TEST_CASE(
    "a restarted container is known by what was said of it, a slot taken again is another's") {
  Fixture f;
  f.who.described(named("web"));
  f.container(1);
  f.container(2);
  f.forget(1);
  CHECK(f.labels(2) == R"({id="/2",name="web")");
  f.container(2, kOther);
  CHECK(f.labels(2) == "{id=\"/2\"");
  CHECK_FALSE(f.who.has({2, 1}));
  f.who.forget({2, 1});
  CHECK(f.who.has({2, 3}));
}

TEST_CASE("texts longer than a description's bounds are cut") {
  Fixture f;
  f.container(1);
  f.who.described(named(std::string(10'000, 'n')));
  CHECK(f.who.known(1).description->name.size() == Description::kLongestName);
}

TEST_CASE("labels that only contracts ask for are kept and not shown") {
  Fixture f({.shown_labels = {"team"}, .kept_labels = {"com.*"}, .filter = {}});
  Description web = named("web");
  web.labels = {{"com.docker.compose.project", "shop"}, {"secret", "x"}, {"team", "a"}};
  f.who.described(web);
  const Description* const kept = f.who.description(kId, Runtime::docker);
  REQUIRE(kept);
  CHECK(kept->labels.size() == 2);
  CHECK(f.who.shown_labels(*kept) ==
        std::vector<std::pair<std::string, std::string>>{{"team", "a"}});
  f.who.undescribed({Runtime::docker, kId});
  CHECK_FALSE(f.who.description(kId, Runtime::docker));
}

TEST_CASE("its version is another whenever something is, and the same when nothing is") {
  Fixture f;
  std::uint64_t last = f.who.version();
  const auto is_new = [&] { return std::exchange(last, f.who.version()) != f.who.version(); };
  f.container(1);
  CHECK(is_new());
  f.who.described(named("web"));
  CHECK(is_new());
  f.who.tick();
  CHECK_FALSE(is_new());
  f.forget(1);
  CHECK(is_new());
}
