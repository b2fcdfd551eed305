#include "source/bpf/kernel_types.hpp"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <string>

namespace hostmeter::source::bpf {
namespace {

const btf_member* find_member(const btf* types, const char* structure, std::string_view member) {
  const int id = btf__find_by_name_kind(types, structure, BTF_KIND_STRUCT);
  if (id < 0) return nullptr;
  const btf_type* type = btf__type_by_id(types, std::uint32_t(id));
  const btf_member* members = btf_members(type);
  for (std::uint32_t i = 0; i < btf_vlen(type); ++i)
    if (btf__name_by_offset(types, members[i].name_off) == member) return &members[i];
  return nullptr;
}

std::optional<std::int32_t> find_enumerator(const btf* types, const btf_type* type,
                                            std::string_view name) {
  const struct btf_enum* values = btf_enum(type);
  for (std::uint32_t i = 0; i < btf_vlen(type); ++i)
    if (btf__name_by_offset(types, values[i].name_off) == name) return values[i].val;
  return {};
}

}  // namespace

void KernelTypes::Free::operator()(btf* types) const {
  btf__free(types);
}

Result<KernelTypes> KernelTypes::load() {
  // What libbpf would print is said here.
  const libbpf_print_fn_t print = libbpf_set_print(nullptr);
  btf* const types = btf__load_vmlinux_btf();
  libbpf_set_print(print);
  if (!types) return Error{ENOENT, "the kernel has no BTF (CONFIG_DEBUG_INFO_BTF)"};
  return KernelTypes(types);
}

KernelTypes::~KernelTypes() = default;
KernelTypes::KernelTypes(KernelTypes&&) noexcept = default;

bool KernelTypes::has_struct(const char* structure) const {
  return btf__find_by_name_kind(types_.get(), structure, BTF_KIND_STRUCT) >= 0;
}

bool KernelTypes::has_member(const char* structure, std::string_view member) const {
  return find_member(types_.get(), structure, member) != nullptr;
}

bool KernelTypes::has_function(const char* function) const {
  return btf__find_by_name_kind(types_.get(), function, BTF_KIND_FUNC) >= 0;
}

std::optional<std::uint32_t> KernelTypes::elements(const char* structure,
                                                   std::string_view member) const {
  const btf_member* found = find_member(types_.get(), structure, member);
  const btf_type* type = found ? btf__type_by_id(types_.get(), found->type) : nullptr;
  if (!type || !btf_is_array(type)) return {};
  return btf_array(type)->nelems;
}

std::optional<std::int32_t> KernelTypes::enumerator(const char* enumeration,
                                                    std::string_view name) const {
  const int id = btf__find_by_name_kind(types_.get(), enumeration, BTF_KIND_ENUM);
  if (id < 0) return {};
  return find_enumerator(types_.get(), btf__type_by_id(types_.get(), std::uint32_t(id)), name);
}

std::optional<std::int32_t> KernelTypes::enumerator(std::string_view name) const {
  for (std::uint32_t id = 1; id < btf__type_cnt(types_.get()); ++id) {
    const btf_type* type = btf__type_by_id(types_.get(), id);
    if (!btf_is_enum(type)) continue;
    if (const auto value = find_enumerator(types_.get(), type, name)) return value;
  }
  return {};
}

// What tp_btf attaches to is known by this name: a typedef of a pointer to the probe's prototype,
// whose first parameter is the context.
std::optional<unsigned> KernelTypes::tracepoint_arguments(std::string_view tracepoint) const {
  const std::string name = "btf_trace_" + std::string(tracepoint);
  const int id = btf__find_by_name_kind(types_.get(), name.c_str(), BTF_KIND_TYPEDEF);
  if (id < 0) return {};
  const btf_type* pointer =
      btf__type_by_id(types_.get(), btf__type_by_id(types_.get(), std::uint32_t(id))->type);
  if (!pointer || !btf_is_ptr(pointer)) return {};
  const btf_type* prototype = btf__type_by_id(types_.get(), pointer->type);
  if (!prototype || !btf_is_func_proto(prototype) || btf_vlen(prototype) == 0) return {};
  return unsigned(btf_vlen(prototype)) - 1;
}

}  // namespace hostmeter::source::bpf
