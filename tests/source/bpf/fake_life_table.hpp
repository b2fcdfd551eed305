// Events that a test makes up, byte by byte as the kernel tells them.
#pragma once
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/bpf/life_table.hpp"

namespace hostmeter::test {

struct FakeLifeTable final : source::bpf::LifeTable {
  std::vector<std::vector<std::byte>> waiting;
  std::vector<source::bpf::LifeRow> rows;
  std::optional<Error> failure;
  source::bpf::LifeHealth state;
  std::size_t reads = 0;

  void drain(const Take& take) override {
    const auto events = std::exchange(waiting, {});
    for (const auto& event : events) take(event);
  }
  Result<std::span<const source::bpf::LifeRow>> processes() override {
    ++reads;
    if (failure) return *failure;
    return std::span<const source::bpf::LifeRow>(rows);
  }
  source::bpf::LifeHealth health() override { return state; }

  void tell(const void* event, std::size_t size) {
    const auto* bytes = static_cast<const std::byte*>(event);
    waiting.emplace_back(bytes, bytes + size);
  }
  void made(std::uint32_t hierarchy, std::uint64_t id, std::uint64_t parent, std::uint64_t at) {
    const wire_life_head head{WIRE_LIFE_MADE, hierarchy, id, parent, at};
    tell(&head, sizeof head);
  }
  struct Figure {
    wire_life_field field;
    std::uint64_t value;
  };
  void removed(std::uint32_t hierarchy, std::uint64_t id, std::uint64_t made_at, std::uint64_t at,
               std::string_view path, std::initializer_list<Figure> figures = {}) {
    wire_life_removed event{};
    event.head = {WIRE_LIFE_REMOVED, hierarchy, id, 1, at};
    event.made_ns = made_at;
    for (const auto& [field, value] : figures) {
      event.present |= std::uint64_t{1} << field;
      event.value[field] = value;
    }
    path.copy(event.path, sizeof event.path - 1);
    tell(&event, WIRE_LIFE_REMOVED_HEAD + path.size() + 1);
  }
  void killed(std::uint32_t hierarchy, std::uint64_t id, std::uint64_t at, std::string_view comm,
              std::uint64_t bytes) {
    wire_life_oom_kill event{};
    event.head = {WIRE_LIFE_OOM_KILL, hierarchy, id, 0, at};
    event.pid = 4711;
    event.has_bytes = bytes != 0;
    event.bytes = bytes;
    comm.copy(event.comm, sizeof event.comm - 1);
    tell(&event, sizeof event);
  }
};

}  // namespace hostmeter::test
