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

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct kernfs_node {
	__u64 id;
};
struct cgroup {
	struct kernfs_node *kn;
};
struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
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
struct block_device {
	struct gendisk *bd_disk;
};
enum req_flag_bits {
	__REQ_PREFLUSH = 18,
};
struct bio {
	struct blkcg_gq *bi_blkg; /* CONFIG_BLK_CGROUP */
	struct block_device *bi_bdev;
	unsigned int bi_opf; /* a bitwise type of the same width since 6.0 */
};
struct bio___old {
	struct gendisk *bi_disk; /* until 5.11: removed by 309dca309fc3 */
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
	enum mq_rq_state state;
};
struct request___old {
	struct gendisk *rq_disk; /* until 5.16: removed by f3fa33acca9f */
};

#pragma clang attribute pop
