#include "config/schema.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace hostmeter::config;

TEST_CASE("every key is declared once, in a table that is declared, with a sentence") {
  std::set<std::string> seen;
  for (const Key& key : keys()) {
    CAPTURE(key.table);
    CAPTURE(key.name);
    CHECK(find_table(key.table));
    CHECK(find_key(key.table, key.name) == &key);
    CHECK(seen.insert(std::string(key.table) + "." + std::string(key.name)).second);
    CHECK(key.says.ends_with('.'));
    CHECK(describe_values(key) != "");
  }
  CHECK_FALSE(find_key("collect", "address"));
  CHECK_FALSE(find_table("collect.disk"));
}
