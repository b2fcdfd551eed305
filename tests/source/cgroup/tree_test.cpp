#include "source/cgroup/tree.hpp"

#include <doctest/doctest.h>
#include <malloc.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "support/captured.hpp"
#include "support/made_up_host.hpp"
#include "support/real_cgroups.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

namespace {

const std::string kId(64, 'a');

constexpr const char* kV2 =
    "-- proc/1/mountinfo --\n"
    "1 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
    "-- sys/fs/cgroup/system.slice/ --";
constexpr const char* kHybrid =
    "-- proc/1/mountinfo --\n"
    "1 0 0:1 / /cg/memory rw - cgroup cgroup rw,memory\n"
    "2 0 0:2 / /cg/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
    "3 0 0:3 / /cg/unified rw - cgroup2 cgroup2 rw\n"
    "-- cg/memory/docker/ --\n-- cg/cpu/docker/ --\n-- cg/unified/ --";

// A made-up host whose tree is read tick after tick.
struct Followed {
  explicit Followed(std::string_view text, Options options = {})
      : made_up(text),
        hierarchies(Hierarchies::discover(made_up.host)),
        tree(made_up.host, hierarchies, options) {}
  void tick() {
    out.clear();
    tree.read({.number = ++number}, out);
  }
  void make(const std::string& path) const {
    std::filesystem::create_directories(made_up.tree.root() / path);
  }
  void remove(const std::string& path) const {
    std::filesystem::remove_all(made_up.tree.root() / path);
  }
  std::vector<std::string> born() const {
    std::vector<std::string> paths;
    for (const NewsItem& item : out.news)
      if (const auto* born = std::get_if<Born>(&item)) paths.push_back(born->path);
    return paths;
  }
  std::size_t gone() const {
    std::size_t count = 0;
    for (const NewsItem& item : out.news) count += std::holds_alternative<Gone>(item) ? 1U : 0U;
    return count;
  }
  const Cgroup* find(std::string_view path) const {
    for (const Cgroup* cgroup : tree.slots())
      if (cgroup && cgroup->path == path) return cgroup;
    return nullptr;
  }

  test::MadeUpHost made_up;
  Hierarchies hierarchies;
  Tree tree;
  test::Captured out;
  std::uint64_t number = 0;
};

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("what is there at the start is born, parents first") {
  Followed host(kV2);
  host.make("sys/fs/cgroup/system.slice/docker-" + kId + ".scope");
  host.tick();
  CHECK(host.born() == Paths{"/system.slice", "/system.slice/docker-" + kId + ".scope"});
  CHECK(host.out.value(CgroupTree::containers) == 1);
  CHECK(host.out.value(CgroupTree::slices) == 1);
  CHECK(host.out.value(CgroupTree::notified) == 1);
  const Cgroup* scope = host.find("/system.slice/docker-" + kId + ".scope");
  REQUIRE(scope);
  CHECK(scope->parent == host.find("/system.slice")->subject);
  CHECK(scope->identity.container_id == kId);
  CHECK(host.tree.by_kernfs_id(0, scope->kernfs_id[0]) == scope);
  CHECK(host.tree.slots()[0]->path == "/");
  host.tick();
  CHECK(host.out.news.empty());
}

TEST_CASE("cgroups come and go, and slots get new generations") {
  Followed host(kV2);
  host.tick();
  host.make("sys/fs/cgroup/docker/" + kId);
  host.tick();
  CHECK(host.born() == Paths{"/docker", "/docker/" + kId});
  const Subject first = host.find("/docker/" + kId)->subject;
  host.remove("sys/fs/cgroup/docker/" + kId);
  host.tick();
  CHECK(host.gone() == 1);
  CHECK(host.tree.gone()[0] == first);
  CHECK(host.tree.find(first) == nullptr);
  host.make("sys/fs/cgroup/docker/" + kId);
  host.tick();
  CHECK(host.find("/docker/" + kId)->subject != first);
  CHECK(host.tree.watches() == 4);
}

TEST_CASE("a directory removed and made again between two ticks is another cgroup") {
  Followed host(kV2);
  host.make("sys/fs/cgroup/docker/" + kId + "/inner");
  host.tick();
  const Subject first = host.find("/docker/" + kId)->subject;
  host.make("keep");  // holds the inode back, so that the new directory gets one of its own
  std::filesystem::rename(host.made_up.tree.root() / ("sys/fs/cgroup/docker/" + kId),
                          host.made_up.tree.root() / "keep/old");
  host.make("sys/fs/cgroup/docker/" + kId);
  host.tick();
  CHECK(host.gone() == 1);  // inner was never announced
  CHECK(host.born() == Paths{"/docker/" + kId});
  CHECK(host.find("/docker/" + kId)->subject != first);
  CHECK(host.find("/docker/" + kId + "/inner") == nullptr);
}

TEST_CASE("on a hybrid host a cgroup is one Subject in all its hierarchies") {
  Followed host(kHybrid);
  host.make("cg/memory/docker/" + kId);
  host.make("cg/cpu/docker/" + kId);
  host.make("cg/unified/only-here");
  host.tick();
  CHECK(host.tree.slots().size() == 5);  // the root, kOverflow's, which is never taken, and three
  const Cgroup* box = host.find("/docker/" + kId);
  REQUIRE(box);
  const Subject subject = box->subject;
  CHECK(box->kernfs_id[0] != 0);
  CHECK(box->kernfs_id[1] != 0);
  CHECK(box->kernfs_id[2] == 0);
  host.remove("cg/memory/docker/" + kId);
  host.tick();
  CHECK(host.gone() == 0);
  CHECK(host.tree.find(subject)->kernfs_id[0] == 0);
  host.remove("cg/cpu/docker/" + kId);
  host.tick();
  CHECK(host.gone() == 1);
}

TEST_CASE("a cgroup made again in one hierarchy only is a new one everywhere") {
  Followed host(kHybrid);
  host.make("cg/memory/docker/" + kId);
  host.make("cg/cpu/docker/" + kId);
  host.tick();
  const Subject first = host.find("/docker/" + kId)->subject;
  host.remove("cg/memory/docker/" + kId);
  host.tick();
  host.make("cg/memory/docker/" + kId);
  host.tick();
  const Cgroup* box = host.find("/docker/" + kId);
  REQUIRE(box);
  CHECK(box->subject != first);
  CHECK(box->kernfs_id[0] != 0);
  CHECK(box->kernfs_id[1] != 0);
}

TEST_CASE("what a container makes below itself is tracked, and served only when asked for") {
  const std::string inner = "/docker/" + kId + "/inner";
  Followed quiet(kV2);
  quiet.make("sys/fs/cgroup" + inner);
  quiet.tick();
  CHECK(quiet.born().size() == 3);
  REQUIRE(quiet.find(inner));
  CHECK_FALSE(quiet.tree.is_served(*quiet.find(inner)));
  CHECK(quiet.out.value(CgroupTree::nested) == 1);

  Options all;
  all.nested = true;
  Followed nested(kV2, all);
  nested.make("sys/fs/cgroup" + inner);
  nested.tick();
  CHECK(nested.born().size() == 4);
}

TEST_CASE("only containers, when no more is wanted") {
  Options options;
  options.scope = Show::containers;
  Followed host(kV2, options);
  host.make("sys/fs/cgroup/docker/" + kId);
  host.tick();
  CHECK(host.born() == Paths{"/docker/" + kId});
}

TEST_CASE("beyond the limit cgroups are counted, and come when there is room") {
  Options options;
  options.max_cgroups = 3;
  Followed host(kV2, options);
  for (const char* name : {"a", "b", "c", "d"}) host.make(std::string("sys/fs/cgroup/") + name);
  host.tick();
  CHECK(host.born().size() == 3);
  CHECK(host.out.value(CgroupTree::ignored) == 2);
  host.remove("sys/fs/cgroup/system.slice");
  host.remove("sys/fs/cgroup/a");
  for (unsigned i = 0; i < Tree::kRescanTicks; ++i) host.tick();
  CHECK(host.out.value(CgroupTree::ignored) == 0);
  CHECK(host.find("/b"));
  CHECK(host.find("/c"));
  CHECK(host.find("/d"));
}

TEST_CASE("runs of scripts are nobody's, however many there are; what has their sums is there") {
  Followed host(kV2, {.nested = true, .max_cgroups = 3});
  const std::string scripts = "system.slice/hostmeter.service/hostmeter-scripts";
  for (int run = 0; run < 20; ++run) {
    host.make("sys/fs/cgroup/" + scripts + "/run-" + std::to_string(run) + "/below");
    if (run > 1) host.remove("sys/fs/cgroup/" + scripts + "/run-" + std::to_string(run - 2));
    host.tick();
    CHECK(host.gone() == 0);
    CHECK(host.out.value(CgroupTree::ignored) == 0);  // they take nobody's place
    CHECK(host.born().size() == (run == 0 ? 3 : 0));
  }
  CHECK(host.find("/" + scripts));
  const auto listings = host.tree.listings();
  for (unsigned i = 0; i < 2 * Tree::kCheckTicks; ++i) host.tick();
  CHECK(host.tree.listings() == listings);  // nothing is looked for: all links are accounted for
}

TEST_CASE("churn in two places by turns costs one listing of each a tick") {
  Followed host(kV2);
  for (const char* parent : {"a", "b"})
    for (int i = 0; i < 200; ++i)
      host.make("sys/fs/cgroup/" + std::string(parent) + "/" + std::to_string(i));
  host.tick();
  for (int i = 0; i < 2'000; ++i)
    for (const char* parent : {"a", "b"}) {
      host.make("sys/fs/cgroup/" + std::string(parent) + "/new");
      host.remove("sys/fs/cgroup/" + std::string(parent) + "/new");
    }
  host.make("sys/fs/cgroup/a/last");
  const std::uint64_t before = host.tree.listings();
  host.tick();
  CHECK(host.tree.listings() - before <= 5);
  CHECK(host.born() == Paths{"/a/last"});
}

TEST_CASE("after dropped notifications the whole tree is read again, a part at every tick") {
  Followed host(kV2);
  for (int i = 0; i < 100; ++i) host.make("sys/fs/cgroup/a/" + std::to_string(i));
  host.tick();
  std::uint64_t most = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
  if (most == 0 || most > 50'000) return;
  for (std::uint64_t i = 0; i <= most / 4; ++i)
    for (const char* parent : {"a", "a/1"}) {
      host.make("sys/fs/cgroup/" + std::string(parent) + "/new");
      host.remove("sys/fs/cgroup/" + std::string(parent) + "/new");
    }
  host.make("sys/fs/cgroup/system.slice/unseen");
  const std::uint64_t before = host.tree.listings();
  host.tick();
  CHECK(host.out.value(CgroupTree::overflows) == 1);
  CHECK(host.tree.listings() - before < 20);
  for (unsigned i = 1; i < Tree::kRescanTicks; ++i) host.tick();
  CHECK(host.find("/system.slice/unseen"));
  CHECK(host.tree.listings() - before <= 120);
  const std::uint64_t quiet = host.tree.listings();
  for (unsigned i = 0; i < Tree::kRescanTicks; ++i) host.tick();
  CHECK(host.tree.listings() == quiet);
}

TEST_CASE("without watches for all the rest is read in turns, until there are some again") {
  Options options;
  options.max_watches = 12;
  Followed host(kV2, options);
  for (int i = 0; i < 30; ++i) host.make("sys/fs/cgroup/a/" + std::to_string(i));
  host.tick();
  CHECK(host.tree.watches() == 12);
  CHECK(host.out.value(CgroupTree::notified) == 0);
  for (int i = 0; i < 30; ++i) host.make("sys/fs/cgroup/a/" + std::to_string(i) + "/inner");
  std::size_t most = 0;
  for (unsigned i = 0; i < Tree::kRescanTicks; ++i) {
    const std::uint64_t before = host.tree.listings();
    host.tick();
    if (i > 0) most = std::max(most, std::size_t(host.tree.listings() - before));
  }
  for (int i = 0; i < 30; ++i) CHECK(host.find("/a/" + std::to_string(i) + "/inner"));
  CHECK(most <= 20);
  for (int i = 0; i < 30; ++i) host.remove("sys/fs/cgroup/a/" + std::to_string(i));
  for (unsigned i = 0; i < 3 * Tree::kRescanTicks; ++i) host.tick();
  CHECK(host.tree.is_notified());
  CHECK(host.tree.watches() == 3);
  host.make("sys/fs/cgroup/a/at-once");
  host.tick();
  CHECK(host.find("/a/at-once"));
}

TEST_CASE("real cgroups are followed through a churn that leaves nothing behind") {
  test::RealCgroups real;
  if (!real.usable()) return;
  Tree tree(real.host, real.hierarchies, {});
  test::Captured out;
  source::Tick tick;
  const auto step = [&] {
    out.clear();
    tree.read(tick, out);
    ++tick.number;
  };
  real.make("steady/" + kId);
  step();
  const Cgroup* steady = nullptr;
  for (const Cgroup* cgroup : tree.slots())
    if (cgroup && cgroup->path == real.path("steady/" + kId)) steady = cgroup;
  REQUIRE(steady);
  const Subject subject = steady->subject;
  for (std::size_t h = 0; h < real.hierarchies.all().size(); ++h) CHECK(steady->kernfs_id[h] != 0);

  const auto count_fds = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  const std::size_t watches = tree.watches();
  const auto fds = count_fds();
  std::size_t seen = 0;
  std::size_t memory = 0;
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 100; ++i) real.make("churn-" + std::to_string(i));
    if (round % 2 == 0) step();
    seen += tree.born().size();
    for (int i = 0; i < 100; ++i) real.remove("churn-" + std::to_string(i));
    step();
    if (round == 10) memory = ::mallinfo2().uordblks;
  }
  CHECK(seen >= 2'000);
  CHECK(tree.watches() == watches);
  CHECK(count_fds() == fds);
  CHECK(::mallinfo2().uordblks < memory + 100'000);
  CHECK(tree.find(subject) == steady);
  CHECK(out.value(CgroupTree::ignored) == 0);
}
