#include "app/telegraf_internal.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "app/readers.hpp"
#include "config/telegraf/host_inputs.hpp"

using namespace hostmeter;
using namespace hostmeter::config::telegraf;

namespace {

Input input(std::string name, std::string alias = {}, Plugin plugin = Swap{}) {
  Input made;
  made.name = std::move(name);
  made.common.alias = std::move(alias);
  made.plugin = std::move(plugin);
  return made;
}

}  // namespace

TEST_CASE("inputs of one name and alias are one, with all their scripts") {
  Exec exec;
  exec.commands = {{{}, {"/a"}, "a"}, {{}, {"/b"}, "b"}};
  const Input all[] = {input("exec", "", exec), input("mem"), input("exec", "x", exec),
                       input("exec", "", exec)};
  const auto told = app::told_of({&all[0], &all[1], &all[2], &all[3]});
  REQUIRE(told.size() == 3);
  CHECK(told[0].inputs == std::vector<std::size_t>{0, 3});
  CHECK(told[0].scripts == std::vector<std::string>{"a", "b", "a", "b"});
  CHECK(told[0].readers.empty());
  CHECK(told[1].input == "mem");
  CHECK(told[1].readers == std::vector<std::string>{"meminfo"});
  CHECK(told[2].alias == "x");
}

TEST_CASE("the readers of each input of the host are there") {
  const auto readers = app::reader_names();
  for (const std::string_view name : host_input_names()) {
    const bool is_measured = name != "internal";
    CAPTURE(name);
    const Input one = input(std::string(name));
    const auto told = app::told_of({&one});
    CHECK(told[0].readers.empty() != is_measured);
    for (const std::string& reader : told[0].readers) {
      CAPTURE(reader);
      CHECK(std::ranges::count(readers, reader) == 1);
    }
  }
}
