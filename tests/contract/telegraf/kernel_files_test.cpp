#include <doctest/doctest.h>

#include "hostmeter/flow/facts/conntrack.hpp"
#include "hostmeter/flow/facts/kernel_value.hpp"
#include "hostmeter/flow/facts/stat.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

struct Said {
  const char *file, *part, *name;
  double value;
};

Lines lines_of(Plugin plugin, std::initializer_list<Said> all) {
  Options options;
  options.inputs.push_back({.plugin = std::move(plugin)});
  MadeUpHost host(std::move(options));
  host.say<hostmeter::Conntrack>({{hostmeter::Conntrack::entries, 12}});
  for (const Said& one : all) {
    Facts<KernelValue> facts;
    facts.set_real(KernelValue::value, one.value);
    host.say(facts, kHost, host.name({one.file, one.name, one.part}));
  }
  host.tick(0);
  return host.lines();
}

}  // namespace

TEST_CASE("nstat has all of its three files, without zeros unless they are wanted") {
  const std::initializer_list<Said> all{{"net/netstat", "TcpExt", "ListenDrops", 4},
                                        {"net/snmp", "Tcp", "MaxConn", -1},
                                        {"net/snmp", "IcmpMsg", "InType3", 0},
                                        {"net/snmp6", "", "Ip6InReceives", 7},
                                        {"vmstat", "", "not_its", 1}};
  const Lines some{R"(nstat_TcpExtListenDrops{name="netstat"} 4)",
                   R"(nstat_TcpMaxConn{name="snmp"} -1)", R"(nstat_Ip6InReceives{name="snmp6"} 7)"};
  CHECK(lines_of(Nstat{}, all) == some);
  Lines zeros = some;
  zeros.insert(R"(nstat_IcmpMsgInType3{name="snmp"} 0)");
  CHECK(lines_of(Nstat{.dump_zeros = true}, all) == zeros);
}

TEST_CASE("protocols are those of snmp, in small letters") {
  const std::initializer_list<Said> all{{"net/netstat", "TcpExt", "ListenDrops", 4},
                                        {"net/snmp", "UdpLite", "InErrors", 0},
                                        {"net/snmp", "IcmpMsg", "InType3", 2}};
  CHECK(lines_of(Net{}, all) == Lines{R"(net_icmpmsg_intype3{interface="all"} 2)",
                                      R"(net_udplite_inerrors{interface="all"} 0)"});
  CHECK(lines_of(Net{.ignore_protocol_stats = true}, all).empty());
}

TEST_CASE("vmstat and sysctl are served as a whole") {
  const std::initializer_list<Said> all{{"vmstat", "", "nr_free_pages", 4},
                                        {"sys/fs", "", "aio-nr", 2}};
  CHECK(lines_of(Vmstat{}, all) == Lines{"kernel_vmstat_nr_free_pages 4"});
  CHECK(lines_of(SysctlFs{}, all) == Lines{"linux_sysctl_fs_aio_nr 2"});
}

TEST_CASE("conntrack: of the table only what is asked for") {
  MadeUpHost host(contract::telegraf::Conntrack{.count = false});
  host.say<hostmeter::Conntrack>(
      {{hostmeter::Conntrack::entries, 12}, {hostmeter::Conntrack::entries_limit, 99}});
  host.tick(0);
  CHECK(host.lines() == Lines{"conntrack_ip_conntrack_max 99"});
  CHECK(lines_of(contract::telegraf::Conntrack{.max = false}, {}) ==
        Lines{"conntrack_ip_conntrack_count 12"});
}

TEST_CASE("conntrack: the table, all CPUs together, and each") {
  const std::initializer_list<Said> all{{"net/stat/nf_conntrack", "all", "entries", 12},
                                        {"net/stat/nf_conntrack", "all", "found", 300},
                                        {"net/stat/nf_conntrack", "0", "entries", 12},
                                        {"net/stat/nf_conntrack", "0", "found", 1},
                                        {"net/stat/nf_conntrack", "1", "entries", 12},
                                        {"net/stat/nf_conntrack", "1", "found", 2}};
  const Lines table{"conntrack_ip_conntrack_count 12"};
  CHECK(lines_of(contract::telegraf::Conntrack{}, all) == table);
  Lines together = table;
  together.insert({R"(conntrack_entries{cpu="all"} 12)", R"(conntrack_found{cpu="all"} 300)"});
  CHECK(lines_of(contract::telegraf::Conntrack{.all = true}, all) == together);
  Lines each = table;
  each.insert({R"(conntrack_entries{cpu="cpu0"} 12)", R"(conntrack_found{cpu="cpu0"} 1)",
               R"(conntrack_entries{cpu="cpu1"} 12)", R"(conntrack_found{cpu="cpu1"} 2)"});
  CHECK(lines_of(contract::telegraf::Conntrack{.percpu = true}, all) == each);
}

TEST_CASE("kernel: averages of pressure and merged pages, where they are asked for") {
  const std::initializer_list<Said> all{{"pressure/cpu", "some", "avg10", 0.5},
                                        {"pressure/cpu", "full", "avg10", 0},
                                        {"pressure/io", "full", "avg300", 2},
                                        {"mm/ksm", "", "general_profit", -64}};
  CHECK(lines_of(Kernel{.psi = true}, all) ==
        Lines{R"(pressure_avg10{resource="cpu",type="some"} 0.5)",
              R"(pressure_avg300{resource="io",type="full"} 2)"});
  CHECK(lines_of(Kernel{.ksm = true}, all) == Lines{"kernel_ksm_general_profit -64"});
  CHECK(lines_of(Kernel{}, all).empty());
}
