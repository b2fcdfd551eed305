#include "source/runtime/engine_disk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "base/clock.hpp"
#include "support/captured.hpp"
#include "support/fake_docker.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;
using test::FakeDocker, test::FakeEngine;

namespace {

const base::SystemClock kClock;
constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr const char* kStored =
    R"({"LayersSize":900,
        "Images":[{"Id":"sha256:11","RepoTags":["web:1","web:2"],"Size":500,"SharedSize":20},
                  {"Id":"sha256:22","RepoTags":null,"Size":400,"SharedSize":-1}],
        "Volumes":[{"Name":"db","UsageData":{"RefCount":1,"Size":70}},
                   {"UsageData":{"Size":-1},"Name":"unmeasured"}]})";

struct Asking {
  explicit Asking(EngineDisk::Options options = {.interval_ns = 60 * kSecond,
                                                 .images = true,
                                                 .volumes = true})
      : engine(docker.serve()),
        client(Runtime::docker,
               HttpClient(engine.root(), FakeEngine::kSocket, kClock, interrupt, 10 * kSecond)),
        disk(Runtime::docker, options, ids) {
    REQUIRE(client.version());
    docker.set_disk(kStored);
    disk.begin(0);
  }
  // Until there is an answer or none of use, at one and the same moment.
  Result<bool> answer(std::uint64_t at_ns) {
    for (int i = 0; i < 2'000; ++i) {
      auto followed = disk.follow(out, client, at_ns);
      if (!followed || *followed) return followed;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  Instance named(const std::vector<std::string>& values) const {
    Instance found = 0;
    for (const NewsItem& item : out.news)
      if (const auto* one = std::get_if<NamedInstance>(&item); one && one->values == values)
        found = one->instance;
    return found;
  }
  bool is_gone(Instance instance) const {
    return std::ranges::any_of(out.news, [&](const NewsItem& item) {
      const auto* gone = std::get_if<GoneInstance>(&item);
      return gone && gone->instance == instance;
    });
  }

  FakeDocker docker;
  FakeEngine engine;
  source::Interrupt interrupt;
  EngineClient client;
  InstanceIds ids{1};
  test::Captured out;
  EngineDisk disk;
};

}  // namespace

TEST_CASE("images and volumes one by one; what the engine did not measure is absent") {
  Asking asking;
  const auto answer = asking.answer(kSecond);
  REQUIRE(answer);
  REQUIRE(*answer);
  CHECK(asking.disk.usage().images == 900);
  const Instance web = asking.named({"docker", "sha256:11", "web:1"}),
                 bare = asking.named({"docker", "sha256:22", ""}),
                 db = asking.named({"docker", "db"}),
                 unmeasured = asking.named({"docker", "unmeasured"});
  CHECK(asking.out.value(ImageDisk::bytes, kHost, web) == 500);
  CHECK(asking.out.value(ImageDisk::shared_bytes, kHost, web) == 20);
  CHECK(asking.out.value(ImageDisk::bytes, kHost, bare) == 400);
  CHECK_FALSE(asking.out.value(ImageDisk::shared_bytes, kHost, bare));
  CHECK(asking.out.value(VolumeDisk::bytes, kHost, db) == 70);
  REQUIRE(unmeasured != 0);
  CHECK_FALSE(asking.out.value(VolumeDisk::bytes, kHost, unmeasured));

  asking.out.records.clear();
  asking.disk.resend(asking.out);
  CHECK(asking.out.value(VolumeDisk::bytes, kHost, db) == 70);
}

TEST_CASE("it is asked for once in an interval, and what is removed goes") {
  Asking asking;
  REQUIRE(asking.answer(kSecond));
  const Instance db = asking.named({"docker", "db"});
  CHECK(*asking.disk.follow(asking.out, asking.client, 60 * kSecond) == false);
  CHECK(FakeDocker::count(asking.engine, "/system/df") == 1);
  asking.docker.set_disk(R"({"LayersSize":1})");
  const auto answer = asking.answer(61 * kSecond);
  REQUIRE(answer);
  CHECK(*answer);
  CHECK(asking.is_gone(db));
}

TEST_CASE("an answer of no use costs nothing until what was told is stale") {
  Asking asking;
  REQUIRE(asking.answer(kSecond));
  asking.docker.disk_answer = 500;
  const auto answer = asking.answer(61 * kSecond);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ENOTSUP);
  const Instance db = asking.named({"docker", "db"});
  CHECK(asking.disk.usage().images == 900);
  CHECK_FALSE(asking.is_gone(db));
  CHECK_FALSE(asking.disk.pass_time(asking.out, 60 * kSecond + EngineDisk::kPatienceNs));
  asking.disk.lose();  // whether or not it is lost
  CHECK(asking.disk.pass_time(asking.out, 61 * kSecond + EngineDisk::kPatienceNs));
  CHECK_FALSE(asking.disk.pass_time(asking.out, 62 * kSecond + EngineDisk::kPatienceNs));
  CHECK_FALSE(asking.disk.usage().images);
  CHECK(asking.is_gone(db));
}

TEST_CASE("what nobody wants one by one is not shown so, and with no interval nothing is asked") {
  Asking sums({.interval_ns = kSecond});
  REQUIRE(sums.answer(kSecond));
  CHECK(sums.disk.usage().volumes == 70);
  CHECK(sums.out.news.empty());
  Asking never({.images = true});
  CHECK(*never.disk.follow(never.out, never.client, kSecond) == false);
  CHECK(FakeDocker::count(never.engine, "/system/df") == 0);
}
