#include "app/version.hpp"

#include <doctest/doctest.h>

#include "app/commands.hpp"
#include "support/captured_stdout.hpp"

TEST_CASE("the version is one line") {
  const std::string text =
      hostmeter::test::captured_stdout([] { CHECK(hostmeter::app::version() == 0); });
  CHECK(text.starts_with(std::string("hostmeter ") + hostmeter::app::kVersion));
  CHECK(text.ends_with(")\n"));
}
