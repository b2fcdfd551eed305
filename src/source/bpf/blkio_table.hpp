// The rows of bpf/blkio.bpf.c as a reader sees them.
#pragma once
#include "hostmeter/wire/blkio.h"
#include "source/bpf/counts_table.hpp"

namespace hostmeter::source::bpf {

// A sum may shrink modulo 2^64, see hostmeter/wire/blkio.h.
using BlkioRow = CountsRow<wire_blkio_key, wire_blkio>;
using BlkioTable = CountsTable<wire_blkio_key, wire_blkio>;

}  // namespace hostmeter::source::bpf
