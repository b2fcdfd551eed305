// The counts of bpf/blkio.bpf.c as a reader sees them.
#pragma once
#include "hostmeter/wire/blkio.h"
#include "source/bpf/counts_table.hpp"

namespace hostmeter::source::bpf {

// A sum may shrink modulo 2^64, see hostmeter/wire/blkio.h.
using BlkioRow = CountsRow<wire_blkio_key, wire_blkio>;
// What both BlkioCounting and BlkioLatencyCounting know of keys.
struct BlkioKeys {
  static bool is_same_row(const wire_blkio_key& a, const wire_blkio_key& b) {
    return a.css == b.css && a.dev == b.dev && a.op == b.op;
  }
  static bool is_outlived(const wire_blkio_key& a, const wire_blkio_key& b) {
    return a.css < b.css && a.dev == b.dev && a.op == b.op;
  }
};

using BlkioTable = CountsTable<wire_blkio_key, wire_blkio>;

}  // namespace hostmeter::source::bpf
