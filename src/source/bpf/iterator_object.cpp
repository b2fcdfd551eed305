#include "source/bpf/iterator_object.hpp"

#include <bpf/bpf.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.hpp"
#include "source/bpf/kernel_support.hpp"

namespace hostmeter::source::bpf {

Result<IteratorObject> IteratorObject::open(ObjectBytes bytes) {
  bpf_object_open_opts options{};
  options.sz = sizeof options;
  // Told where it is, libbpf does not look for a type that this kernel lacks in the modules, too,
  // for which it would need CAP_SYS_ADMIN.
  options.btf_custom_path = "/sys/kernel/btf/vmlinux";
  bpf_object* object = bpf_object__open_mem(bytes.data, bytes.size, &options);
  if (!object) return Error{errno, "open the BPF object"};
  return IteratorObject(object);
}

bpf_map* IteratorObject::map(std::string_view name_ends_in) const {
  bpf_map* map = nullptr;
  while ((map = bpf_object__next_map(object_.get(), map)) != nullptr)
    if (std::string_view(bpf_map__name(map)).ends_with(name_ends_in)) return map;
  return nullptr;
}

std::optional<Error> IteratorObject::set_constants(const void* data, std::size_t size) {
  bpf_map* constants = map(".rodata");
  if (!constants || bpf_map__set_initial_value(constants, data, size) != 0)
    return Error{EINVAL, "the BPF object has other constants"};
  return {};
}

void IteratorObject::set_entries(const char* name, std::uint32_t entries) {
  bpf_map__set_max_entries(map(name), entries);
}

std::optional<Error> IteratorObject::load(const base::Dir& sys) {
  if (const int failure = bpf_object__load(object_.get())) return load_refused(-failure, sys);
  return {};
}

std::optional<Error> IteratorObject::attach(int cgroup_fd, bpf_cgroup_iter_order order) {
  bpf_iter_link_info info{};
  info.cgroup.cgroup_fd = std::uint32_t(cgroup_fd);
  info.cgroup.order = order;
  return attach(info);
}

std::optional<Error> IteratorObject::attach(const char* name) {
  bpf_iter_link_info info{};
  info.map.map_fd = std::uint32_t(map_fd(name));
  return attach(info);
}

std::optional<Error> IteratorObject::attach(bpf_iter_link_info info) {
  bpf_iter_attach_opts options{};
  options.sz = sizeof options;
  options.link_info = &info;
  options.link_info_len = sizeof info;
  bpf_program* program = bpf_object__next_program(object_.get(), nullptr);
  link_.reset(bpf_program__attach_iter(program, &options));
  if (!link_) return Error{errno, "the kernel did not attach a program as an iterator"};
  while ((program = bpf_object__next_program(object_.get(), program)) != nullptr) {
    others_.emplace_back(bpf_program__attach(program));
    if (!others_.back()) return Error{errno, "the kernel did not attach a program"};
  }
  return {};
}

int IteratorObject::map_fd(std::string_view name_ends_in) const {
  const bpf_map* found = map(name_ends_in);
  return found ? bpf_map__fd(found) : -1;
}

std::optional<Error> IteratorObject::run() {
  const int iterator = rights_.run([&] { return bpf_iter_create(bpf_link__fd(link_.get())); });
  if (iterator < 0) return Error{-iterator, "begin a BPF iterator"};
  const base::UniqueFd file(iterator);
  std::array<char, 64> nothing{};  // our programs print nothing
  for (;;) {
    const ssize_t count = ::read(file.get(), nothing.data(), nothing.size());
    if (count == 0) return {};
    if (count < 0 && errno != EINTR && errno != EAGAIN) return Error{errno, "run a BPF iterator"};
  }
}

}  // namespace hostmeter::source::bpf
