#include "source/script/textfiles.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>

#include "hostmeter/flow/facts/textfile.hpp"
#include "support/captured.hpp"
#include "support/fake_clock.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using source::script::TextfileDirectories;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

struct Lab {
  explicit Lab(std::string_view text = "-- text/a.prom --\na 1\n",
               TextfileDirectories::Options options = {.directories = {"/text"}})
      : tree(text),
        root(std::move(*base::Dir::open(tree.root().c_str()))),
        files(root, clock, InstanceIds(9), std::move(options)) {}

  // What is printed, as "FILE: name{labels} value", "FILE: nothing".
  std::vector<std::string> read() {
    out.clear();
    files.read(out);
    std::vector<std::string> lines;
    for (const NewsItem& item : out.news) {
      const auto* printed = std::get_if<Printed>(&item);
      if (!printed) continue;
      if (printed->families.empty()) lines.push_back(printed->by + ": nothing");
      for (const MetricFamily& family : printed->families)
        for (const MetricFamily::Series& series : family.series)
          lines.push_back(printed->by + ": " + series.name + "{" + series.labels + "} " +
                          std::to_string(int(series.value)));
    }
    return lines;
  }
  std::uint64_t any_error() const { return out.value(Textfiles::error).value_or(99); }
  // Of the only file, or of the one told of last.
  template <class Field>
  std::optional<std::uint64_t> fact(Field field) const {
    Instance last = 0;
    for (const Record& record : out.records)
      if (record.group == Group::textfile) last = record.instance;
    return out.value(field, kHost, last);
  }
  // As of a writer that makes a whole file and renames it.
  void put(const std::string& path, const std::string& text) const {
    tree.write(path + ".new", text);
    fs::rename(tree.root() / (path + ".new"), tree.root() / path);
  }

  test::Tree tree;
  test::FakeClock clock;
  base::Dir root;
  TextfileDirectories files;
  test::Captured out;
};
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("files of a directory are read when they change, and only *.prom") {
  Lab lab(
      "-- text/a.prom --\n# TYPE a gauge\na{x=\"1\"} 1\n-- text/b.prom --\nb 2\n"
      "-- text/c.txt --\nc 3\n-- text/.d.prom --\nd 4\n");
  CHECK(lab.read() == Lines{"textfile:/text/a.prom: a{x=\"1\"} 1", "textfile:/text/b.prom: b{} 2"});
  CHECK(lab.any_error() == 0);
  CHECK(lab.fact(Textfile::series) == 1);
  struct stat is {};
  REQUIRE(::stat((lab.tree.root() / "text/b.prom").c_str(), &is) == 0);
  CHECK(lab.fact(Textfile::mtime_ns) ==
        std::uint64_t(is.st_mtim.tv_sec) * kSecond + std::uint64_t(is.st_mtim.tv_nsec));
  CHECK(lab.read().empty());
  lab.put("text/b.prom", "b 5\n");
  CHECK(lab.read() == Lines{"textfile:/text/b.prom: b{} 5"});
  fs::remove(lab.tree.root() / "text/b.prom");
  CHECK(lab.read() == Lines{"textfile:/text/b.prom: nothing"});
  CHECK(lab.files.take_complaints().empty());
}

TEST_CASE("a bad line costs itself and is named once") {
  Lab lab("-- text/a.prom --\na 1\nb{ 2\nc 3\nd\n");
  CHECK(lab.read() == Lines{"textfile:/text/a.prom: a{} 1", "textfile:/text/a.prom: c{} 3"});
  CHECK(lab.any_error() == 1);
  CHECK(lab.fact(Textfile::error) == 1);
  CHECK(lab.fact(Textfile::bad_lines) == 2);
  CHECK(
      lab.files.take_complaints() ==
      Lines{
          "the text file /text/a.prom: line 2: this is no name of a label, and 1 more bad lines"});
  lab.read();
  CHECK(lab.any_error() == 1);
  CHECK(lab.files.take_complaints().empty());
  lab.put("text/a.prom", "a 1\n");
  lab.read();
  CHECK(lab.any_error() == 0);
}

TEST_CASE("a bad file costs itself") {
  Lab lab("-- text/a.prom --\na 1\n-- text/big.prom --\n" + std::string(2'000, '#') +
              "\n-- text/dir.prom/x --\n",
          {.directories = {"/text"}, .most_bytes = 1'000});
  REQUIRE(::mkfifo((lab.tree.root() / "text/pipe.prom").c_str(), 0600) == 0);
  CHECK(lab.read() == Lines{"textfile:/text/a.prom: a{} 1"});
  CHECK(lab.any_error() == 1);
  CHECK(lab.files.take_complaints() ==
        Lines{"the text file /text/big.prom: it is too large",
              "the text file /text/dir.prom: it is no regular file",
              "the text file /text/pipe.prom: it is no regular file"});
  lab.read();
  CHECK(lab.any_error() == 1);
  CHECK(lab.files.take_complaints().empty());
}

TEST_CASE("what was good once and is bad now is not shown any more") {
  Lab lab("-- text/a.prom --\na 1\n", {.directories = {"/text"}, .most_bytes = 1'000});
  lab.read();
  lab.put("text/a.prom", std::string(2'000, '#') + "\n");
  CHECK(lab.read() == Lines{"textfile:/text/a.prom: nothing"});
  CHECK_FALSE(lab.fact(Textfile::mtime_ns));
  CHECK(lab.fact(Textfile::series) == 0);
}

TEST_CASE("a file that is too old is not shown until it is written again") {
  Lab lab("-- text/a.prom --\na 1\n", {.directories = {"/text"}, .most_age_ns = 3'600 * kSecond});
  struct stat is {};
  REQUIRE(::stat((lab.tree.root() / "text/a.prom").c_str(), &is) == 0);
  lab.clock.realtime = std::uint64_t(is.st_mtim.tv_sec) * kSecond + 10 * kSecond;
  CHECK(lab.read() == Lines{"textfile:/text/a.prom: a{} 1"});
  lab.clock.realtime += 3'600 * kSecond;
  CHECK(lab.read() == Lines{"textfile:/text/a.prom: nothing"});
  CHECK(lab.any_error() == 1);
  CHECK(lab.files.take_complaints() ==
        Lines{"the text file /text/a.prom: it is older than it may be"});
  lab.clock.realtime -= 3'600 * kSecond;
  CHECK(lab.read() == Lines{"textfile:/text/a.prom: a{} 1"});
}

TEST_CASE("directories come and go, and links mean what they mean below the root") {
  Lab lab("-- elsewhere/a.prom --\na 1\n",
          {.directories = {"/link", "/missing", "/elsewhere/a.prom"}});
  fs::create_symlink("/elsewhere", lab.tree.root() / "link");
  CHECK(lab.read() == Lines{"textfile:/link/a.prom: a{} 1"});
  CHECK(lab.any_error() == 1);
  CHECK(lab.files.take_complaints() ==
        Lines{"the directory of text files /elsewhere/a.prom cannot be read: Not a directory"});
  fs::remove(lab.tree.root() / "link");
  CHECK(lab.read() == Lines{"textfile:/link/a.prom: nothing"});
}

TEST_CASE("a link that leads out of its directory costs itself") {
  Lab lab("-- text/a.prom --\na 1\n-- elsewhere/b.prom --\nb 1\n");
  fs::create_symlink("a.prom", lab.tree.root() / "text/in.prom");
  fs::create_symlink("../elsewhere/b.prom", lab.tree.root() / "text/out.prom");
  CHECK(lab.read() == Lines{"textfile:/text/a.prom: a{} 1", "textfile:/text/in.prom: a{} 1"});
  CHECK(lab.files.take_complaints() ==
        Lines{"the text file /text/out.prom: it leads out of its directory"});
}

TEST_CASE("there are no more files and series than may be") {
  Lab lab("-- text/a.prom --\na 1\nb 1\nc 1\n-- text/b.prom --\nb 1\n-- text/c.prom --\nc 1\n",
          {.directories = {"/text"}, .most_series = 2, .most_files = 2});
  CHECK(lab.read() == Lines{"textfile:/text/a.prom: a{} 1", "textfile:/text/a.prom: b{} 1",
                            "textfile:/text/b.prom: b{} 1"});
  CHECK(lab.any_error() == 1);
  CHECK(lab.files.take_complaints() ==
        Lines{"the text file /text/a.prom: line 3: too many series: this one and all that follow",
              "of the text files 1 are left out: there are more than 2"});
}
