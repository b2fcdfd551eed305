#include "source/script/report.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/unique_fd.hpp"

using namespace hostmeter;
using namespace hostmeter::source::script;

namespace {

struct Pipe {
  base::UniqueFd read, write;
};

Pipe pipe_ends() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
  return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

}  // namespace

TEST_CASE("reports come through a pipe, whole or not at all") {
  auto [read, write] = pipe_ends();
  CHECK_FALSE(receive_report(read.get()));
  send_report(write.get(), to_report(Report::Kind::sandbox, {EPERM, "mount /tmp"}, Feature::tmp));
  send_report(write.get(), to_report(Report::Kind::ended, {256, ""}));
  const auto first = receive_report(read.get());
  REQUIRE(first);
  CHECK(first->kind == Report::Kind::sandbox);
  CHECK(first->value == EPERM);
  CHECK(first->feature == Feature::tmp);
  CHECK(what_of(*first) == "mount /tmp");
  const auto second = receive_report(read.get());
  REQUIRE(second);
  CHECK(second->value == 256);
  CHECK(::write(write.get(), "short", 5) == 5);
  write.reset();
  CHECK_FALSE(receive_report(read.get()));
}

TEST_CASE("a long reason is cut") {
  const std::string text(500, 'x');
  const Report report = to_report(Report::Kind::script, {1, text});
  CHECK(what_of(report) == text.substr(0, report.what.size() - 1));
}

TEST_CASE("one that does not come is not waited for without end") {
  auto [read, write] = pipe_ends();
  CHECK_FALSE(await_report(read.get(), 20));
  send_report(write.get(), to_report(Report::Kind::ended, {7, ""}));
  CHECK(await_report(read.get(), 10'000)->value == 7);
  write.reset();
  CHECK_FALSE(await_report(read.get(), 600'000));
}
