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

// Counted where nothing is lost, on whatever machine: a test knows the exact figures.
inline source::bpf::Options at_issue() {
  source::bpf::Options options;
  options.blkio_latency = false;
  return options;
}

// Readers of the real kernel that know the cgroups a test tells them of.
struct BlkioLab : CountingLab {
  source::bpf::BlkioObject* object = nullptr;
  std::unique_ptr<source::bpf::BlkioReader> reader;
  std::unique_ptr<source::bpf::BlkioLatencyReader> latency;

  explicit BlkioLab(const source::bpf::Options& options = at_issue()) {
    auto owned = loaded(options, [&](const source::bpf::Options& all) {
      return source::bpf::BlkioObject::load(host, all);
    });
    object = owned.get();
    reader = std::make_unique<source::bpf::BlkioReader>(host, inventory, FakeInventory::kHierarchy,
                                                        std::move(owned));
    latency = std::make_unique<source::bpf::BlkioLatencyReader>(*reader);
  }
  void read() { CountingLab::read(*reader, *latency); }
  std::size_t rows_of(std::uint64_t cgroup_id) const {
    const auto rows = object->rows();
    REQUIRE(rows);
    std::size_t count = 0;
    for (const source::bpf::BlkioRow& row : *rows) count += row.key.cgroup_id == cgroup_id;
    return count;
  }
  std::uint64_t map_value(BpfMap field) const {
    return out.value(field, kHost, out.instance("blkio_rows")).value_or(0);
  }
};

}  // namespace hostmeter::test
