#include "config/telegraf/host_inputs.hpp"

#include "loaded.hpp"

using namespace hostmeter;
using namespace hostmeter::config::telegraf;

TEST_CASE("every input of the host is taken, with Telegraf's defaults") {
  for (const std::string_view name : host_input_names()) {
    CAPTURE(name);
    const auto loaded = test::load("[[inputs." + std::string(name) + "]]\n");
    CHECK(test::said(loaded).size() == (name == "internal" ? 2 : 0));
    REQUIRE(loaded.settings.inputs.size() == 1);
    CHECK(loaded.settings.inputs[0].name == name);
  }
  CHECK(test::plugin<Cpu>(test::load("[[inputs.cpu]]")) == Cpu{});
  CHECK(test::plugin<System>(test::load("[[inputs.system]]")).include.size() == 4);
  CHECK(host_input_names().size() == 16);
}

TEST_CASE("their own options") {
  const auto loaded = test::load(R"([[inputs.conntrack]]
files = ["nf_conntrack_count", "nf_conntrack_max"]
dirs = ["/proc/sys/net/netfilter"]
collect = ["all"]
[[inputs.cpu]]
percpu = false
totalcpu = false
collect_cpu_time = true
report_active = true
core_tags = true
[[inputs.disk]]
mount_points = ["/"]
mountpoints = ["/a"]
ignore_fs = ["tmpfs"]
ignore_mount_opts = ["ro"]
[[inputs.diskio]]
devices = ["sd*"]
skip_serial_number = false
[[inputs.internal]]
collect_memstats = false
[[inputs.interrupts]]
cpu_as_tag = true
[[inputs.kernel]]
collect = ["psi", "ksm"]
[[inputs.mem]]
collect_extended = true
[[inputs.net]]
interfaces = ["eth*"]
ignore_protocol_stats = true
[[inputs.nstat]]
dump_zeros = true
proc_net_netstat = "/proc/net/netstat"
[[inputs.system]]
include = ["load"]
)");
  CHECK(test::said_only(loaded, "19 LOST inputs.internal: nothing is buffered or sent"));
  using Words = std::vector<std::string>;
  CHECK(test::plugin<Conntrack>(loaded, 0) == Conntrack{{"nf_conntrack_count", "nf_conntrack_max"},
                                                        {"/proc/sys/net/netfilter"},
                                                        {"all"}});
  CHECK(test::plugin<Cpu>(loaded, 1) == Cpu{false, false, true, true, true});
  CHECK(test::plugin<Disk>(loaded, 2) == Disk{{"/", "/a"}, {"tmpfs"}, {"ro"}});
  CHECK(test::plugin<DiskIo>(loaded, 3) == DiskIo{{"sd*"}, false});
  CHECK_FALSE(test::plugin<Internal>(loaded, 4).collect_memstats);
  CHECK(test::plugin<Interrupts>(loaded, 5).cpu_as_tag);
  CHECK(test::plugin<Kernel>(loaded, 6).collect == Words{"psi", "ksm"});
  CHECK(test::plugin<Mem>(loaded, 7).collect_extended);
  CHECK(test::plugin<Net>(loaded, 8) == Net{{"eth*"}, true});
  CHECK(test::plugin<Nstat>(loaded, 9).dump_zeros);
  CHECK(test::plugin<System>(loaded, 10).include == Words{"load"});
}

TEST_CASE("what is not measured is said with its line") {
  const auto loaded = test::load(R"([[inputs.cpu]]
percpu = 7
[[inputs.diskio]]
device_tags = ["ID_FS_TYPE"]
name_templates = ["$ID_FS_LABEL"]
[[inputs.nstat]]
proc_net_snmp = "/host/proc/net/snmp"
[[inputs.system]]
Include = ["load", "os", "dmi"]
)");
  const auto all = test::said(loaded);
  REQUIRE(all.size() == 7);
  CHECK(all[0].starts_with("2 differs inputs.cpu.percpu: "));
  CHECK(all[1].starts_with("4 differs inputs.diskio.device_tags: "));
  CHECK(all[2].starts_with("5 - $ID_FS_LABEL: "));
  CHECK(all[3].starts_with("5 differs inputs.diskio.name_templates: "));
  CHECK(all[4].starts_with("7 - inputs.nstat.proc_net_snmp: "));
  CHECK(all[5] == "9 LOST inputs.system.include: \"os\" is not measured");
  CHECK(all[6] == "9 LOST inputs.system.include: \"dmi\" is not measured");
  CHECK(test::plugin<System>(loaded, 3).include == std::vector<std::string>{"load"});
  const auto empty = test::load(
      "[[inputs.system]]\ninclude = []\n[[inputs.system]]\n"
      "include = [\"os\"]\n");
  CHECK(test::plugin<System>(empty).include == System{}.include);
  CHECK(test::plugin<System>(empty, 1).include.empty());
}

TEST_CASE(
    "options of mounts that nobody knows, and files of conntrack that nobody reads, are said") {
  CHECK(test::said_only(test::load("[[inputs.disk]]\nignore_mount_opts = [\"ro\", \"nosuid\"]\n"),
                        "2 differs inputs.disk.ignore_mount_opts: \"nosuid\" is not known"));
  CHECK(test::said_only(test::load("[[inputs.conntrack]]\nfiles = [\"nf_conntrack_count\", "
                                   "\"nf_conntrack_max\", \"nf_conntrack_buckets\"]\n"),
                        "2 LOST inputs.conntrack.files: \"nf_conntrack_buckets\" is not read: "
                        "conntrack_ip_conntrack_buckets is absent"));
  CHECK(test::said(test::load("[[inputs.conntrack]]\nfiles = [\"ip_conntrack_count\", \"x\"]\n"))
            .empty());
  CHECK(test::said_only(test::load("[[inputs.conntrack]]\ncollect = [\"all\", \"each\"]\n"),
                        "2 differs inputs.conntrack.collect: \"each\" is unknown"));
  CHECK(test::said_only(test::load("[[inputs.conntrack]]\ndirs = [\"/proc/x\"]\n"),
                        "2 differs inputs.conntrack.dirs: does not name"));
  CHECK(test::said(test::load("[[inputs.conntrack]]\ndirs = [\"/proc/sys/net/ipv4/netfilter\", "
                              "\"/proc/sys/net/netfilter\"]\nfiles = [\"ip_conntrack_count\", "
                              "\"ip_conntrack_max\", \"nf_conntrack_count\", "
                              "\"nf_conntrack_max\"]\n"))
            .empty());
}
