// A BPF object whose first program is attached as an iterator: it runs when it is told to. Others
// may tell it what happens in between.
#pragma once
#include <bpf/libbpf.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"
#include "source/bpf/rights.hpp"

namespace hostmeter::source::bpf {

// What bpftool's header has of an object.
struct ObjectBytes {
  const void* data = nullptr;
  std::size_t size = 0;
};

class IteratorObject {
 public:
  static Result<IteratorObject> open(ObjectBytes);

  // Before it is loaded: its constants, which must be all of .rodata, and how large a map is.
  std::optional<Error> set_constants(const void* data, std::size_t size);
  void set_entries(const char* name, std::uint32_t entries);

  // Over one cgroup, or from it down; or over the elements of one of its own maps.
  std::optional<Error> load(const base::Dir& sys);
  std::optional<Error> attach(int cgroup_fd, bpf_cgroup_iter_order);
  std::optional<Error> attach(const char* name);

  int map_fd(std::string_view name_ends_in) const;

  // Runs the program to its end. Allocates nothing.
  std::optional<Error> run();

 private:
  struct Close {
    void operator()(bpf_object* object) const { bpf_object__close(object); }
  };
  struct Destroy {
    void operator()(bpf_link* link) const { bpf_link__destroy(link); }
  };
  explicit IteratorObject(bpf_object* object) : object_(object) {}
  std::optional<Error> attach(bpf_iter_link_info);
  bpf_map* map(std::string_view name_ends_in) const;

  std::unique_ptr<bpf_object, Close> object_;
  std::unique_ptr<bpf_link, Destroy> link_;
  std::vector<std::unique_ptr<bpf_link, Destroy>> others_;
  UseRights rights_;
};

}  // namespace hostmeter::source::bpf
