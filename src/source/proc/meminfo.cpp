// /proc/meminfo.
#include "source/proc/meminfo.hpp"

#include "hostmeter/base/text.hpp"
#include "source/proc/file_reader.hpp"
#include "source/proc/key_table.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr Key<Meminfo> kKeys[] = {
    {"MemTotal", Meminfo::mem_total},
    {"MemFree", Meminfo::mem_free},
    {"MemAvailable", Meminfo::mem_available},
    {"Buffers", Meminfo::buffers},
    {"Cached", Meminfo::cached},
    {"SwapCached", Meminfo::swap_cached},
    {"Active", Meminfo::active},
    {"Inactive", Meminfo::inactive},
    {"Active(anon)", Meminfo::active_anon},
    {"Inactive(anon)", Meminfo::inactive_anon},
    {"Active(file)", Meminfo::active_file},
    {"Inactive(file)", Meminfo::inactive_file},
    {"Unevictable", Meminfo::unevictable},
    {"Mlocked", Meminfo::mlocked},
    {"HighTotal", Meminfo::high_total},
    {"HighFree", Meminfo::high_free},
    {"LowTotal", Meminfo::low_total},
    {"LowFree", Meminfo::low_free},
    {"MmapCopy", Meminfo::mmap_copy},
    {"SwapTotal", Meminfo::swap_total},
    {"SwapFree", Meminfo::swap_free},
    {"Zswap", Meminfo::zswap},
    {"Zswapped", Meminfo::zswapped},
    {"Dirty", Meminfo::dirty},
    {"Writeback", Meminfo::writeback},
    {"AnonPages", Meminfo::anon_pages},
    {"Mapped", Meminfo::mapped},
    {"Shmem", Meminfo::shmem},
    {"KReclaimable", Meminfo::k_reclaimable},
    {"Slab", Meminfo::slab},
    {"SReclaimable", Meminfo::s_reclaimable},
    {"SUnreclaim", Meminfo::s_unreclaim},
    {"KernelStack", Meminfo::kernel_stack},
    {"ShadowCallStack", Meminfo::shadow_call_stack},
    {"PageTables", Meminfo::page_tables},
    {"SecPageTables", Meminfo::sec_page_tables},
    {"NFS_Unstable", Meminfo::nfs_unstable},
    {"Bounce", Meminfo::bounce},
    {"WritebackTmp", Meminfo::writeback_tmp},
    {"CommitLimit", Meminfo::commit_limit},
    {"Committed_AS", Meminfo::committed_as},
    {"VmallocTotal", Meminfo::vmalloc_total},
    {"VmallocUsed", Meminfo::vmalloc_used},
    {"VmallocChunk", Meminfo::vmalloc_chunk},
    {"Percpu", Meminfo::percpu},
    {"EarlyMemtestBad", Meminfo::early_memtest_bad},
    {"HardwareCorrupted", Meminfo::hardware_corrupted},
    {"AnonHugePages", Meminfo::anon_huge_pages},
    {"ShmemHugePages", Meminfo::shmem_huge_pages},
    {"ShmemPmdMapped", Meminfo::shmem_pmd_mapped},
    {"FileHugePages", Meminfo::file_huge_pages},
    {"FilePmdMapped", Meminfo::file_pmd_mapped},
    {"CmaTotal", Meminfo::cma_total},
    {"CmaFree", Meminfo::cma_free},
    {"Unaccepted", Meminfo::unaccepted},
    {"Balloon", Meminfo::balloon},
    {"GPUActive", Meminfo::gpu_active},
    {"GPUReclaim", Meminfo::gpu_reclaim},
    {"HugePages_Total", Meminfo::huge_pages_total},
    {"HugePages_Free", Meminfo::huge_pages_free},
    {"HugePages_Rsvd", Meminfo::huge_pages_rsvd},
    {"HugePages_Surp", Meminfo::huge_pages_surp},
    {"Hugepagesize", Meminfo::huge_page_size},
    {"Hugetlb", Meminfo::hugetlb},
    {"DirectMap4k", Meminfo::direct_map_4k},
    {"DirectMap64k", Meminfo::direct_map_64k},
    {"DirectMap1M", Meminfo::direct_map_1m},
    {"DirectMap2M", Meminfo::direct_map_2m},
    {"DirectMap4M", Meminfo::direct_map_4m},
    {"DirectMap1G", Meminfo::direct_map_1g},
    {"DirectMap2G", Meminfo::direct_map_2g},
};
static_assert(std::size(kKeys) == std::size_t(Meminfo::count));

constexpr bool is_pages(Meminfo field) {
  return field >= Meminfo::huge_pages_total && field <= Meminfo::huge_pages_surp;
}

}  // namespace

Result<Facts<Meminfo>> parse_meminfo(std::string_view text) {
  Facts<Meminfo> facts;
  KeyCursor<Meminfo> cursor(kKeys);
  for (Text lines(text); !lines.empty();) {
    Text line = lines.line();
    const auto field = cursor.find(line.until(':'));
    if (!field) continue;
    const auto value = line.number();
    if (!value) return Error{EBADMSG, "meminfo: value"};
    const bool pages = is_pages(*field);
    if (line.word() != (pages ? "" : "kB")) return Error{EBADMSG, "meminfo: unit"};
    const auto plain = scaled(*value, pages ? 1 : 1024);
    if (!plain) return Error{ERANGE, "meminfo: value"};
    facts.set(*field, *plain);
  }
  if (facts.empty()) return Error{EBADMSG, "meminfo: no key is known"};
  return facts;
}

extern const ReaderSpec meminfo{"meminfo", [](Host& host, const Options&) {
                                  return proc_file_reader<parse_meminfo>(host, "meminfo");
                                }};

}  // namespace hostmeter::source::proc
