// What the kernel says BPF programs cost, and programs that do nothing, to compare with.
#pragma once
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"

namespace hostmeter::bench {

// A tp_btf program of two instructions; or one that calls a function without arguments first.
class EmptyProgram {
 public:
  explicit EmptyProgram(const std::string& tracepoint, bpf_func_id function = BPF_FUNC_unspec) {
    std::vector<bpf_insn> code;
    if (function != BPF_FUNC_unspec) code.push_back({BPF_JMP | BPF_CALL, 0, 0, 0, function});
    code.push_back({BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0});
    code.push_back({BPF_JMP | BPF_EXIT, 0, 0, 0, 0});
    LIBBPF_OPTS(bpf_prog_load_opts, options);
    options.expected_attach_type = BPF_TRACE_RAW_TP;
    const int type = libbpf_find_vmlinux_btf_id(tracepoint.c_str(), BPF_TRACE_RAW_TP);
    if (type <= 0) throw std::runtime_error("no tracepoint " + tracepoint);
    options.attach_btf_id = std::uint32_t(type);
    program_ =
        bpf_prog_load(BPF_PROG_TYPE_TRACING, "empty", "GPL", code.data(), code.size(), &options);
    if (program_ >= 0) link_ = bpf_raw_tracepoint_open(nullptr, program_);
    if (link_ < 0) throw std::runtime_error("an empty program was refused at " + tracepoint);
  }
  EmptyProgram(EmptyProgram&& other) noexcept
      : program_(std::exchange(other.program_, -1)), link_(std::exchange(other.link_, -1)) {}
  ~EmptyProgram() {
    if (link_ >= 0) ::close(link_);
    if (program_ >= 0) ::close(program_);
  }

 private:
  int program_ = -1, link_ = -1;
};

struct Cost {
  std::uint64_t ns = 0, runs = 0;
  double each() const { return runs == 0 ? 0 : double(ns) / double(runs); }
};

// The programs that this process holds, by id.
inline std::set<std::uint32_t> held_programs() {
  std::set<std::uint32_t> ids;
  for (const auto& file : std::filesystem::directory_iterator("/proc/self/fdinfo")) {
    std::ifstream lines(file.path());
    std::string word;
    std::uint32_t id = 0;
    while (lines >> word)
      if (word == "prog_id:" && lines >> id) ids.insert(id);
  }
  return ids;
}

// What the programs that this process holds have cost, by name.
inline std::map<std::string, Cost> costs() {
  std::map<std::string, Cost> found;
  for (const std::uint32_t id : held_programs()) {
    const base::UniqueFd program(bpf_prog_get_fd_by_id(id));
    bpf_prog_info info{};
    std::uint32_t length = sizeof info;
    if (!program || bpf_obj_get_info_by_fd(program.get(), &info, &length) != 0) continue;
    found[info.name].ns += info.run_time_ns;
    found[info.name].runs += info.run_cnt;
  }
  return found;
}

// For as long as it lives, the kernel takes the time of every run of every program.
class StatsOn {
 public:
  StatsOn() : fd_(bpf_enable_stats(BPF_STATS_RUN_TIME)) {
    if (fd_ < 0) throw std::runtime_error("BPF_ENABLE_STATS was refused: needs CAP_SYS_ADMIN");
  }
  ~StatsOn() { ::close(fd_); }
  StatsOn(const StatsOn&) = delete;

 private:
  int fd_;
};

}  // namespace hostmeter::bench
