#include "source/bpf/life_events.hpp"

#include <algorithm>
#include <cstring>

namespace hostmeter::source::bpf {
namespace {

// False: the event is not long enough.
template <class Wire>
bool copy(std::span<const std::byte> event, Wire& wire) {
  if (event.size() < sizeof wire) return false;
  std::memcpy(&wire, event.data(), sizeof wire);
  return true;
}

std::string_view text(std::span<const std::byte> bytes) {
  const auto end = std::ranges::find(bytes, std::byte{0});
  return {reinterpret_cast<const char*>(bytes.data()), std::size_t(end - bytes.begin())};
}

}  // namespace

void LifeEvents::take() {
  made_.clear();
  ends_.clear();
  kills_.clear();
  table_.drain([this](std::span<const std::byte> event) {
    if (!add(event)) ++malformed_;
  });
}

std::optional<std::size_t> LifeEvents::hierarchy_of(std::uint32_t number) const {
  const auto found = std::ranges::find(hierarchies_, number, &Hierarchy::number);
  if (found == hierarchies_.end()) return {};
  return std::size_t(found - hierarchies_.begin());
}

bool LifeEvents::add(std::span<const std::byte> event) {
  wire_life_head head{};
  if (!copy(event, head)) return false;
  const auto hierarchy = hierarchy_of(head.hierarchy);
  switch (head.kind) {
    case WIRE_LIFE_MADE:
      if (!hierarchy || event.size() != sizeof head) return false;
      made_.push_back({*hierarchy, head.id, head.parent, head.at_ns});
      return true;
    case WIRE_LIFE_REMOVED:
      return hierarchy && add_end(event, *hierarchy);
    case WIRE_LIFE_OOM_KILL:
      return add_kill(event, hierarchy);
    default:
      return false;
  }
}

bool LifeEvents::add_end(std::span<const std::byte> event, std::size_t hierarchy) {
  wire_life_removed wire{};
  if (event.size() <= WIRE_LIFE_REMOVED_HEAD || event.size() > sizeof wire) return false;
  if (event.back() != std::byte{0}) return false;
  std::memcpy(&wire, event.data(), event.size());
  std::string_view path = text(event.subspan(WIRE_LIFE_REMOVED_HEAD));
  // The kernel cuts what is longer: of whom it is cannot be told.
  if (path.empty() || path.front() != '/' || path.size() >= WIRE_LIFE_PATH - 1) return false;
  const std::string& root = hierarchies_[hierarchy].root;
  if (!path.starts_with(root)) return true;
  path.remove_prefix(root.size());
  if (path.empty() || path.front() != '/') return true;
  LifeEnd end;
  end.removed = {hierarchy,         wire.head.id, wire.head.parent,
                 std::string(path), wire.made_ns, wire.head.at_ns};
  end.figures.present = wire.present;
  end.figures.made_ns = wire.made_ns;
  end.figures.removed_ns = wire.head.at_ns;
  std::ranges::copy(wire.value, end.figures.value.begin());
  ends_.push_back(std::move(end));
  return true;
}

bool LifeEvents::add_kill(std::span<const std::byte> event, std::optional<std::size_t> hierarchy) {
  wire_life_oom_kill wire{};
  if (event.size() != sizeof wire || !copy(event, wire)) return false;
  OomKill kill;
  kill.id = wire.head.id;
  kill.at_ns = wire.head.at_ns;
  if (wire.head.id != 0) kill.hierarchy = hierarchy;
  if (wire.has_bytes != 0) kill.bytes = wire.bytes;
  kill.comm = text(std::as_bytes(std::span(wire.comm)));
  kills_.push_back(std::move(kill));
  return true;
}

}  // namespace hostmeter::source::bpf
