#include "source/bpf/libbpf_log.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hostmeter;
using source::bpf::LibbpfLog;

namespace {
void make_libbpf_complain() {
  CHECK(bpf_object__open_file("/nonexistent/object", nullptr) == nullptr);
}
}  // namespace

TEST_CASE("what libbpf says goes to the log while one is held") {
  std::vector<std::string> lines;
  const source::bpf::Log log = [&](std::string_view line) { lines.emplace_back(line); };
  {
    const LibbpfLog captured(log);
    make_libbpf_complain();
  }
  REQUIRE_FALSE(lines.empty());
  CHECK(lines[0].find("/nonexistent/object") != std::string::npos);
  CHECK(lines[0].find('\n') == std::string::npos);

  const std::size_t heard = lines.size();
  {
    const LibbpfLog quiet({});
    make_libbpf_complain();
  }
  CHECK(lines.size() == heard);
}
