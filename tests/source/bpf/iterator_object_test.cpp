#include "source/bpf/iterator_object.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string_view>

#include "source/bpf/libbpf_log.hpp"

using namespace hostmeter::source::bpf;

TEST_CASE("what is no BPF object is refused, and said to be") {
  const LibbpfLog silent({});
  constexpr std::string_view kGarbage =
      "not an ELF file, but longer than the header of one would be";
  const auto object = IteratorObject::open({kGarbage.data(), kGarbage.size()});
  REQUIRE_FALSE(object);
  CHECK(object.error().code != 0);
  CHECK(object.error().what == "open the BPF object");
}
