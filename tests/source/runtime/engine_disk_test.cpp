#include "source/runtime/engine_disk.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>

#include "support/asked_engine.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

constexpr std::uint64_t kSecond = test::AskedEngine::kSecond;
constexpr const char* kStored =
    R"({"LayersSize":900,
        "Images":[{"Id":"sha256:11","RepoTags":["web:1","web:2"],"Size":500,"SharedSize":20},
                  {"Id":"sha256:22","RepoTags":null,"Size":400,"SharedSize":-1}],
        "Volumes":[{"Name":"db","UsageData":{"RefCount":1,"Size":70}},
                   {"UsageData":{"Size":-1},"Name":"unmeasured"}]})";

struct Asking : test::AskedEngine {
  explicit Asking(EngineDisk::Options options = {.interval_ns = 60 * kSecond,
                                                 .images = true,
                                                 .volumes = true})
      : disk(Runtime::docker, options, ids) {
    docker.set_disk(kStored);
    disk.begin(0);
  }
  Result<bool> answer(std::uint64_t at_ns) {
    return AskedEngine::answer([&] { return disk.follow(out, client, at_ns); });
  }
  bool is_gone(Instance instance) const {
    return std::ranges::any_of(out.news, [&](const NewsItem& item) {
      const auto* gone = std::get_if<GoneInstance>(&item);
      return gone && gone->instance == instance;
    });
  }

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
  CHECK(asking.asked("/system/df") == 1);
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
  CHECK(never.asked("/system/df") == 0);
}
