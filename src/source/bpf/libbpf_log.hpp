// What libbpf would print on stderr.
#pragma once
#include <bpf/libbpf.h>

#include "source/bpf/options.hpp"

namespace hostmeter::source::bpf {

// For as long as it lives, what libbpf says on this thread goes to the log, line by line, with the
// verifier's words. What it says on others meanwhile is dropped.
class LibbpfLog {
 public:
  explicit LibbpfLog(Log);
  ~LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;

 private:
  Log log_;
  libbpf_print_fn_t before_;
};

}  // namespace hostmeter::source::bpf
