// Totals of ended containers, by two labels: a bounded table.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "collect/bindings.hpp"
#include "hostmeter/flow/facts/ended.hpp"
#include "hostmeter/flow/instances.hpp"

namespace hostmeter::collect {

struct EndedFigures {
  static constexpr std::size_t kFields = std::size_t(Ended::count);
  std::array<std::uint64_t, kFields> value{};
  std::uint32_t present = 0;  // bit i: value[i] is there

  std::uint64_t& operator[](Ended field) { return value[std::size_t(field)]; }
  std::uint64_t operator[](Ended field) const { return value[std::size_t(field)]; }
};
constexpr std::uint32_t bit(Ended field) {
  return 1U << unsigned(field);
}

// Rows are made before anything is added to them, at 0: of a series that is first seen at its final
// value nobody knows the increase. What there is no room for is added up in a row of its own, whose
// labels say "overflow".
class EndedRows {
 public:
  struct Options {
    std::size_t max_rows = 1'000;
    // A row that nobody holds and nothing was added to for so long is dropped. 0: never, unless it
    // is empty; then all rows together are right for ever.
    std::uint64_t idle_ns = 0;
  };
  static constexpr std::string_view kOverflow = "overflow";
  // A row is not dropped sooner for want of room: somebody may still have to see what is in it.
  static constexpr std::uint64_t kLeastIdleNs = 600'000'000'000;

  struct Row {
    std::array<std::string, 2> labels;
    Instance instance = 0;
    EndedFigures totals;
    std::size_t holders = 0;
    std::uint64_t changed_ns = 0;
    bool changed = false, is_overflow = false;
  };

  EndedRows(Bindings& out, InstanceIds& ids, Options options)
      : out_(out), ids_(ids), options_(options) {}

  // Held until it is released. One that nobody holds and nothing was added to is dropped then.
  Row& hold(std::string_view first, std::string_view second);
  void release(Row& row);

  void add(Row& row, Ended field, std::uint64_t value);
  // These fields are known from now on, at 0 if nothing was added.
  void know(Row& row, std::uint32_t fields);

  // Gives what changed to the bindings, as Field's group, and drops what is idle.
  template <class Field>
  void send(std::uint64_t now_ns) {
    now_ns_ = now_ns;
    for (Row* const row : changed_) {
      row->changed = false;
      row->changed_ns = now_ns;
      Facts<Field> facts;
      for (std::size_t i = 0; i < EndedFigures::kFields; ++i)
        if ((row->totals.present >> i & 1U) != 0) facts.set(Field(i), row->totals.value[i]);
      for (std::size_t part = 0; part < facts.kParts; ++part)
        out_.apply(facts.part(part, kHost, row->instance));
    }
    changed_.clear();
    expire();
  }

  std::size_t size() const { return rows_.size(); }

 private:
  using Rows = std::unordered_map<std::string, std::unique_ptr<Row>>;
  static constexpr std::uint64_t kExpireEveryNs = 60'000'000'000;

  void mark(Row& row);
  bool make_room();
  void expire();
  bool may_go(const Row& row, std::uint64_t idle_ns) const;
  Rows::iterator drop(Rows::iterator row);

  Bindings& out_;
  InstanceIds& ids_;
  const Options options_;
  Rows rows_;                  // by both labels
  std::size_t overflows_ = 0;  // of them: beyond the bound
  std::vector<Row*> changed_;
  std::uint64_t now_ns_ = 0, next_expiry_ns_ = 0;
};

}  // namespace hostmeter::collect
