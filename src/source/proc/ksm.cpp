// /sys/kernel/mm/ksm: what merging equal pages does.
#include "source/proc/kernel_values.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

struct Counter {
  const char* file;
  std::string_view name;
};
constexpr Counter kFiles[] = {
    {"kernel/mm/ksm/full_scans", "full_scans"},
    {"kernel/mm/ksm/general_profit", "general_profit"},
    {"kernel/mm/ksm/max_page_sharing", "max_page_sharing"},
    {"kernel/mm/ksm/merge_across_nodes", "merge_across_nodes"},
    {"kernel/mm/ksm/pages_shared", "pages_shared"},
    {"kernel/mm/ksm/pages_sharing", "pages_sharing"},
    {"kernel/mm/ksm/pages_to_scan", "pages_to_scan"},
    {"kernel/mm/ksm/pages_unshared", "pages_unshared"},
    {"kernel/mm/ksm/pages_volatile", "pages_volatile"},
    {"kernel/mm/ksm/run", "run"},
    {"kernel/mm/ksm/sleep_millisecs", "sleep_millisecs"},
    {"kernel/mm/ksm/stable_node_chains", "stable_node_chains"},
    {"kernel/mm/ksm/stable_node_chains_prune_millisecs", "stable_node_chains_prune_millisecs"},
    {"kernel/mm/ksm/stable_node_dups", "stable_node_dups"},
    {"kernel/mm/ksm/use_zero_pages", "use_zero_pages"},
};

class KsmReader final : public KernelValueReader {
 public:
  using KernelValueReader::KernelValueReader;

 private:
  void read_files() override {
    for (const Counter& each : kFiles) take_list(host().sys, each.file, "mm/ksm", {&each.name, 1});
  }
};

}  // namespace

extern const ReaderSpec ksm{"ksm",
                            [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
                              return std::make_unique<KsmReader>(host, options.moments("ksm"));
                            },
                            When::asked};

}  // namespace hostmeter::source::proc
