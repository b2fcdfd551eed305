#include "app/registrar.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "app/pump.hpp"
#include "collect/all.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"

using namespace hostmeter;

namespace {

const std::string kId(64, 'a');
const std::string kPath = "/docker/" + kId;
const std::string kCpu = "container_cpu_usage_seconds_total";

struct Fixture {
  explicit Fixture(store::Identities::Options options = {})
      : series(app::families_of(collect::all()), {}),
        bindings(collect::all(), series),
        census(collect::all(), series, bindings, instances, {}),
        registrar(std::move(options), series, bindings, instances, census) {}

  void born(std::uint32_t generation = 1) {
    registrar.on(
        Born{{1, generation},
             kPath,
             {.kind = CgroupKind::container, .runtime = Runtime::docker, .container_id = kId}});
  }
  void cpu(std::uint64_t ns, bool final_figures = false, std::uint32_t generation = 1) {
    Facts<CgroupCpu> facts;
    facts.set(CgroupCpu::usage_ns, ns);
    Record record = facts.part(0, {1, generation}, 0);
    if (final_figures) record.present |= kFinalFigures;
    census.apply(record);
  }
  void described(std::string name, std::vector<std::pair<std::string, std::string>> labels = {}) {
    registrar.on(Described{{.runtime = Runtime::docker,
                            .container_id = kId,
                            .name = std::move(name),
                            .image = "nginx",
                            .labels = std::move(labels)}});
  }
  void tick() {
    registrar.on_tick();
    series.copy_to(snapshot);
    series.reclaim(snapshot.sequence);
  }
  // `{labels} value` of each series of a metric.
  std::vector<std::string> lines(std::string_view metric) const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < snapshot.lines.size(); ++i)
      for (const store::Line& line : *snapshot.lines[i])
        if ((*snapshot.families)[i].metric->name == metric && snapshot.present[line.series])
          all.push_back(std::string(line.owner->view()) + std::string(line.rest->view()) +
                        std::to_string(snapshot.values[line.series]));
    std::sort(all.begin(), all.end());
    return all;
  }
  // Of the container's only series of a metric, from behind its id.
  std::string line(std::string_view metric) const {
    const std::string id = "{id=\"" + kPath + '"';
    std::string found;
    for (const std::string& one : lines(metric))
      if (one.starts_with(id)) found += (found.empty() ? "" : "; ") + one.substr(id.size());
    return found;
  }

  store::SeriesTable series;
  collect::Bindings bindings;
  InstanceIds instances{15};
  app::Census census;
  app::Registrar registrar;
  store::Snapshot snapshot;
};

}  // namespace

TEST_CASE("series that are there take on the name, and those still to come") {
  Fixture f;
  f.born();
  f.cpu(7);
  f.tick();
  CHECK(f.line(kCpu) == ",cpu=\"total\"} 7");
  f.described("web");
  f.tick();
  CHECK(f.line(kCpu) == R"(,name="web",image="nginx",cpu="total"} 7)");
  f.cpu(9);
  Facts<CgroupMemory> memory;
  memory.set(CgroupMemory::usage, std::uint64_t{4096});
  f.bindings.apply(memory.part(0, {1, 1}, 0));
  f.described("shop");  // docker rename
  f.tick();
  CHECK(f.line(kCpu) == R"(,name="shop",image="nginx",cpu="total"} 9)");
  CHECK(f.line("container_memory_usage_bytes") == R"(,name="shop",image="nginx"} 4096)");
}

TEST_CASE("a snapshot that is being read keeps the name it was made with") {
  Fixture f;
  f.born();
  f.cpu(7);
  f.described("web");
  f.tick();
  f.described("shop");
  store::Snapshot next;
  f.series.copy_to(next);
  f.series.reclaim(f.snapshot.sequence);
  CHECK(f.line(kCpu) == R"(,name="web",image="nginx",cpu="total"} 7)");
}

TEST_CASE("a held container is not seen, and loses nothing of what was read of it") {
  Fixture f;
  f.registrar.on(RuntimeUp{Runtime::docker, true});
  f.born();
  f.cpu(7);  // sent once: it does not change
  f.tick();
  CHECK(f.line(kCpu).empty());
  CHECK(f.line("hostmeter_container_info").empty());
  CHECK(f.lines("hostmeter_cgroups_held") == std::vector<std::string>{" 1"});
  f.described("web");
  f.tick();
  CHECK(f.line(kCpu) == R"(,name="web",image="nginx",cpu="total"} 7)");
  CHECK(f.lines("hostmeter_cgroups_held") == std::vector<std::string>{" 0"});
}

TEST_CASE("a held container is shown in the third snapshot, though nobody names it") {
  Fixture f;
  f.registrar.on(RuntimeUp{Runtime::docker, true});
  f.born();
  f.cpu(7);
  f.tick();
  f.tick();
  CHECK(f.line(kCpu).empty());
  f.tick();
  CHECK(f.line(kCpu) == ",cpu=\"total\"} 7");
}

TEST_CASE("who is gone before it was shown still shows how it ended, under its name") {
  Fixture f;
  f.registrar.on(RuntimeUp{Runtime::docker, true});
  f.born();
  f.registrar.on(Gone{{1, 1}});
  f.cpu(7, true);
  f.tick();
  CHECK(f.line(kCpu).empty());
  f.described("web");
  f.tick();
  CHECK(f.line(kCpu) == R"(,name="web",image="nginx",cpu="total"} 7)");
  f.registrar.on(Undescribed{Runtime::docker, kId});  // docker run --rm
  f.tick();
  CHECK(f.line(kCpu) == R"(,name="web",image="nginx",cpu="total"} 7)");
  f.registrar.on(Forgotten{{1, 1}});
  f.tick();
  CHECK(f.line(kCpu).empty());
  CHECK(f.line("hostmeter_container_info").empty());
  CHECK(f.lines("hostmeter_container_descriptions") == std::vector<std::string>{" 0"});
}

TEST_CASE("a short life whose name comes late is shown without it first") {
  Fixture f;
  f.registrar.on(RuntimeUp{Runtime::docker, true});
  f.born();
  f.registrar.on(Gone{{1, 1}});
  f.cpu(7, true);
  for (int i = 0; i < 3; ++i) f.tick();
  CHECK(f.line(kCpu) == ",cpu=\"total\"} 7");
  f.described("web");
  f.tick();
  CHECK(f.line(kCpu) == R"(,name="web",image="nginx",cpu="total"} 7)");
}

TEST_CASE("a restarted container has one set of series, which begins anew under the same name") {
  Fixture f;
  f.described("web");
  f.born(1);
  f.cpu(7);
  f.tick();
  f.registrar.on(Gone{{1, 1}});
  f.registrar.on(Forgotten{{1, 1}});
  f.born(2);
  f.cpu(1, false, 2);
  f.tick();
  CHECK(f.line(kCpu) == R"(,name="web",image="nginx",cpu="total"} 1)");
}

TEST_CASE("what is known of a container is on its info series, with its runtime's word") {
  Fixture f;
  f.registrar.on(Born{{1, 1}, kPath, {.kind = CgroupKind::container, .container_id = kId}});
  f.tick();
  CHECK(f.line("hostmeter_container_info") ==
        ",container_id=\"" + kId + "\",kind=\"container\"} 1");
  f.registrar.on(Described{
      {.runtime = Runtime::crio, .container_id = kId, .pod_uid = "u-1", .is_sandbox = true}});
  f.tick();
  CHECK(f.line("hostmeter_container_info") == ",runtime=\"cri-o\",container_id=\"" + kId +
                                                  "\",pod_uid=\"u-1\",kind=\"container\","
                                                  "sandbox=\"true\"} 1");
  CHECK(f.lines("hostmeter_container_info").front() == "{id=\"/\",kind=\"other\"} 1");
}

TEST_CASE("of a container's labels those asked for are shown, and only if it has them") {
  Fixture f({.shown_labels = {"com.docker.compose.*"}, .filter = {}});
  f.born();
  f.described("web", {{"maintainer", "me"}});
  f.tick();
  CHECK(f.lines("hostmeter_container_labels").empty());
  f.described("web", {{"com.docker.compose.project", "shop"}, {"maintainer", "me"}});
  f.tick();
  CHECK(f.line("hostmeter_container_labels") ==
        R"(,name="web",image="nginx",container_label_com_docker_compose_project="shop"} 1)");
}

TEST_CASE("an identity is marked stale while its runtime is down") {
  Fixture f;
  f.registrar.on(RuntimeUp{Runtime::docker, true});
  f.described("web");
  f.born();
  f.tick();
  CHECK(f.line("hostmeter_container_identity_stale") == R"(,name="web",image="nginx"} 0)");
  CHECK(f.lines("hostmeter_runtime_up") == std::vector<std::string>{R"({runtime="docker"} 1)"});
  f.registrar.on(RuntimeUp{Runtime::docker, false});
  f.tick();
  CHECK(f.line("hostmeter_container_identity_stale") == R"(,name="web",image="nginx"} 1)");
  CHECK(f.lines("hostmeter_runtime_up") == std::vector<std::string>{R"({runtime="docker"} 0)"});
}

const store::Identities::Options kNoCi{
    .shown_labels = {"*"}, .filter = {.names = {{}, {"ci-*"}}, .images = {}, .labels = {}}};

TEST_CASE("an excluded container has no series, and all of them once it is not any more") {
  Fixture f(kNoCi);
  f.tick();
  const std::size_t before = f.series.size();
  f.born();
  f.cpu(7);
  f.described("ci-1", {{"a", "b"}});
  CHECK_FALSE(f.registrar.take_wants_resend());
  f.cpu(8);
  f.tick();
  for (const char* metric : {"container_cpu_usage_seconds_total", "hostmeter_container_info",
                             "hostmeter_container_labels", "hostmeter_container_identity_stale"})
    CHECK(f.line(metric).empty());
  CHECK(f.lines("hostmeter_containers_excluded") == std::vector<std::string>{" 1"});
  CHECK(f.series.size() == before);
  f.described("web", {{"a", "b"}});
  CHECK(f.registrar.take_wants_resend());
  CHECK_FALSE(f.registrar.take_wants_resend());
  f.cpu(9);
  f.tick();
  CHECK(f.line(kCpu) == R"(,name="web",image="nginx",cpu="total"} 9)");
  CHECK(f.line("hostmeter_container_labels") ==
        R"(,name="web",image="nginx",container_label_a="b"} 1)");
  CHECK(f.bindings.stale_records() == 0);
}

TEST_CASE("who is left out only because nobody has said who it is keeps its figures") {
  Fixture f({.shown_labels = {}, .filter = {.names = {{"web*"}, {}}, .images = {}, .labels = {}}});
  f.born();
  f.cpu(7);
  for (int i = 0; i < 4; ++i) f.tick();
  CHECK(f.line(kCpu).empty());
  CHECK(f.lines("hostmeter_containers_excluded") == std::vector<std::string>{" 1"});
  f.described("web");
  f.tick();
  CHECK(f.line(kCpu) == R"(,name="web",image="nginx",cpu="total"} 7)");
  CHECK_FALSE(f.registrar.take_wants_resend());
}

TEST_CASE("no series and no memory of a container is left when it is forgotten") {
  Fixture f({.shown_labels = {"*"}, .filter = {}});
  f.tick();
  const std::size_t before = f.series.size();
  for (std::uint32_t life = 1; life < 5; ++life) {
    f.born(life);
    f.cpu(1, false, life);
    f.described("web", {{"a", "b"}});
    f.tick();
    CHECK(f.series.size() > before);
    f.registrar.on(Gone{{1, life}});
    f.registrar.on(Undescribed{Runtime::docker, kId});
    f.registrar.on(Forgotten{{1, life}});
    f.tick();
    CHECK(f.series.size() == before);
  }
}
