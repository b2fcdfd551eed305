// What the running kernel is made of, by its own type information.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "hostmeter/base/result.hpp"

struct btf;

namespace hostmeter::source::bpf {

// BTF of vmlinux. Some megabytes: made where something is asked, and gone again.
class KernelTypes {
 public:
  // ENOENT: the kernel has none (CONFIG_DEBUG_INFO_BTF).
  static Result<KernelTypes> load();
  ~KernelTypes();
  KernelTypes(KernelTypes&&) noexcept;
  KernelTypes& operator=(KernelTypes&&) = delete;

  bool has_struct(const char* structure) const;
  bool has_member(const char* structure, std::string_view member) const;
  // Also true of functions that programs may not call; those they may are kfuncs by convention.
  bool has_function(const char* function) const;
  // How many elements the member, an array, has; nothing: there is no such array.
  std::optional<std::uint32_t> elements(const char* structure, std::string_view member) const;
  // In that enum; or in whatever enum, which takes a look at every type there is.
  std::optional<std::int32_t> enumerator(const char* enumeration, std::string_view name) const;
  std::optional<std::int32_t> enumerator(std::string_view name) const;
  // Without the context that every program gets. Nothing: there is no such tracepoint.
  std::optional<unsigned> tracepoint_arguments(std::string_view tracepoint) const;
  bool has_tracepoint(std::string_view tracepoint) const {
    return tracepoint_arguments(tracepoint).has_value();
  }
  // All that counting block I/O at its issue takes.
  bool has_issue_tracepoints() const {
    return has_tracepoint("block_rq_issue") && has_tracepoint("block_rq_requeue");
  }

  const btf& get() const { return *types_; }

 private:
  struct Free {
    void operator()(btf*) const;
  };
  explicit KernelTypes(btf* types) : types_(types) {}
  std::unique_ptr<btf, Free> types_;
};

}  // namespace hostmeter::source::bpf
