/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel fields that our programs read, and no others. CO-RE finds them by name when an object
 * is loaded, so their layout and order here are free. A field that the running kernel lacks fails
 * the load of the one object that reads it. A struct NAME___old is the same struct as older
 * kernels have it. */
#pragma once
#include <stdbool.h>

#include <linux/types.h>

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define likely(condition) __builtin_expect(!!(condition), 1)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
	struct list_head *next;
	struct list_head *prev;
};
typedef struct {
	long counter;
} atomic_long_t;
typedef struct {
	__s64 counter;
} atomic64_t;

struct kernfs_node {
	__u64 id;
	void *priv; /* the cgroup, of a directory */
};
struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct list_head sibling;
	struct list_head children;
	unsigned int flags;
	__u64 serial_nr;
	int id;
	struct cgroup_subsys_state *parent;
	int nr_populated_csets; /* since 7.3 */
};
enum cgroup_subsys_id {
	cpu_cgrp_id = 1,
	cpuacct_cgrp_id,
	memory_cgrp_id,
	pids_cgrp_id,
};
struct task_cputime {
	__u64 stime;
	__u64 utime;
	unsigned long long sum_exec_runtime;
};
struct cgroup_base_stat {
	struct task_cputime cputime;
};
struct psi_group {
	bool enabled;	 /* since 6.1, 34f26a15611a */
	__u64 total[12]; /* the first row, of enum psi_states, is the one that is shown */
};
enum psi_states {
	PSI_IO_SOME,
	PSI_IO_FULL,
	PSI_MEM_SOME,
	PSI_MEM_FULL,
	PSI_CPU_SOME,
	PSI_CPU_FULL, /* since 5.13, e7fcd7622823 */
};
struct cgroup_rstat_base_cpu {
	struct cgroup_base_stat bstat;
	struct cgroup_base_stat last_bstat;
};
struct cgroup_rstat_cpu {
	struct cgroup_base_stat bstat; /* until 6.16, as the next: then of cgroup_rstat_base_cpu */
	struct cgroup_base_stat last_bstat;
};
struct cgroup_root {
	int hierarchy_id;
	unsigned int flags;
};
struct cgroup {
	struct cgroup_subsys_state self;
	unsigned long flags;
	int level;
	int nr_descendants;
	int nr_populated_domain_children;
	int nr_populated_threaded_children;
	struct kernfs_node *kn;
	struct cgroup_subsys_state *subsys[16];
	struct cgroup_root *root;
	struct list_head cset_links;
	struct cgroup_rstat_base_cpu *rstat_base_cpu; /* for each CPU */
	struct cgroup_base_stat bstat;
	struct psi_group *psi; /* CONFIG_PSI */
};
struct cgroup___rstat {
	struct cgroup_rstat_cpu *rstat_cpu; /* until 6.16, for each CPU */
};
struct cgroup___old {
	int nr_populated_csets; /* until 7.3: css.nr_populated_csets */
	struct psi_group psi;	/* until 6.0: taken out by 5f69a6577bc3 */
};
struct css_set {
	int nr_tasks;
	struct cgroup_subsys_state *subsys[16];
	struct cgroup *dfl_cgrp;
};
struct cgrp_cset_link {
	struct css_set *cset;
	struct list_head cset_link;
};

struct percpu_counter {
	__s64 count;
};
struct mm_struct {
	struct percpu_counter rss_stat[4];
};
struct mm_struct___old {
	struct {
		atomic_long_t count[4];
	} rss_stat; /* until 6.2, f1a7941243c1 */
};
struct rq {
	__u64 clock;
};
struct cfs_rq {
	struct rq *rq; /* CONFIG_FAIR_GROUP_SCHED */
};
struct sched_entity {
	struct cfs_rq *cfs_rq; /* likewise */
};
struct sched_info {
	unsigned long long last_queued; /* CONFIG_SCHED_INFO */
};
struct task_struct {
	struct sched_entity se;
	struct sched_info sched_info;
	struct files_struct *files;
	int pid;
	int tgid;
	char comm[16];
	struct css_set *cgroups;
	struct mm_struct *mm;
	struct signal_struct *signal;
};
struct signal_struct {
	struct task_struct *group_exec_task; /* since 5.17, 60700e38fb68 */
};

struct cfs_bandwidth {
	__s64 period;
	__u64 quota;
	__u64 burst;
	int nr_periods;
	int nr_throttled;
	int nr_burst;	  /* since 5.16, bcb1704a1ed2 */
	__u64 burst_time; /* likewise */
	__u64 throttled_time;
};
struct task_group {
	struct cgroup_subsys_state css;
	unsigned long shares;
	struct cfs_bandwidth cfs_bandwidth; /* CONFIG_CFS_BANDWIDTH */
};

enum cpu_usage_stat {
	CPUTIME_USER,
	CPUTIME_NICE,
	CPUTIME_SYSTEM,
	CPUTIME_SOFTIRQ,
	CPUTIME_IRQ,
};
struct kernel_cpustat {
	__u64 cpustat[10]; /* since 7.3 not at the beginning */
};
struct cpuacct {
	__u64 *cpuusage; /* for each CPU, as the next */
	struct kernel_cpustat *cpustat;
};
struct cpuacct_usage {
	__u64 usages[2]; /* user and system, until 5.17: cpuusage is of these, dd02d4234c9a */
};

struct page_counter {
	atomic_long_t usage;
	unsigned long failcnt;
	unsigned long watermark;
	unsigned long low;
	unsigned long high;
	unsigned long max;
};
enum memcg_memory_event {
	MEMCG_LOW,
	MEMCG_HIGH,
	MEMCG_MAX,
	MEMCG_OOM,
	MEMCG_OOM_KILL,
};
struct memcg_vmstats {
	long state[64];
	unsigned long events[64];
	unsigned long events_local[64]; /* since 6.6, f82e6bf9bb9b */
};
struct memcg_vmstats_percpu {
	unsigned long events[64];
};
struct mem_cgroup {
	struct cgroup_subsys_state css;
	struct page_counter memory;
	struct page_counter swap;
	struct page_counter memsw;
	struct page_counter kmem; /* since 6.11: CONFIG_MEMCG_V1, as the next */
	unsigned long soft_limit;
	struct memcg_vmstats *vmstats;
	struct memcg_vmstats_percpu *vmstats_percpu; /* for each CPU */
	atomic_long_t memory_events[9];
};
struct mem_cgroup___embedded {
	struct memcg_vmstats vmstats; /* until 6.1, 410f8e82689e */
};
struct mem_cgroup___old {
	atomic_long_t vmstats[64]; /* until 5.13, 2d146aa3aa84, as the next */
	atomic_long_t vmevents[64];
	struct memcg_vmstats_percpu *vmstats_local; /* likewise, for each CPU */
};

enum pidcg_event {
	PIDCG_MAX,
	PIDCG_FORKFAIL,
};
struct pids_cgroup {
	atomic64_t counter;
	atomic64_t limit;
	atomic64_t events[2]; /* since 6.11, as the next */
	atomic64_t events_local[2];
};
struct pids_cgroup___old {
	atomic64_t events_limit;
};

struct blkcg {
	struct cgroup_subsys_state css;
};
struct blkcg_gq {
	struct blkcg *blkcg;
};
struct gendisk {
	int major;
	int first_minor;
};
enum req_flag_bits {
	__REQ_SYNC = 11,
	__REQ_FUA = 17,
	__REQ_PREFLUSH = 18,
};
struct bio {
	struct blkcg_gq *bi_blkg; /* CONFIG_BLK_CGROUP */
	unsigned int bi_opf;	  /* a bitwise type of the same width since 6.0 */
};
struct request_queue {
	struct gendisk *disk; /* since 5.15, d152c682f03c */
};
enum mq_rq_state {
	MQ_RQ_IDLE,
};
struct request {
	struct request_queue *q;
	struct bio *bio;
	unsigned int cmd_flags; /* a bitwise type of the same width since 6.0 */
	unsigned int __data_len;
	__u64 start_time_ns;
	__u64 io_start_time_ns;
	enum mq_rq_state state;
};
struct request___old {
	struct gendisk *rq_disk; /* until 5.16: removed by f3fa33acca9f */
};

struct inode {
	void *i_private; /* of a cgroup's directory: its kernfs_node */
};
struct file {
	struct inode *f_inode;
};
struct fdtable {
	struct file **fd;
};
struct files_struct {
	struct fdtable *fdt;
};

struct bpf_array {
	void *pptrs[1];
};

struct bpf_iter__cgroup {
	struct cgroup *cgroup;
} __attribute__((aligned(8)));
struct bpf_iter__bpf_map_elem {
	void *value;
} __attribute__((aligned(8)));

#pragma clang attribute pop
