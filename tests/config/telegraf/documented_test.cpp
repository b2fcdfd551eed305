// docs/telegraf.md says what is not done as a telegraf.conf says: check has to say the same.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "loaded.hpp"

using namespace hostmeter;

namespace {

std::string document() {
  std::ifstream file(std::string(SOURCE_ROOT) + "/docs/telegraf.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from);
  REQUIRE_MESSAGE(begin != std::string::npos, from);
  return text.substr(begin, text.find(to, begin + from.size()) - begin);
}

using Row = std::vector<std::string>;

// Cells of a table's rows, without its head.
std::vector<Row> rows_of(const std::string& section) {
  std::vector<Row> rows;
  std::istringstream lines(section);
  std::size_t seen = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ") && !line.starts_with("|-")) continue;
    if (++seen <= 2) continue;
    Row row;
    std::istringstream cells(line.substr(1));
    for (std::string cell; std::getline(cells, cell, '|');) {
      const std::size_t begin = cell.find_first_not_of(' ');
      row.push_back(begin == std::string::npos
                        ? ""
                        : cell.substr(begin, cell.find_last_not_of(' ') - begin + 1));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// What stands in backticks.
std::vector<std::string> words_of(const std::string& cell) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = cell.find('`', at)) != std::string::npos;) {
    const std::size_t end = cell.find('`', at + 1);
    words.push_back(cell.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return words;
}

struct Case {
  std::string conf;
  std::vector<std::string> said;  // beginnings of all lines, in their order
};

void check_said(const Case& one) {
  CAPTURE(one.conf);
  const auto all = test::said(test::load(one.conf));
  std::string lines;
  for (const std::string& each : all) lines += "\n  " + each;
  INFO("said:" << lines);
  REQUIRE(all.size() == one.said.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i]);
    CHECK(all[i].starts_with(one.said[i]));
  }
}

}  // namespace

TEST_CASE("what is missing of an input is said of a configuration that asks for it") {
  // Nothing said: figures that mean something else, whatever a file says.
  const std::map<std::string, Case> cases{
      {"cpu",
       {"[[inputs.cpu]]\npercpu = true\ntotalcpu = true\ncollect_cpu_time = true\n"
        "report_active = true\n",
        {}}},
      {"disk",
       {"[[inputs.disk]]\nignore_mount_opts = [\"nosuid\", \"rw\"]\n",
        {"2 differs inputs.disk.ignore_mount_opts: \"nosuid\""}}},
      {"diskio",
       {"[[inputs.diskio]]\ndevice_tags = [\"ID_FS_TYPE\"]\nname_templates = [\"x\"]\n",
        {"2 differs inputs.diskio.device_tags", "3 differs inputs.diskio.name_templates"}}},
      {"conntrack", {"[[inputs.conntrack]]\ncollect = [\"all\", \"percpu\"]\n", {}}},
      {"netstat", {"[[inputs.netstat]]\n", {}}},
      {"processes", {"[[inputs.processes]]\n", {}}},
      {"interrupts", {"[[inputs.interrupts]]\ncpu_as_tag = true\n", {}}},
      {"internal",
       {"[[inputs.internal]]\ncollect_gostats = true\n",
        {"1 LOST inputs.internal: nothing is buffered or sent",
         "1 LOST inputs.internal.collect_memstats", "2 LOST inputs.internal.collect_gostats"}}},
  };
  std::size_t found = 0;
  for (const Row& row : rows_of(between(document(), "### Other inputs", "\n## "))) {
    REQUIRE(row.size() >= 3);
    for (const std::string& input : words_of(row[0])) {
      CAPTURE(input);
      const auto known = cases.find(input);
      const bool is_missing = !row[2].empty();
      if (!is_missing) check_said({"[[inputs." + input + "]]\n", {}});
      if (known == cases.end()) {
        CHECK_FALSE(is_missing);
        continue;
      }
      ++found;
      check_said(known->second);
    }
  }
  CHECK(found == cases.size());
}

TEST_CASE("every option that is said to be taken is known") {
  const std::set<std::string> values{"false", "psi",    "ksm",   "os",         "dmi",
                                     "json",  "nagios", "value", "prometheus", "influx"};
  // A date is no option's type, so one that is known says so.
  const auto is_known = [](const std::string& table, const std::string& option) {
    const auto all = test::said(test::load(table + "\n" + option + " = 1979-05-27\n"));
    return std::none_of(all.begin(), all.end(), [](const std::string& each) {
      return each.find("is unknown, and to Telegraf a reason") != std::string::npos;
    });
  };
  CHECK_FALSE(is_known("[[inputs.cpu]]", "nosuch"));
  std::size_t tried = 0;
  for (const Row& row : rows_of(between(document(), "### What is taken", "\nDefaults are"))) {
    REQUIRE(row.size() >= 2);
    auto tables = words_of(row[0]);
    if (row[0] == "every input") tables = {"inputs.cpu"};
    for (const std::string& name : tables) {
      if (name == "[global_tags]") continue;  // all of it are names of tags
      const std::string table =
          name.starts_with('[') ? name
                                : (name.find('.') == std::string::npos ? "[[inputs." + name + "]]"
                                                                       : "[[" + name + "]]");
      for (const std::string& option : words_of(row[1])) {
        const bool is_word =
            option.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
        if (!is_word || values.contains(option)) continue;
        CAPTURE(table);
        CAPTURE(option);
        ++tried;
        CHECK(is_known(table, option));
      }
    }
  }
  CHECK(tried > 100);
}

TEST_CASE("what the text says is lost or differs is said with its line") {
  const std::string text = document();
  const struct {
    std::string phrase;
    Case of;
  } cases[] = {
      {"`metricpass` is not evaluated",
       {"[[inputs.cpu]]\nmetricpass = \"x\"\n", {"2 differs inputs.cpu.metricpass"}}},
      {"an input with a second socket of the same is `LOST`",
       {"[[inputs.docker]]\n[[inputs.docker]]\nendpoint = \"unix:///other.sock\"\n",
        {"2 LOST inputs.docker: is of a second engine"}}},
      {"`endpoint` (a socket of this host, or `ENV`)",
       {"[[inputs.docker]]\nendpoint = \"tcp://1.2.3.4:2375\"\n", {"2 LOST inputs.docker"}}},
      {"| `inputs.system` | `include`, without `os` and `dmi` |",
       {"[[inputs.system]]\ninclude = [\"load\", \"os\", \"dmi\"]\n",
        {"2 LOST inputs.system.include: \"os\"", "2 LOST inputs.system.include: \"dmi\""}}},
      {"`inputs.conntrack` | `files` (of the number of entries and their limit)",
       {"[[inputs.conntrack]]\nfiles = [\"nf_conntrack_buckets\"]\n",
        {"2 LOST inputs.conntrack.files: \"nf_conntrack_buckets\""}}},
      {"`dirs` (where they are looked for is said)",
       {"[[inputs.conntrack]]\ndirs = [\"/x\"]\n", {"2 differs inputs.conntrack.dirs"}}},
      {"`nagios` or `value`",
       {"[[inputs.exec]]\ncommands = [\"/bin/true\"]\ndata_format = \"csv\"\n",
        {"3 LOST inputs.exec"}}},
      {"A wrong value costs its option",
       {"[[inputs.cpu]]\npercpu = 7\n", {"2 differs inputs.cpu.percpu"}}},
      {"an unknown option costs nothing",
       {"[[inputs.cpu]]\nnosuch = 7\n", {"2 differs inputs.cpu.nosuch: is unknown"}}},
      {"inputs.ping           LOST",
       {"[[inputs.ping]]\n", {"1 LOST inputs.ping: is not supported"}}},
      {"`[[processors.NAME]]`", {"[[processors.rename]]\n", {"1 LOST processors.rename"}}},
      {"`[[aggregators.NAME]]`", {"[[aggregators.basicstats]]\n", {"1 LOST aggregators."}}},
      {"`[[outputs.NAME]]`", {"[[outputs.influxdb]]\n", {"1 LOST outputs.influxdb"}}},
  };
  for (const auto& one : cases) {
    CAPTURE(one.phrase);
    CHECK(text.find(one.phrase) != std::string::npos);
    check_said(one.of);
  }
}
