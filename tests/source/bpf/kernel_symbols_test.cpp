#include "source/bpf/kernel_symbols.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::bpf::addresses_hidden;
using source::bpf::collect_symbols;
using source::bpf::find_symbols;
using source::bpf::Symbols;

namespace {

constexpr std::array<std::string_view, 2> kNames{"memcg_events", "mem_cgroup_events_index"};

Symbols collected(std::string_view lines) {
  Symbols found;
  collect_symbols(lines, kNames, found);
  return found;
}

}  // namespace

TEST_CASE("only whole names of the kernel itself are taken, the first of each") {
  const Symbols found = collected(
      "ffffffff81690000 t memcg_events_local\n"
      "ffffffff816904c0 T memcg_events\n"
      "ffffffff826904c0 t memcg_events\n"
      "ffffffffc0000000 t mem_cgroup_events_index\t[module]\n");
  CHECK(found.size() == 1);
  CHECK(found.at("memcg_events") == 0xffffffff816904c0);
}

TEST_CASE("hidden addresses and lines that are none are nothing") {
  CHECK(collected("0000000000000000 T memcg_events\n").empty());
  CHECK(collected("x T memcg_events\nffffffff8169 memcg_events\n\n \nmemcg_events\n").empty());
  CHECK(collected("ffffffff816904c0ffffffff816904c0 T memcg_events\n").empty());
}

TEST_CASE("a name is found wherever a piece of a long file ends") {
  for (std::size_t shift = 0; shift < 40; ++shift) {
    std::string text =
        "-- proc/kallsyms --\nffffffff81000000 t " + std::string(shift + 1, 'a') + "\n";
    while (text.size() < (std::size_t{1} << 16) - 80) text += "ffffffff81000000 t some_function\n";
    text += "ffffffff816904c0 T memcg_events\n";
    for (int i = 0; i < 5000; ++i) text += "ffffffff81000000 t some_function\n";
    text += "ffffffff82000000 d mem_cgroup_events_index\n";
    const test::MadeUpHost host(text);
    CHECK(find_symbols(host.host.proc, kNames).size() == 2);
  }
  CHECK(find_symbols(test::MadeUpHost("").host.proc, kNames).empty());
}

TEST_CASE("addresses are hidden when there are only zeros") {
  const test::MadeUpHost shown(
      "-- proc/kallsyms --\n0000000000000000 A fixed_percpu_data\n"
      "ffffffff81000000 T startup_64\n");
  const test::MadeUpHost hidden(
      "-- proc/kallsyms --\n0000000000000000 A fixed_percpu_data\n"
      "0000000000000000 T startup_64\n");
  CHECK_FALSE(addresses_hidden(shown.host.proc));
  REQUIRE(addresses_hidden(hidden.host.proc));
  CHECK(addresses_hidden(hidden.host.proc)->what == source::bpf::kAddressesHidden.what);
  CHECK(addresses_hidden(test::MadeUpHost("").host.proc)->code == ENOENT);
}
