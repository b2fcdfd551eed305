#include "source/script/report.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/unique_fd.hpp"

using namespace hostmeter;
using namespace hostmeter::source::script;

TEST_CASE("reports come through a pipe, whole or not at all") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
  const base::UniqueFd read(ends[0]);
  base::UniqueFd write(ends[1]);
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
