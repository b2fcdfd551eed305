// Memory of the host, as /proc/meminfo has it.
#include "hostmeter/flow/facts/meminfo.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

consteval MetricDesc bytes(std::string_view name, std::string_view help) {
  return {Origin::node_exporter, Kind::gauge, Unit::bytes, Encoding::count, name, help};
}
consteval MetricDesc pages(std::string_view name, std::string_view help) {
  return {Origin::node_exporter, Kind::gauge, Unit::none, Encoding::count, name, help};
}

constexpr MetricDesc kMetrics[] = {
    bytes("node_memory_MemTotal_bytes", "Memory the kernel can use."),
    bytes("node_memory_MemFree_bytes", "Memory that nothing uses at all."),
    bytes("node_memory_MemAvailable_bytes",
          "Estimate of the memory that new programs can have without swapping."),
    bytes("node_memory_Buffers_bytes",
          "Cached blocks of block devices, and metadata of filesystems."),
    bytes("node_memory_Cached_bytes", "Page cache, with shared memory and without the swap cache."),
    bytes("node_memory_SwapCached_bytes",
          "Memory that was swapped out and in again and is still in the swap area too."),
    bytes("node_memory_Active_bytes", "Memory used of late, the last to be reclaimed."),
    bytes("node_memory_Inactive_bytes", "Memory not used of late, the first to be reclaimed."),
    bytes("node_memory_Active_anon_bytes", "Anonymous memory used of late."),
    bytes("node_memory_Inactive_anon_bytes", "Anonymous memory not used of late."),
    bytes("node_memory_Active_file_bytes", "Page cache used of late."),
    bytes("node_memory_Inactive_file_bytes", "Page cache not used of late."),
    bytes("node_memory_Unevictable_bytes",
          "Memory that cannot be reclaimed, locked memory included."),
    bytes("node_memory_Mlocked_bytes", "Memory locked by mlock."),
    bytes("node_memory_HighTotal_bytes", "High memory (32-bit kernels)."),
    bytes("node_memory_HighFree_bytes", "Free high memory (32-bit kernels)."),
    bytes("node_memory_LowTotal_bytes", "Low memory (32-bit kernels)."),
    bytes("node_memory_LowFree_bytes", "Free low memory (32-bit kernels)."),
    bytes("node_memory_MmapCopy_bytes",
          "Memory that copies of mappings take (kernels without an MMU)."),
    bytes("node_memory_SwapTotal_bytes", "Swap space."),
    bytes("node_memory_SwapFree_bytes", "Swap space that is free."),
    bytes("node_memory_Zswap_bytes", "Memory that compressed swap pages take."),
    bytes("node_memory_Zswapped_bytes",
          "Memory that was compressed into zswap, by its size before."),
    bytes("node_memory_Dirty_bytes", "Memory waiting to be written back."),
    bytes("node_memory_Writeback_bytes", "Memory being written back."),
    bytes("node_memory_AnonPages_bytes", "Anonymous memory mapped into programs."),
    bytes("node_memory_Mapped_bytes", "Files mapped into programs."),
    bytes("node_memory_Shmem_bytes", "Shared memory and tmpfs."),
    bytes("node_memory_KReclaimable_bytes", "Kernel memory that can be reclaimed under pressure."),
    bytes("node_memory_Slab_bytes", "The kernel's own data structures."),
    bytes("node_memory_SReclaimable_bytes", "Part of the slab that can be reclaimed."),
    bytes("node_memory_SUnreclaim_bytes", "Part of the slab that cannot be reclaimed."),
    bytes("node_memory_KernelStack_bytes", "Kernel stacks of all tasks."),
    bytes("node_memory_ShadowCallStack_bytes", "Shadow call stacks of all tasks."),
    bytes("node_memory_PageTables_bytes", "Page tables of programs."),
    bytes("node_memory_SecPageTables_bytes",
          "Secondary page tables, as of virtual machines and IOMMUs."),
    bytes("node_memory_NFS_Unstable_bytes",
          "Pages sent to an NFS server and not yet on its disk; always 0 since Linux 5.8."),
    bytes("node_memory_Bounce_bytes", "Bounce buffers of block devices."),
    bytes("node_memory_WritebackTmp_bytes", "Buffers that FUSE writes back from."),
    bytes("node_memory_CommitLimit_bytes",
          "Most memory that may be promised under strict overcommit."),
    bytes("node_memory_Committed_AS_bytes", "Memory promised to programs."),
    bytes("node_memory_VmallocTotal_bytes", "Address space for vmalloc."),
    bytes("node_memory_VmallocUsed_bytes", "Address space that vmalloc uses."),
    bytes("node_memory_VmallocChunk_bytes",
          "Largest free piece of vmalloc's address space; always 0 since Linux 4.4."),
    bytes("node_memory_Percpu_bytes", "Memory of per-CPU allocations."),
    bytes("node_memory_EarlyMemtestBad_bytes", "Memory found bad by the test at boot."),
    bytes("node_memory_HardwareCorrupted_bytes",
          "Memory the kernel gave up because the hardware reported it corrupted."),
    bytes("node_memory_AnonHugePages_bytes", "Transparent huge pages of anonymous memory."),
    bytes("node_memory_ShmemHugePages_bytes", "Huge pages of shared memory and tmpfs."),
    bytes("node_memory_ShmemPmdMapped_bytes", "Huge pages of shared memory mapped as such."),
    bytes("node_memory_FileHugePages_bytes", "Huge pages of the page cache."),
    bytes("node_memory_FilePmdMapped_bytes", "Huge pages of the page cache mapped as such."),
    bytes("node_memory_CmaTotal_bytes", "Memory set aside for contiguous allocations."),
    bytes("node_memory_CmaFree_bytes", "Free memory set aside for contiguous allocations."),
    bytes("node_memory_Unaccepted_bytes", "Memory a confidential guest has not yet accepted."),
    bytes("node_memory_Balloon_bytes", "Memory given back to the hypervisor by a balloon driver."),
    bytes("node_memory_GPUActive_bytes", "Memory that GPU objects use."),
    bytes("node_memory_GPUReclaim_bytes",
          "Memory that GPU drivers keep in pools, which can be reclaimed."),
    pages("node_memory_HugePages_Total", "Pages in the pool of huge pages."),
    pages("node_memory_HugePages_Free", "Huge pages not yet used."),
    pages("node_memory_HugePages_Rsvd", "Huge pages promised and not yet used."),
    pages("node_memory_HugePages_Surp", "Huge pages above the size set for the pool."),
    bytes("node_memory_Hugepagesize_bytes", "Default size of a huge page."),
    bytes("node_memory_Hugetlb_bytes", "Memory of huge pages of all sizes."),
    bytes("node_memory_DirectMap4k_bytes", "Kernel mapping made of 4 KiB pages."),
    bytes("node_memory_DirectMap64k_bytes", "Kernel mapping made of 64 KiB pages."),
    bytes("node_memory_DirectMap1M_bytes", "Kernel mapping made of 1 MiB pages."),
    bytes("node_memory_DirectMap2M_bytes", "Kernel mapping made of 2 MiB pages."),
    bytes("node_memory_DirectMap4M_bytes", "Kernel mapping made of 4 MiB pages."),
    bytes("node_memory_DirectMap1G_bytes", "Kernel mapping made of 1 GiB pages."),
    bytes("node_memory_DirectMap2G_bytes", "Kernel mapping made of 2 GiB pages."),
};

constexpr auto kSeries = series_in_order<Meminfo>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Meminfo>(kSeries)};

}  // namespace

extern const CollectorSpec meminfo{
    .name = "meminfo", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
