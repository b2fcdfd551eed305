#include "source/followed_files.hpp"

#include <doctest/doctest.h>
#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "support/tree.hpp"

using namespace hostmeter;
using source::FollowedFiles;
namespace fs = std::filesystem;

namespace {

struct Lab {
  explicit Lab(std::vector<std::string> patterns, std::string_view text = "-- run/ --\n",
               FollowedFiles::Limits limits = {},
               FollowedFiles::Modes modes = FollowedFiles::Modes::are_ignored)
      : tree(text),
        root(std::move(*base::Dir::open(tree.root().c_str()))),
        files(root, std::move(patterns), limits, modes) {}

  static std::vector<std::string> lines(const std::vector<FollowedFiles::Event>& events) {
    std::vector<std::string> all;
    for (const auto& event : events)
      all.push_back((event.change == FollowedFiles::Change::here ? "+" : "-") + event.path);
    return all;
  }
  std::vector<std::string> changes() { return lines(files.changes()); }
  std::vector<std::string> look_again() { return lines(files.look_again()); }
  bool is_told() const {
    pollfd wait{files.fd(), POLLIN, 0};
    return ::poll(&wait, 1, 0) == 1;
  }
  void make(const std::string& path, std::string_view text = "text") const {
    fs::create_directories((tree.root() / path).parent_path());
    tree.write(path, text);
  }
  void remove(const char* path) const { fs::remove_all(tree.root() / path); }
  void rename(const char* from, const char* to) const {
    fs::rename(tree.root() / from, tree.root() / to);
  }

  test::Tree tree;
  base::Dir root;
  FollowedFiles files;
};

using Lines = std::vector<std::string>;
constexpr const char* kBundles = "run/state/*/*/config.json";

}  // namespace

TEST_CASE("what is there at first is told once") {
  Lab lab({kBundles},
          "-- run/state/ns/a/config.json --\n-- run/state/ns/b/other --\n"
          "-- run/state/file --\n-- run/state/ns2/c/config.json --\n");
  CHECK(lab.changes() == Lines{"+run/state/ns/a/config.json", "+run/state/ns2/c/config.json"});
  CHECK(lab.changes().empty());
  CHECK(lab.look_again().empty());
}

TEST_CASE("directories that come later are found, whatever is missing of the path") {
  Lab lab({kBundles}, "-- other/ --\n");
  CHECK(lab.changes().empty());
  CHECK_FALSE(lab.files.has_base(0));
  fs::create_directory(lab.tree.root() / "run");
  CHECK(lab.changes().empty());
  fs::create_directory(lab.tree.root() / "run/state");
  CHECK(lab.changes().empty());
  CHECK(lab.files.has_base(0));
  lab.make("run/state/ns/a/config.json");  // directories and file at once
  CHECK(lab.changes() == Lines{"+run/state/ns/a/config.json"});
  fs::create_directory(lab.tree.root() / "run/state/ns/b");
  CHECK(lab.changes().empty());
  lab.make("run/state/ns/b/config.json");
  CHECK(lab.changes() == Lines{"+run/state/ns/b/config.json"});
}

TEST_CASE("a file is told when it is closed, not when it is made") {
  Lab lab({kBundles}, "-- run/state/ns/a/ --\n");
  lab.changes();
  std::ofstream file(lab.tree.root() / "run/state/ns/a/config.json");
  file << "{" << std::flush;
  CHECK(lab.changes().empty());
  file << "}" << std::flush;
  file.close();
  CHECK(lab.changes() == Lines{"+run/state/ns/a/config.json"});
  lab.make("run/state/ns/a/config.json", "written again");
  CHECK(lab.changes() == Lines{"+run/state/ns/a/config.json"});
  lab.make("run/state/ns/a/.tmp", "put in its place");
  lab.rename("run/state/ns/a/.tmp", "run/state/ns/a/config.json");
  CHECK(lab.changes() == Lines{"+run/state/ns/a/config.json"});
}

TEST_CASE("what goes is told, at whatever height it went") {
  Lab lab({kBundles},
          "-- run/state/ns/a/config.json --\n-- run/state/ns/b/config.json --\n"
          "-- run/state/ns2/c/config.json --\n");
  lab.changes();
  lab.remove("run/state/ns/a/config.json");
  CHECK(lab.changes() == Lines{"-run/state/ns/a/config.json"});
  lab.remove("run/state/ns/b");
  CHECK(lab.changes() == Lines{"-run/state/ns/b/config.json"});
  lab.remove("run");
  CHECK(lab.changes() == Lines{"-run/state/ns2/c/config.json"});
  CHECK_FALSE(lab.files.has_base(0));
  lab.make("run/state/ns2/c/config.json");
  CHECK(lab.changes() == Lines{"+run/state/ns2/c/config.json"});
  lab.rename("run/state", "run/away");
  CHECK(lab.changes() == Lines{"-run/state/ns2/c/config.json"});
  lab.rename("run/away", "run/state");
  CHECK(lab.changes() == Lines{"+run/state/ns2/c/config.json"});
}

TEST_CASE("what went and came again before we looked is another") {
  Lab lab({kBundles}, "-- run/state/ns/a/config.json --\n");
  lab.changes();
  lab.remove("run/state/ns/a");
  lab.make("run/state/ns/a/config.json");
  const Lines told = lab.changes();  // perhaps twice: of the file, and of its directory
  REQUIRE(told.size() >= 2);
  CHECK(told.front() == "-run/state/ns/a/config.json");
  CHECK(told.back() == "+run/state/ns/a/config.json");
  lab.remove("run/state/ns/a/config.json");
  CHECK(lab.changes() == Lines{"-run/state/ns/a/config.json"});  // it is the new one's
}

TEST_CASE("a settled file's directory takes no watch, and its going is told") {
  Lab lab({kBundles, "run/storage/*/userdata/config.json"},
          "-- run/state/ns/a/config.json --\n-- run/storage/x/userdata/config.json --\n");
  lab.changes();
  const std::size_t before = lab.files.watches();
  lab.files.settle(0, "run/state/ns/a/config.json");
  lab.files.settle(1, "run/storage/x/userdata/config.json");
  CHECK(lab.files.watches() == before - 2);
  CHECK(lab.look_again().empty());
  CHECK(lab.files.watches() == before - 2);
  lab.make("run/state/ns/a/noise");
  lab.make("run/state/ns/a/config.json", "nobody does that");
  CHECK_FALSE(lab.is_told());
  lab.remove("run/state/ns/a");
  lab.remove("run/storage/x");
  CHECK(lab.changes() ==
        Lines{"-run/state/ns/a/config.json", "-run/storage/x/userdata/config.json"});
  lab.make("run/state/ns/a/config.json");
  CHECK(lab.changes() == Lines{"+run/state/ns/a/config.json"});
}

TEST_CASE("links and directories may fit, too, and only what fits is told") {
  Lab lab({"log/pods/*", "log/containers/*.log"}, "-- log/pods/ --\n-- log/containers/ --\n");
  lab.changes();
  fs::create_directory(lab.tree.root() / "log/pods/shop_web_uid");
  fs::create_symlink("/gone/0.log", lab.tree.root() / "log/containers/a.log");
  lab.make("log/containers/noise.txt");
  CHECK(lab.changes() == Lines{"+log/pods/shop_web_uid", "+log/containers/a.log"});
  lab.make("log/pods/shop_web_uid/app/0.log");
  CHECK(lab.look_again().empty());
  lab.remove("log/pods/shop_web_uid");
  lab.remove("log/containers/a.log");
  CHECK(lab.changes() == Lines{"-log/pods/shop_web_uid", "-log/containers/a.log"});
}

TEST_CASE("a link on the way means what it means below the root") {
  Lab lab({"var/lib/docker/*/config"}, "-- data/docker/a/config --\n-- var/lib/ --\n");
  fs::create_symlink("/data/docker", lab.tree.root() / "var/lib/docker");
  CHECK(lab.changes() == Lines{"+var/lib/docker/a/config"});
  lab.make("data/docker/b/config");
  CHECK(lab.changes() == Lines{"+var/lib/docker/b/config"});
}

TEST_CASE("two patterns may share a directory") {
  Lab lab({"run/*/one", "run/*/two"}, "-- run/a/one --\n-- run/a/two --\n");
  CHECK(lab.changes() == Lines{"+run/a/one", "+run/a/two"});
  lab.files.settle(0, "run/a/one");
  lab.make("run/a/two", "again");
  CHECK(lab.changes() == Lines{"+run/a/two"});
}

TEST_CASE("without watches enough, looking again finds everything") {
  Lab lab({kBundles}, "-- run/state/ns/a/config.json --\n", {.watches = 1, .entries = 100});
  CHECK(lab.changes() == Lines{"+run/state/ns/a/config.json"});
  CHECK(lab.files.is_short_of_watches());
  CHECK(lab.files.watches() == 1);
  lab.make("run/state/ns/b/config.json");
  lab.make("run/state/ns/a/config.json", "written again");
  CHECK(lab.changes().empty());
  CHECK(lab.look_again() == Lines{"+run/state/ns/a/config.json", "+run/state/ns/b/config.json"});
  lab.remove("run/state/ns/a");
  CHECK(lab.look_again() == Lines{"-run/state/ns/a/config.json"});
}

TEST_CASE("entries are bounded, and what was left out is counted") {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "-- run/d" + std::to_string(i) + "/file --\n";
  Lab lab({"run/*/file"}, text, {.watches = 100, .entries = 11});
  CHECK(lab.changes().size() == 5);
  CHECK(lab.files.left_out() == 15);
  CHECK(lab.look_again().empty());
  CHECK(lab.files.left_out() == 15);
  for (int i = 0; i < 20; ++i) lab.remove(("run/d" + std::to_string(i)).c_str());
  CHECK(lab.changes().size() == 5);
  lab.make("run/new/file");
  CHECK(lab.changes() == Lines{"+run/new/file"});
}

TEST_CASE("a storm of more than the kernel keeps is not lost") {
  Lab lab({"run/*"}, "-- run/ --\n");
  lab.changes();
  for (int i = 0; i < 20'000; ++i) {  // the queue holds 16,384
    const fs::path path = lab.tree.root() / ("run/" + std::to_string(i % 100));
    std::ofstream(path) << i;
    if (i < 19'950) fs::remove(path);
  }
  std::vector<FollowedFiles::Event> events;
  for (int i = 0; i < 100 && lab.is_told(); ++i)
    for (auto& event : lab.files.changes()) events.push_back(std::move(event));
  std::map<std::string, int> present;
  for (const auto& event : events)
    present[event.path] += event.change == FollowedFiles::Change::here ? 1 : -1;
  int here = 0;
  for (const auto& [path, count] : present) here += count > 0 ? 1 : 0;
  CHECK(here == 50);
}

TEST_CASE("nothing is told while nothing that fits changes") {
  Lab lab({kBundles}, "-- run/state/ns/a/config.json --\n");
  lab.changes();
  lab.make("elsewhere");
  lab.make("run/other/file");
  std::ifstream(lab.tree.root() / "run/state/ns/a/config.json").get();
  CHECK_FALSE(lab.is_told());
}

TEST_CASE("a pattern that pauses costs nothing, and tells all when it goes on") {
  Lab lab({kBundles, "run/socket"}, "-- run/state/ns/a/config.json --\n");
  lab.files.pause(0);
  CHECK(lab.changes().empty());
  lab.make("run/state/ns/b/config.json");
  lab.make("run/socket");
  CHECK(lab.changes() == Lines{"+run/socket"});
  CHECK(Lab::lines(lab.files.resume(0)) ==
        Lines{"+run/state/ns/a/config.json", "+run/state/ns/b/config.json"});
  CHECK(lab.files.resume(0).empty());
  const std::size_t before = lab.files.watches();
  lab.remove("run/state/ns/a");
  lab.files.pause(0);
  CHECK(lab.files.watches() < before);
  CHECK(lab.changes().empty());
  CHECK(lab.look_again().empty());
}

TEST_CASE("another mode is a change to whom it matters") {
  for (const auto modes : {FollowedFiles::Modes::are_ignored, FollowedFiles::Modes::are_told}) {
    const bool is_told = modes == FollowedFiles::Modes::are_told;
    Lab lab({"etc/scripts.d/*.s[h]"}, "-- etc/scripts.d/a.sh --\n", {}, modes);
    CHECK(lab.changes() == Lines{"+etc/scripts.d/a.sh"});
    fs::permissions(lab.tree.root() / "etc/scripts.d/a.sh", fs::perms::owner_all);
    CHECK(lab.changes() == (is_told ? Lines{"+etc/scripts.d/a.sh"} : Lines{}));
    CHECK(lab.look_again().empty());
  }
}
