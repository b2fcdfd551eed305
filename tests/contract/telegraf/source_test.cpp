#include "contract/telegraf/source.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/cpu.hpp"
#include "hostmeter/flow/facts/loadavg.hpp"
#include "hostmeter/flow/facts/stat.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

struct Labelled {
  store::LabelText::Owned owner, rest;
  store::Line line{owner.get(), rest.get(), 0, kNoOwner};
};

Labelled line(const char* owner, const char* rest) {
  return {store::LabelText::make(owner), store::LabelText::make(rest)};
}

struct Fixture {
  MadeUpHost host{System{}};
  Fixture() {
    host.say<Stat>({{Stat::forks, 7}});
    Facts<Loadavg> load;
    load.set_real(Loadavg::one_minute, 0.5);
    host.say(load);
    host.tick(0);
  }
  bool is_as_it_was(const Seen& seen) {
    return seen.is_as_it_was(host.snapshot(), host.source().identities());
  }
};

}  // namespace

TEST_CASE("labels are read as they were before they were escaped") {
  const Labelled text = line(R"({id="/docker/1",name="a\"b\\c\nd")", R"(,device="x,y=\"z",e=""} )");
  CHECK(labels_of(text.line) ==
        Tags{{"device", "x,y=\"z"}, {"e", ""}, {"id", "/docker/1"}, {"name", "a\"b\\c\nd"}});
  CHECK(label_of(text.line, "device") == "x,y=\"z");
  CHECK(label_of(text.line, "evice").empty());
  CHECK(labels_of(line("", " ").line).empty());
  CHECK(labels_of(line("{", R"(a="1"} )").line) == Tags{{"a", "1"}});
  CHECK(labels_of(line("{", R"(a="1\)").line) == Tags{{"a", "1\\"}});  // cut short
}

TEST_CASE("metrics by their names") {
  Fixture f;
  Source source = f.host.source();
  CHECK(source.only("node_forks_total").exists());
  CHECK_FALSE(source.only("node_forks_total").is_real);
  CHECK(source.only("node_load1").is_real);
  CHECK_FALSE(source.only("node_none").exists());
  CHECK(source.family("node_none").lines->empty());
}

TEST_CASE("what was looked at is as it was until it changes, and nothing else matters") {
  Fixture f;
  Source source = f.host.source();
  const auto forks = source.family("node_forks_total");
  CHECK(*source.watched(forks, forks.lines->front()) == 7);
  const Seen seen(source);
  CHECK_FALSE(f.is_as_it_was(Seen()));
  CHECK(f.is_as_it_was(seen));
  f.host.say<hostmeter::Cpu>({{hostmeter::Cpu::idle, 1}}, kHost, f.host.name({"0"}));
  f.host.container(1, std::string(64, 'a'));
  f.host.tick(1);
  CHECK(f.is_as_it_was(seen));
  f.host.say<Stat>({{Stat::forks, 8}});
  f.host.tick(2);
  CHECK_FALSE(f.is_as_it_was(seen));
}

TEST_CASE("lines that came and identities that changed are seen") {
  Fixture f;
  Source cpus = f.host.source(), who = f.host.source();
  cpus.family("node_cpu_seconds_total");
  who.identities();
  const Seen saw_cpus(cpus), saw_identities(who);
  f.host.container(1, std::string(64, 'a'));
  f.host.tick(1);
  CHECK(f.is_as_it_was(saw_cpus));
  CHECK_FALSE(f.is_as_it_was(saw_identities));
  f.host.say<hostmeter::Cpu>({{hostmeter::Cpu::idle, 1}}, kHost, f.host.name({"0"}));
  f.host.tick(2);
  CHECK_FALSE(f.is_as_it_was(saw_cpus));
}
