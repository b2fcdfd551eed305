#include "source/runtime/engine_containers.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/container.hpp"
#include "support/captured.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

const std::string kA(64, 'a'), kB(64, 'b');

EngineContainer container(const std::string& id, const std::string& name,
                          Status status = Status::running) {
  EngineContainer one;
  one.description.runtime = Runtime::docker;
  one.description.container_id = id;
  one.description.name = name;
  one.description.image = "nginx";
  one.status = status;
  return one;
}

struct Fixture {
  explicit Fixture(EngineContainers::Options options = {.most = 10})
      : containers(Runtime::docker, proc, ids, std::move(options)) {
    tree.write("7/cgroup", "0::/lab/" + kA + "/init.scope\n");
  }

  template <class News>
  std::size_t count() const {
    std::size_t found = 0;
    for (const NewsItem& item : out.news) found += std::holds_alternative<News>(item);
    return found;
  }
  const std::vector<std::string>* labels() const {
    for (auto item = out.news.rbegin(); item != out.news.rend(); ++item)
      if (const auto* named = std::get_if<NamedInstance>(&*item)) return &named->values;
    return nullptr;
  }

  const test::Tree tree{""};
  const base::Dir proc = std::move(*base::Dir::open(tree.root().c_str()));
  InstanceIds ids{1};
  EngineContainers containers;
  test::Captured out;
};

}  // namespace

TEST_CASE("a new container is described, named by its cgroup, and its state told") {
  Fixture f;
  EngineContainer one = container(kA, "web1");
  one.pid = 7;
  one.memory_limit = 64;
  one.cpu_limit_milli = 1'500;
  one.health = Health::unhealthy;
  one.health_failures = 3;
  f.containers.update(f.out, one);
  CHECK(f.count<Described>() == 1);
  const Instance instance = f.out.instance("/lab/" + kA);
  CHECK(instance != 0);
  REQUIRE(f.labels());
  CHECK(*f.labels() == std::vector<std::string>{"/lab/" + kA, "web1", "nginx", "", "", ""});
  CHECK(f.out.value(ContainerState::is_running, kHost, instance) == 1);
  CHECK(f.out.value(ContainerState::is_exited, kHost, instance) == 0);
  CHECK(f.out.value(ContainerState::unhealthy, kHost, instance) == 1);
  CHECK(f.out.real(ContainerState::health, kHost, instance) == 0);
  CHECK(f.out.value(ContainerState::health_failures, kHost, instance) == 3);
  CHECK(f.out.value(ContainerState::main_pid, kHost, instance) == 7);
  CHECK(f.out.value(ContainerConfig::memory_limit, kHost, instance) == 64);
  CHECK(f.out.real(ContainerConfig::cpu_limit, kHost, instance) == 1.5);
  CHECK_FALSE(f.out.value(ContainerDisk::written_bytes, kHost, instance));
}

TEST_CASE("what is as it was is not told again") {
  Fixture f;
  f.containers.update(f.out, container(kA, "web1"));
  f.out.clear();
  f.containers.update(f.out, container(kA, "web1"));
  CHECK(f.out.news.empty());
  CHECK(f.out.records.empty());
}

TEST_CASE("what others may have taken back is said again, its state is not") {
  Fixture f;
  f.containers.update(f.out, container(kA, "web1"));
  f.out.clear();
  f.containers.describe_again();
  f.containers.update(f.out, container(kA, "web1"));
  CHECK(f.count<Described>() == 1);
  CHECK(f.out.news.size() == 1);
  CHECK(f.out.records.empty());
}

TEST_CASE("one that has ended stays under the cgroup it had") {
  Fixture f;
  EngineContainer one = container(kA, "web1");
  one.pid = 7;
  f.containers.update(f.out, one);
  const Instance instance = f.out.instance("/lab/" + kA);
  f.out.clear();
  EngineContainer ended = container(kA, "web1", Status::exited);
  ended.exit_code = 137;
  f.containers.update(f.out, ended);
  CHECK(f.out.news.empty());
  CHECK(f.out.value(ContainerState::exit_code, kHost, instance) == 137);
  CHECK(f.out.value(ContainerState::is_exited, kHost, instance) == 1);
}

TEST_CASE("one that never ran is shown where its engine would put it") {
  Fixture f;
  f.containers.update(f.out, container(kA, "a", Status::created));
  CHECK(f.out.instance("/docker/" + kA) != 0);
  f.out.clear();
  f.containers.use_systemd(f.out, true);
  f.containers.update(f.out, container(kB, "b", Status::created));
  CHECK(f.out.instance("/system.slice/docker-" + kB + ".scope") != 0);
  const Instance moved = f.out.instance("/system.slice/docker-" + kA + ".scope");
  CHECK(f.out.value(ContainerState::is_created, kHost, moved) == 1);
  CHECK(f.count<GoneInstance>() == 1);
}

TEST_CASE("a PID that is another's by now does not lend its cgroup") {
  Fixture f;
  f.tree.write("8/cgroup", "0::/docker/other\n");
  EngineContainer one = container(kB, "b");
  one.pid = 8;
  f.containers.update(f.out, one);
  CHECK(f.out.instance("/docker/" + kB) != 0);
}

TEST_CASE("a new name takes the old one's place") {
  Fixture f;
  f.containers.update(f.out, container(kA, "web1"));
  f.out.clear();
  f.containers.update(f.out, container(kA, "web2"));
  CHECK(f.count<Described>() == 1);
  CHECK(f.count<GoneInstance>() == 1);
  CHECK(f.count<NamedInstance>() == 1);
  CHECK((*f.labels())[1] == "web2");
  CHECK(f.out.value(ContainerState::is_running, kHost, f.out.instance("/docker/" + kA)) == 1);
}

TEST_CASE("one that is removed takes all with it") {
  Fixture f;
  f.containers.update(f.out, container(kA, "a"));
  f.out.clear();
  f.containers.remove(f.out, kA);
  f.containers.remove(f.out, kB);  // never known
  CHECK(f.count<Undescribed>() == 1);
  CHECK(f.count<GoneInstance>() == 1);
  CHECK(f.containers.size() == 0);
}

TEST_CASE("after a reconnection those that vanished meanwhile are removed, no others") {
  Fixture f;
  f.containers.update(f.out, container(kA, "a"));
  f.containers.update(f.out, container(kB, "b"));
  f.out.clear();
  f.containers.keep_only(f.out, {kB});
  CHECK(f.count<Undescribed>() == 1);
  CHECK(std::get<Undescribed>(f.out.news[0]).container_id == kA);
  CHECK(f.containers.size() == 1);
}

TEST_CASE("beyond the bound new ones are left out and counted, known ones are followed") {
  Fixture f({.most = 1});
  f.containers.update(f.out, container(kA, "a"));
  f.containers.update(f.out, container(kB, "b"));
  CHECK(f.containers.size() == 1);
  CHECK(f.containers.left_out() == 1);
  f.containers.update(f.out, container(kA, "a", Status::paused));
  CHECK(f.containers.by_state()[std::size_t(Status::paused)] == 1);
}

TEST_CASE("the state of those that are left out is not shown, their names are told") {
  Fixture f({.is_shown = [](const Description& who) { return !who.name.starts_with("ci-"); }});
  f.containers.update(f.out, container(kA, "ci-1"));
  CHECK(f.count<Described>() == 1);
  CHECK(f.count<NamedInstance>() == 0);
  CHECK(f.out.records.empty());
  CHECK(f.containers.by_state()[std::size_t(Status::running)] == 1);
  CHECK(f.containers.without_state() == 0);
  f.containers.update(f.out, container(kA, "web"));
  CHECK(f.out.value(ContainerState::is_running, kHost, f.out.instance("/docker/" + kA)) == 1);
  f.containers.update(f.out, container(kA, "ci-2"));
  CHECK(f.count<GoneInstance>() == 1);
  f.out.clear();
  f.containers.resend(f.out);
  CHECK(f.out.records.empty());
}

TEST_CASE("only so many states are shown, each for as long as its container is there") {
  Fixture f({.most_shown = 1});
  f.containers.update(f.out, container(kA, "a"));
  f.containers.update(f.out, container(kB, "b"));
  CHECK(f.count<Described>() == 2);
  CHECK(f.count<NamedInstance>() == 1);
  CHECK(f.containers.without_state() == 1);
  f.containers.update(f.out, container(kA, "a2", Status::exited));
  CHECK(f.out.value(ContainerState::is_exited, kHost, f.out.instance("/docker/" + kA)) == 1);
  CHECK(f.containers.without_state() == 1);
  f.containers.remove(f.out, kA);
  CHECK(f.containers.without_state() == 1);
  f.containers.update(f.out, container(kB, "b", Status::paused));  // there is room by now
  CHECK(f.out.value(ContainerState::is_paused, kHost, f.out.instance("/docker/" + kB)) == 1);
  CHECK(f.containers.without_state() == 0);
}

TEST_CASE("bytes on disk belong to those that were named, and are sent again with all else") {
  Fixture f;
  f.containers.update(f.out, container(kA, "a"));
  f.containers.update(f.out, container(kB, "b"));
  f.containers.set_disk(f.out, {{kA, 7, 90}, {"unknown", 8, {}}});
  const Instance a = f.out.instance("/docker/" + kA), b = f.out.instance("/docker/" + kB);
  f.out.records.clear();
  f.containers.resend(f.out);
  CHECK(f.out.value(ContainerDisk::written_bytes, kHost, a) == 7);
  CHECK(f.out.value(ContainerDisk::root_fs_bytes, kHost, a) == 90);
  CHECK_FALSE(f.out.value(ContainerDisk::written_bytes, kHost, b));
  CHECK(f.out.value(ContainerState::is_running, kHost, b) == 1);
}
