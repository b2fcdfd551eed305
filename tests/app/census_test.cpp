#include "app/census.hpp"

#include <doctest/doctest.h>

#include <string>

#include "app/pump.hpp"
#include "base/clock.hpp"
#include "collect/all.hpp"
#include "contract/standard.hpp"
#include "expose/text_stream.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"

using namespace hostmeter;

namespace {

const base::SystemClock kClock;
constexpr std::uint64_t kSecond = 1'000'000'000;

// A whole pump, as who is shown and who is not is told by many parts.
struct Lab {
  explicit Lab(app::Census::Options census, std::size_t max_series = 10'000,
               store::Identities::Options identities = {})
      : pump({&sampler}, collect::all(), {.max_series = max_series, .labels = {}}, pool,
             {&contract}, std::move(identities), census) {}
  app::Doorbell bell;
  app::Channel sampler{"sampler", 256, 64};
  store::SnapshotPool pool{2};
  contract::Standard contract;
  app::Pump pump;
  app::RingOutput out{sampler, bell, kClock, 1'000'000};
  std::uint64_t now_ns = 0;

  Subject born(Subject subject, std::string path, CgroupKind kind = CgroupKind::container) {
    out.send(NewsItem(Born{subject, std::move(path), {.kind = kind}}));
    return subject;
  }
  void send(Subject subject, std::uint64_t seconds, std::uint64_t bytes) {
    Facts<CgroupCpu> cpu;
    cpu.set(CgroupCpu::usage_ns, seconds * kSecond);
    out.send(subject, cpu);
    Facts<CgroupMemory> memory;
    memory.set(CgroupMemory::usage, bytes);
    out.send(subject, memory);
  }
  void tick() {
    Facts<TickField> mark;
    mark.set(TickField::monotonic_ns, now_ns += kSecond);
    out.end_tick(mark);
    pump.drain();
  }
  std::string scrape() {
    const auto lease = pool.newest();
    if (!lease) return "nothing";
    expose::TextStream stream(*lease, contract.shown(*lease, {}), 0);
    std::string text(64 << 10, ' ');
    text.resize(stream.fill(text));
    return text;
  }
  std::string value(const std::string& series) {
    const std::string text = scrape();
    const std::size_t at = text.find("\n" + series + " ");
    if (at == std::string::npos) return "none";
    const std::size_t value = at + series.size() + 2;
    return text.substr(value, text.find('\n', value) - value);
  }
  std::string cpu(const std::string& labels) {
    return value("container_cpu_usage_seconds_total{" + labels + ",cpu=\"total\"}");
  }
  std::string memory(const std::string& labels) {
    return value("container_memory_usage_bytes{" + labels + "}");
  }
};

const std::string kRest = R"(id="overflow",name="overflow",image="overflow")";

}  // namespace

TEST_CASE("who there is no room for is in the sums, for life, and is not lost when it ends") {
  Lab lab({.max_shown = 1});
  const Subject in = lab.born({2, 1}, "/in"), out = lab.born({3, 1}, "/out");
  const Subject too = lab.born({4, 1}, "/too");
  lab.send(in, 1, 100);
  lab.send(out, 2, 200);
  lab.send(too, 4, 400);
  lab.tick();
  lab.tick();
  lab.tick();
  CHECK(lab.cpu(R"(id="/in")") == "1");
  CHECK(lab.cpu(kRest) == "6");
  CHECK(lab.memory(kRest) == "600");
  CHECK(lab.scrape().find("\"/out\"") == std::string::npos);
  CHECK(lab.value("hostmeter_containers_shown") == "1");
  CHECK(lab.value("hostmeter_containers_overflow") == "2");

  lab.out.send(NewsItem(Gone{out}));
  lab.out.send(NewsItem(Gone{in}));
  lab.out.send(NewsItem(Forgotten{out}));
  lab.out.send(NewsItem(Forgotten{in}));
  lab.send(too, 5, 300);
  lab.tick();
  CHECK(lab.cpu(kRest) == "7");
  CHECK(lab.memory(kRest) == "300");
  CHECK(lab.cpu(R"(id="/in")") == "none");
  const Subject next = lab.born({2, 2}, "/next");
  lab.send(next, 9, 1);
  lab.tick();
  lab.tick();
  lab.tick();
  CHECK(lab.cpu(R"(id="/next")") == "9");
  CHECK(lab.cpu(R"(id="/too")") == "none");
  CHECK(lab.value("hostmeter_stale_records_total") == "0");
}

TEST_CASE("the limit on series lets nobody in by half, and has room for the sums") {
  Lab lab({}, 260);
  const Subject box = lab.born({2, 1}, "/box");
  const Subject slice = lab.born({3, 1}, "/slice", CgroupKind::slice);
  lab.send(box, 1, 100);
  lab.send(slice, 1, 100);
  for (int i = 0; i < 4; ++i) lab.tick();
  CHECK(lab.cpu(R"(id="/box")") == "none");
  CHECK(lab.cpu(R"(id="/slice")") == "none");
  CHECK(lab.cpu(kRest) == "1");
  CHECK(lab.value("hostmeter_cgroups_hidden") == "1");
  CHECK(lab.value("hostmeter_series_refused_total") == "0");
}

TEST_CASE("a container that is started again takes the place of the one that lingers") {
  Lab lab({});
  const Subject first = lab.born({2, 1}, "/box");
  lab.send(first, 50, 100);
  lab.tick();
  lab.out.send(NewsItem(Gone{first}));
  for (int i = 0; i < 3; ++i) lab.tick();
  CHECK(lab.cpu(R"(id="/box")") == "50");
  CHECK(lab.memory(R"(id="/box")") == "none");
  lab.out.send(NewsItem(Forgotten{first}));
  const Subject second = lab.born({3, 1}, "/box");
  lab.send(second, 1, 7);
  for (int i = 0; i < 4; ++i) lab.tick();
  CHECK(lab.cpu(R"(id="/box")") == "1");
  CHECK(lab.memory(R"(id="/box")") == "7");
  const std::string text = lab.scrape(), line = "container_cpu_usage_seconds_total{id=\"/box\"";
  CHECK(text.find(line, text.find(line) + 1) == std::string::npos);
}

TEST_CASE("ended containers are in the totals by what their runtime says of them, in time") {
  Lab lab({});
  const std::string id(64, 'a');
  lab.out.send(
      NewsItem(Born{{2, 1}, "/docker/" + id, {CgroupKind::container, Runtime::docker, id}}));
  lab.out.send(NewsItem(Gone{{2, 1}}));
  lab.send({2, 1}, 3, 100);
  lab.tick();
  CHECK(lab.value("hostmeter_ended_containers_total{image=\"web:1\"}") == "none");
  lab.out.send(NewsItem(Described{
      {.runtime = Runtime::docker, .container_id = id, .name = "web", .image = "web:1"}}));
  lab.tick();
  CHECK(lab.value("hostmeter_ended_containers_total{image=\"web:1\"}") == "1");
  CHECK(lab.value("hostmeter_ended_container_cpu_seconds_total{image=\"web:1\"}") == "3");
  CHECK(lab.value("hostmeter_containers_seen_total{runtime=\"docker\"}") == "1");
}

TEST_CASE("a sandbox, and who is excluded, ends without being counted") {
  app::Census::Options options;
  Lab lab(options);
  const std::string id(64, 'a');
  lab.out.send(NewsItem(
      Born{{2, 1}, "/kubepods/podx/" + id, {CgroupKind::container, Runtime::containerd, id}}));
  lab.out.send(NewsItem(Described{{.runtime = Runtime::containerd,
                                   .container_id = id,
                                   .pod_namespace = "shop",
                                   .pod = "cart-0",
                                   .is_sandbox = true}}));
  lab.out.send(NewsItem(Gone{{2, 1}}));
  for (int i = 0; i < 15; ++i) lab.tick();
  CHECK(lab.scrape().find("hostmeter_ended_containers_total{") == std::string::npos);
  CHECK(lab.value("hostmeter_ended_containers_total") == "none");
}

TEST_CASE("who is excluded leaves its place to others, and comes back where there is one") {
  Lab lab({.max_shown = 1}, 10'000,
          {.shown_labels = {}, .filter = {.names = {{}, {"ci-*"}}, .images = {}, .labels = {}}});
  const std::string id(64, 'a');
  const auto described = [&](std::string name) {
    lab.out.send(NewsItem(Described{
        {.runtime = Runtime::docker, .container_id = id, .name = std::move(name), .image = "x"}}));
  };
  const Subject ci{2, 1};
  lab.out.send(NewsItem(RuntimeUp{Runtime::docker, true}));
  lab.out.send(NewsItem(Born{ci, "/docker/" + id, {CgroupKind::container, Runtime::docker, id}}));
  described("ci-1");
  lab.send(ci, 3, 100);
  lab.tick();
  CHECK(lab.value("hostmeter_containers_shown") == "0");
  const Subject web = lab.born({3, 1}, "/web");
  for (int i = 0; i < 4; ++i) {
    lab.send(web, 1, 10);
    lab.tick();
  }
  CHECK(lab.cpu(R"(id="/web")") == "1");
  CHECK(lab.scrape().find("ci-1") == std::string::npos);
  CHECK_FALSE(lab.out.take_wants_resend());

  described("now");
  lab.tick();
  CHECK(lab.out.take_wants_resend());
  lab.send(ci, 4, 100);
  lab.tick();
  CHECK(lab.scrape().find("name=\"now\"") == std::string::npos);
  CHECK(lab.cpu(kRest) == "4");
  CHECK(lab.value("hostmeter_stale_records_total") == "0");
}
