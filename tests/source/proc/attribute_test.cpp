#include "source/proc/attribute.hpp"

#include <doctest/doctest.h>

#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::source::proc;

TEST_CASE("attributes are decimal or hexadecimal") {
  CHECK(*parse_attribute("1500\n") == 1500);
  CHECK(*parse_attribute("0x1003\n") == 0x1003);
  for (const char* text : {"", "-1", "0x", "0xfffffffffffffffff", "12 13", "up", "0x-1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_attribute(text));
  }
}

TEST_CASE("sensors may be below zero") {
  CHECK(*parse_signed_attribute("-12500\n") == -12500.0);
  CHECK(*parse_signed_attribute("7") == 7.0);
  for (const char* text : {"", "-", "--1", "1.5", "nan"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_signed_attribute(text));
  }
}

TEST_CASE("a missing directory and a missing file are absent, not errors") {
  test::Tree tree("-- dir/name --\n  a name \n-- dir/sub/ --\n");
  base::Buffer buffer;
  const AttributeDir dir(tree.fd(), "dir", buffer);
  CHECK(*dir.text("name") == "a name");
  CHECK(is_gone(dir.text("other").error()));
  CHECK(is_gone(dir.text("sub").error()));
  const AttributeDir none(tree.fd(), "none", buffer);
  CHECK_FALSE(bool(none));
  CHECK(is_gone(none.text("name").error()));
  std::string value = "before";
  dir.copy("other", value);
  CHECK(value.empty());
}
