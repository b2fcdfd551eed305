// What the tests of bpf/blkio.bpf.c share.
#pragma once
#include <doctest/doctest.h>

#include <memory>
#include <utility>

#include "counting_lab.hpp"
#include "hostmeter/flow/facts/bpf_map.hpp"
#include "source/bpf/blkio_object.hpp"
#include "source/bpf/blkio_reader.hpp"

namespace hostmeter::test {

// A reader of the real kernel that knows the cgroups a test tells it of.
struct BlkioLab : CountingLab {
  source::bpf::BlkioObject* object = nullptr;
  std::unique_ptr<source::bpf::BlkioReader> reader;

  explicit BlkioLab(const source::bpf::Options& options = {}) {
    auto owned = loaded(options, [&](const source::bpf::Options& all) {
      return source::bpf::BlkioObject::load(host, all);
    });
    object = owned.get();
    reader = std::make_unique<source::bpf::BlkioReader>(host, inventory, FakeInventory::kHierarchy,
                                                        std::move(owned));
  }
  void read() { CountingLab::read(*reader); }
  std::size_t rows_of(std::uint64_t cgroup_id) const {
    const auto rows = object->rows();
    REQUIRE(rows);
    std::size_t count = 0;
    for (const source::bpf::BlkioRow& row : *rows) count += row.key.cgroup_id == cgroup_id;
    return count;
  }
  std::uint64_t map_value(BpfMap field) const {
    return out.value(field, kHost, out.instance("blkio_counts")).value_or(0);
  }
};

}  // namespace hostmeter::test
