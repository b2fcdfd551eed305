// A follower of scripts with a supervisor that the test speaks, and a clock that stands still.
#pragma once
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "source/script/fake_supervisor.hpp"
#include "source/script/host_paths.hpp"
#include "source/script/script_follower.hpp"
#include "support/captured.hpp"
#include "support/fake_clock.hpp"
#include "support/tree.hpp"

namespace hostmeter::test {

inline constexpr std::uint64_t kSecond = 1'000'000'000;
inline constexpr std::uint64_t kMinute = 60 * kSecond;
using Lines = std::vector<std::string>;

struct Scripts {
  explicit Scripts(const Lines& names) {
    for (const std::string& name : names) put(name);
  }
  void put(const std::string& name, const std::string& text = "true", mode_t mode = 0755) const {
    tree.write("s.d/" + name, "#!/bin/sh\n" + text + "\n");
    REQUIRE(::chmod(at(name).c_str(), mode) == 0);
  }
  std::string at(const std::string& name) const { return (tree.root() / "s.d" / name).string(); }
  std::vector<Plan> plans() const {
    Plan plan;
    plan.run = {at("*")};
    plan.interval_ns = kMinute;
    return {plan};
  }

  Tree tree{"-- s.d/ --\n"};
  base::Dir root{std::move(*base::Dir::open(paths::kRoot))};
};

// Where files can be executed, which is not said of trees.
struct RealDirectory {
  RealDirectory() {
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    REQUIRE(::chmod(path.c_str(), 0755) == 0);
  }
  ~RealDirectory() { std::filesystem::remove_all(path); }
  RealDirectory(const RealDirectory&) = delete;
  void put(const std::string& name, const std::string& text) const {
    const std::string file = path + "/" + name;
    std::ofstream(file) << "#!/bin/sh\n" + text + "\n";
    REQUIRE(::chmod(file.c_str(), 0755) == 0);
  }

  std::string path = "/tmp/hostmeter-scripts-XXXXXX";
};

// Nothing in it waits: each look() is one round.
struct FollowerLab {
  explicit FollowerLab(const Lines& names, unsigned most = 4) : FollowerLab(names, most, 0) {}
  FollowerLab(const Lines& names, unsigned most, std::uint64_t spread_ns) : scripts(names) {
    fake.say(Standing{});
    follower.emplace(
        scripts.plans(), scripts.root, fake.shared, clock, InstanceIds(9),
        ScriptFollower::Options{
            .most = most, .spread_ns = spread_ns, .together_ns = 0, .longest_wait_ns = 0});
    look();
  }

  // Of the configuration that is about to take over.
  ScriptFollower next() { return next(scripts.plans()); }
  ScriptFollower next(std::vector<Plan> plans) {
    return {std::move(plans), scripts.root,
            fake.shared,      clock,
            InstanceIds(8),   {.spread_ns = 0, .together_ns = 0, .longest_wait_ns = 0}};
  }

  void look(bool resend = false) {
    out.clear();
    follower->follow(out, resend);
    for (const NewsItem& item : out.news)
      if (const auto* named = std::get_if<NamedInstance>(&item); named)
        instances[named->values[0]] = named->instance;
    for (source::Remark& remark : follower->take_remarks()) said.push_back(remark.what);
  }
  void pass(std::uint64_t ns) {
    clock.monotonic += ns;
    clock.realtime += ns;
    look();
  }
  std::string name_of(const Run& run) const {
    return std::filesystem::path(run.path).filename().string();
  }
  // The run that is asked for next, of that script.
  std::uint64_t asked(const std::string& name) {
    const Run run = fake.asked_run();
    CHECK(name_of(run) == name);
    return run.id;
  }
  bool is_asked() { return fake.asked().has_value(); }
  void end(std::uint64_t id, std::string_view prints, Ended how = {}) {
    fake.run(id, prints, how);
    look();
  }
  std::optional<std::uint64_t> fact(ScriptField field, const std::string& name) {
    return out.value(field, kHost, instances.at(name));
  }
  // How many families each script that printed shows now, as "disk:1".
  Lines printed() const {
    Lines all;
    for (const NewsItem& item : out.news)
      if (const auto* printed = std::get_if<Printed>(&item))
        all.push_back(printed->by.substr(7) + ":" + std::to_string(printed->families.size()));
    return all;
  }
  bool has_said(std::string_view what) {
    const bool has = std::any_of(said.begin(), said.end(), [&](const std::string& one) {
      return one.find(what) != std::string::npos;
    });
    said.clear();
    return has;
  }

  Scripts scripts;
  FakeClock clock;
  FakeSupervisor fake;
  std::optional<ScriptFollower> follower;
  Captured out;
  std::map<std::string, Instance> instances;
  Lines said;
};

// One that rests for an hour from all that can wait: who comes back had a reason.
struct RestingLab {
  explicit RestingLab(const Lines& names, unsigned most = 4)
      : scripts(names),
        follower(plans(), scripts.root, fake.shared, clock, InstanceIds(9),
                 {.most = most, .spread_ns = 0, .together_ns = kRestNs, .longest_wait_ns = 0}) {
    fake.say(Standing{});
  }

  static constexpr std::uint64_t kRestNs = 60 * kMinute;
  std::vector<Plan> plans() const {
    auto all = scripts.plans();
    all[0].interval_ns = 20 * kRestNs;
    all[0].limits.wall_ns = 4 * kRestNs;
    return all;
  }
  void look(bool resend = false) { follower.follow(out, resend); }

  Scripts scripts;
  base::SystemClock clock;
  FakeSupervisor fake;
  source::script::ScriptFollower follower;
  Captured out;
};

}  // namespace hostmeter::test
