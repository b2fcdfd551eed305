// What a recording holds, beside the cgroups.
#pragma once
#include <string_view>

namespace hostmeter::tool {

inline constexpr std::string_view kProcFiles[] = {
    "cpuinfo",
    "diskstats",
    "interrupts",
    "loadavg",
    "mdstat",
    "meminfo",
    "mounts",
    "pressure/cpu",
    "pressure/io",
    "pressure/irq",
    "pressure/memory",
    "self/cgroup",
    "self/mountinfo",
    "softirqs",
    "stat",
    "sys/fs/aio-max-nr",
    "sys/fs/aio-nr",
    "sys/fs/dentry-state",
    "sys/fs/dquot-max",
    "sys/fs/dquot-nr",
    "sys/fs/file-nr",
    "sys/fs/inode-state",
    "sys/fs/super-max",
    "sys/fs/super-nr",
    "sys/kernel/arch",
    "sys/kernel/domainname",
    "sys/kernel/hostname",
    "sys/kernel/osrelease",
    "sys/kernel/ostype",
    "sys/kernel/random/entropy_avail",
    "sys/kernel/random/poolsize",
    "sys/kernel/version",
    "sys/net/netfilter/nf_conntrack_count",
    "sys/net/netfilter/nf_conntrack_max",
    "uptime",
    "vmstat",
    "1/cgroup",
    "1/mountinfo",
};

// Below the host's view of the network.
inline constexpr std::string_view kNetFiles[] = {"dev",          "netstat",          "snmp",
                                                 "snmp6",        "sockstat",         "sockstat6",
                                                 "softnet_stat", "stat/nf_conntrack"};

inline constexpr std::string_view kRootFiles[] = {"etc/os-release", "usr/lib/os-release"};

// Of each entry of a directory of sysfs: files, and links that name its device.
struct SysClass {
  std::string_view dir, entries;  // entries: how their names begin
  std::string_view attributes;    // separated by blanks; * at the end: whatever begins so
};
inline constexpr SysClass kSysClasses[] = {
    {"block", "",
     "dev size ro removable serial wwid queue/rotational queue/logical_block_size device/model "
     "device/rev "
     "device/vendor device/serial device/wwid device/firmware_rev dm/name dm/uuid md/array_state "
     "md/level md/raid_disks md/degraded md/sync_action md/sync_completed"},
    {"dev/block", "", ""},
    {"class/net", "",
     "addr_assign_type addr_len address broadcast carrier carrier_changes carrier_down_count "
     "carrier_up_count dev_id dev_port dormant duplex flags ifalias ifindex iflink link_mode mtu "
     "name_assign_type netdev_group operstate proto_down speed testing tx_queue_len type"},
    {"class/hwmon", "", "name temp* fan* in* curr* power* energy* humidity* freq* pwm*"},
    {"class/dmi", "id",
     "bios_date bios_release bios_vendor bios_version board_asset_tag board_name board_serial "
     "board_vendor board_version chassis_asset_tag chassis_serial chassis_vendor chassis_version "
     "product_family product_name product_serial product_sku product_uuid product_version "
     "sys_vendor"},
    {"devices/system/clocksource", "clocksource", "available_clocksource current_clocksource"},
    {"devices/system", "cpu", "isolated"},
    {"kernel/mm", "ksm",
     "full_scans general_profit max_page_sharing merge_across_nodes pages_shared pages_sharing "
     "pages_to_scan pages_unshared pages_volatile run sleep_millisecs stable_node_chains "
     "stable_node_chains_prune_millisecs stable_node_dups use_zero_pages"},
    {"devices/system/cpu", "cpu",
     "online topology/core_id topology/physical_package_id topology/package_throttle_count "
     "thermal_throttle/core_throttle_count thermal_throttle/package_throttle_count cpufreq/*"},
};

// Of each cgroup: how the names of the files begin that are recorded.
inline constexpr std::string_view kCgroupFiles[] = {
    "cgroup.controllers", "cgroup.events", "cgroup.procs", "cgroup.stat",
    "cgroup.type",        "cpu.",          "cpuacct.",     "memory.",
    "blkio.throttle.",    "io.",           "pids.",        "irq.pressure"};
inline constexpr std::string_view kNotOfCgroup[] = {"memory.kmem.slabinfo", "memory.kmem.tcp.",
                                                    "memory.pressure_level", "memory.numa_stat",
                                                    "cpuacct.usage_percpu"};

}  // namespace hostmeter::tool
