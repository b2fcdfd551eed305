#include "source/script/script_files.hpp"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "source/script/host_paths.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::source::script;
namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

struct Lab {
  // run: relative to the tree.
  explicit Lab(std::vector<Plan> of, std::string_view text = "-- s.d/ --\n")
      : tree(text), plans(std::move(of)) {
    for (Plan& plan : plans)
      for (std::string& path : plan.run) path = at(path);
    files.emplace(root, plans);
  }
  explicit Lab(std::string_view text = "-- s.d/ --\n") : Lab({one("s.d/*")}, text) {}

  static Plan one(std::string run, std::string name = {}) {
    Plan plan;
    plan.name = std::move(name);
    plan.run = {std::move(run)};
    return plan;
  }
  std::string at(const std::string& path) const { return (tree.root() / path).string(); }
  void put(const std::string& path, mode_t mode = 0755, const std::string& text = "#!/bin/sh\n") {
    tree.write(path, text);
    REQUIRE(::chmod(at(path).c_str(), mode) == 0);
  }
  static Lines lines(const std::vector<ScriptFiles::Change>& changes) {
    Lines all;
    for (const auto& change : changes) all.push_back("+~-"[unsigned(change.kind)] + change.name);
    return all;
  }
  Lines changes() { return lines(files->changes()); }
  Lines said() {
    Lines all;
    for (source::Remark& remark : files->take_remarks()) {
      std::string& what = remark.what;
      const std::string top = tree.root().string() + "/";
      for (auto from = what.find(top); from != std::string::npos; from = what.find(top))
        what.erase(from, top.size());
      all.push_back((remark.is_trouble ? "! " : "") + what);
    }
    return all;
  }

  test::Tree tree;
  base::Dir root{std::move(*base::Dir::open(paths::kRoot))};
  std::vector<Plan> plans;
  std::optional<ScriptFiles> files;
};

}  // namespace

TEST_CASE("executables are scripts, called as their files without suffix") {
  Lab lab;
  lab.put("s.d/disk.sh");
  lab.put("s.d/raid");
  lab.put("s.d/notes.txt", 0644);
  for (const char* name : {"disk.sh~", ".#disk.sh", ".hidden", "#disk.sh#", "raid.dpkg-old",
                           "raid.rpmsave", "raid.bak", ".raid.swp"})
    lab.put("s.d/" + std::string(name));
  fs::create_directory(lab.at("s.d/directory"));
  CHECK(lab.changes() == Lines{"+disk", "+raid"});
  CHECK(lab.files->all().at("disk").path == lab.at("s.d/disk.sh"));
  CHECK(lab.said().empty());
  CHECK(lab.changes().empty());
}

TEST_CASE("they come, change and go while one looks") {
  Lab lab("-- other/ --\n");
  CHECK(lab.changes().empty());
  fs::create_directory(lab.at("s.d"));
  CHECK(lab.changes().empty());
  lab.put("s.d/disk.sh", 0644);
  CHECK(lab.changes().empty());
  REQUIRE(::chmod(lab.at("s.d/disk.sh").c_str(), 0755) == 0);
  pollfd wait{lab.files->fd(), POLLIN, 0};
  CHECK(::poll(&wait, 1, 0) == 1);
  CHECK(lab.changes() == Lines{"+disk"});
  lab.put("s.d/disk.sh", 0755, "#!/bin/sh\necho\n");
  CHECK(lab.changes() == Lines{"~disk"});
  lab.put("s.d/.new", 0755, "#!/bin/sh\nprintf\n");
  fs::rename(lab.at("s.d/.new"), lab.at("s.d/disk.sh"));
  CHECK(lab.changes() == Lines{"~disk"});
  fs::rename(lab.at("s.d/disk.sh"), lab.at("s.d/disks.sh"));
  CHECK(lab.changes() == Lines{"-disk", "+disks"});
  REQUIRE(::chmod(lab.at("s.d/disks.sh").c_str(), 0644) == 0);
  CHECK(lab.changes() == Lines{"-disks"});
  fs::remove_all(lab.at("s.d"));
  CHECK(lab.changes().empty());
}

TEST_CASE("a file that others can change is refused, and it is said once") {
  Lab lab;
  lab.put("s.d/disk.sh", 0757);
  CHECK(lab.changes() == Lines{"+disk"});
  REQUIRE(lab.files->all().at("disk").refusal);
  CHECK(lab.said() == Lines{"! the script disk is not run: others can write to it: see to it that "
                            "only root can change s.d/disk.sh"});
  lab.put("s.d/disk.sh", 0757, "#!/bin/sh\necho\n");
  CHECK(lab.changes() == Lines{"~disk"});
  CHECK(lab.said().empty());
  REQUIRE(::chmod(lab.at("s.d/disk.sh").c_str(), 0755) == 0);
  CHECK(lab.changes() == Lines{"~disk"});
  CHECK(lab.said() == Lines{"the script disk may be run again: s.d/disk.sh"});
  if (::geteuid() != 0) return;
  REQUIRE(::chown(lab.at("s.d/disk.sh").c_str(), 12345, 0) == 0);
  CHECK(lab.changes() == Lines{"~disk"});
  CHECK(lab.said().size() == 1);
}

TEST_CASE("of two files of one name the second is refused, until the first goes") {
  Lab lab;
  lab.put("s.d/disk.py");
  lab.put("s.d/disk.sh");
  CHECK(lab.changes() == Lines{"+disk"});
  CHECK(lab.files->ambiguous() == 1);
  CHECK(lab.said() ==
        Lines{"! the script s.d/disk.sh is not run: the script s.d/disk.py is called disk, too"});
  lab.put("s.d/raid.sh");
  CHECK(lab.changes() == Lines{"+raid"});
  CHECK(lab.said().empty());
  fs::remove(lab.at("s.d/disk.py"));
  CHECK(lab.changes() == Lines{"~disk"});
  CHECK(lab.files->all().at("disk").path == lab.at("s.d/disk.sh"));
  CHECK(lab.files->ambiguous() == 0);
}

TEST_CASE("the first plan that a file fits has it, with its name") {
  Lab lab({Lab::one("s.d/disk.sh", "disks"), Lab::one("s.d/*")});
  lab.put("s.d/disk.sh");
  lab.put("s.d/raid.sh");
  CHECK(lab.changes() == Lines{"+disks", "+raid"});
  CHECK(lab.files->all().at("disks").plan == 0);
  CHECK(lab.files->all().at("raid").plan == 1);
}

TEST_CASE("a file is a script of each plan that names it, and then of no other") {
  Lab lab({Lab::one("s.d/*"), Lab::one("s.d/disk.sh", "root"), Lab::one("s.d/disk.sh", "home"),
           Lab::one("s.d/*.sh")});
  lab.put("s.d/disk.sh");
  CHECK(lab.changes() == Lines{"+home", "+root"});
  CHECK(lab.files->all().at("root").plan == 1);
  CHECK(lab.files->all().at("home").plan == 2);
  CHECK(lab.files->ambiguous() == 0);
  CHECK(lab.said().empty());
  lab.put("s.d/disk.sh", 0755, "#!/bin/sh\necho\n");
  CHECK(lab.files->look_at("home")->kind == ScriptFiles::Change::Kind::edited);
  CHECK(lab.files->all().at("home").plan == 2);
  fs::remove(lab.at("s.d/disk.sh"));
  CHECK(lab.changes() == Lines{"-home", "-root"});
}

TEST_CASE("a file that is named has to be there, and may be called as it likes") {
  Lab lab({Lab::one("s.d/.disk~", "disk")});
  CHECK(lab.changes().empty());
  CHECK(lab.said() ==
        Lines{"! the script s.d/.disk~ is not run: it is not there, or not executable"});
  lab.put("s.d/.disk~");
  CHECK(lab.changes() == Lines{"+disk"});
  CHECK(lab.said().empty());
  fs::remove(lab.at("s.d/.disk~"));
  CHECK(lab.changes() == Lines{"-disk"});
  CHECK(lab.said().size() == 1);
}

TEST_CASE("who writes in place and sets the time back has changed it all the same") {
  Lab lab("-- s.d/ --\n-- lib/ --\n");
  lab.put("lib/disk", 0755, "#!/bin/sh\necho a 1\n");
  fs::create_symlink(lab.at("lib/disk"), lab.at("s.d/disk"));
  lab.changes();
  const auto time = fs::last_write_time(lab.at("lib/disk"));
  ::usleep(20'000);  // more than a tick of the clock of files
  lab.put("lib/disk", 0755, "#!/bin/sh\necho a 2\n");
  fs::last_write_time(lab.at("lib/disk"), time);
  CHECK(lab.files->look_at("disk"));
}

TEST_CASE("a link's target is looked at before it is run") {
  Lab lab("-- s.d/ --\n-- lib/ --\n");
  lab.put("lib/disk");
  fs::create_symlink(lab.at("lib/disk"), lab.at("s.d/disk"));
  CHECK(lab.changes() == Lines{"+disk"});
  CHECK_FALSE(lab.files->look_at("disk"));
  lab.put("lib/disk", 0755, "#!/bin/sh\necho\n");
  CHECK(lab.changes().empty());
  REQUIRE(lab.files->look_at("disk"));
  CHECK_FALSE(lab.files->look_at("disk"));
  REQUIRE(::chmod(lab.at("lib/disk").c_str(), 0757) == 0);
  CHECK(lab.files->look_at("disk")->kind == ScriptFiles::Change::Kind::edited);
  CHECK(lab.files->all().at("disk").refusal);
  fs::remove(lab.at("lib/disk"));
  CHECK(lab.files->look_at("disk")->kind == ScriptFiles::Change::Kind::gone);
  CHECK(lab.files->all().empty());
  lab.put("lib/disk");
  CHECK(lab.changes().empty());
  CHECK(Lab::lines(lab.files->look_again()) == Lines{"+disk"});
}

TEST_CASE("a name that is no text is refused") {
  Lab lab;
  lab.put("s.d/\xff");
  CHECK(lab.changes().empty());
  CHECK(lab.files->ambiguous() == 1);
  CHECK(lab.said().size() == 1);
}

TEST_CASE("there are no more scripts than may be") {
  Lab lab;
  for (std::size_t i = 0; i < ScriptFiles::kMostScripts + 5; ++i)
    lab.put("s.d/script" + std::to_string(i));
  CHECK(lab.changes().size() == ScriptFiles::kMostScripts);
  CHECK(lab.files->left_out() == 5);
}
