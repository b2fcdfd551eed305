#include "tool/doctor/doctor.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace hostmeter::tool;

namespace {
Diagnosis sick() {
  Diagnosis diagnosis;
  diagnosis.version = "1.2.3";
  diagnosis.kernel = "web\xff, Linux 5.10";
  diagnosis.cgroups = "cgroup v2, 3 cgroups";
  diagnosis.rights = {{.name = "CAP_BPF", .serves = "programs"},
                      {.name = "CAP_NET_ADMIN",
                       .serves = "macvlan",
                       .yes = false,
                       .why = "not permitted",
                       .mend = "add it"}};
  diagnosis.features = {{.name = "BTF", .serves = "all"}};
  diagnosis.sandbox = {
      {.name = "tmp", .serves = "a /tmp", .yes = false, .why = "no", .mend = "be root"}};
  diagnosis.readers = {
      {.name = "cgroup_cpu", .mode = "walk"},
      {.name = "cgroup_blkio", .mode = "file", .why = "no BTF", .mend = "newer kernel"},
      {.name = "meminfo", .mode = "file", .errors = 2}};
  diagnosis.walks = {{.name = "/cg/cpu", .rung = "stepper", .flush = ""},
                     {.name = "/cg", .rung = "stepper", .flush = "files"}};
  diagnosis.notes = {{"in a namespace", "leave it"}};
  return diagnosis;
}
}  // namespace

TEST_CASE("the table puts each no beside its reason and its mend") {
  CHECK(table(sick()) ==
        "hostmeter 1.2.3 on web\xff, Linux 5.10\n"
        "cgroup v2, 3 cgroups\n"
        "\n"
        "Rights\n"
        "  CAP_BPF        yes  programs\n"
        "  CAP_NET_ADMIN  NO   macvlan\n"
        "                      not permitted\n"
        "                      -> add it\n"
        "\n"
        "Features of the kernel\n"
        "  BTF  yes  all\n"
        "\n"
        "Sandbox of scripts\n"
        "  tmp  NO   a /tmp\n"
        "            no\n"
        "            -> be root\n"
        "\n"
        "How each group of figures is read\n"
        "  cgroup_cpu    walk\n"
        "  cgroup_blkio  file no BTF\n"
        "                     -> newer kernel\n"
        "  meminfo       file 2 values could not be read\n"
        "\n"
        "How cgroups are walked\n"
        "  /cg/cpu  stepper\n"
        "  /cg      stepper, counters summed up by files\n"
        "\n"
        "Notes\n"
        "  in a namespace\n"
        "  -> leave it\n");
}

TEST_CASE("the JSON says the same, and is JSON whatever the host is called") {
  const auto read = nlohmann::json::parse(json(sick()));
  CHECK(read["rights"][0] ==
        nlohmann::json({{"name", "CAP_BPF"}, {"serves", "programs"}, {"yes", true}}));
  CHECK(read["rights"][1]["mend"] == "add it");
  CHECK(read["readers"][1]["mode"] == "file");
  CHECK(read["readers"][2]["errors"] == 2);
  CHECK(read["walks"][0] == nlohmann::json({{"name", "/cg/cpu"}, {"rung", "stepper"}}));
  CHECK(read["walks"][1]["flush"] == "files");
  CHECK(read["notes"][0]["what"] == "in a namespace");
  CHECK(read["features"][0]["yes"] == true);
  CHECK(read["sandbox"][0]["mend"] == "be root");
}

TEST_CASE("nothing is said of a sandbox where no script is run") {
  Diagnosis diagnosis = sick();
  diagnosis.sandbox.clear();
  CHECK(table(diagnosis).find("Sandbox") == std::string::npos);
}
