#include "source/proc/kernel_values.hpp"

#include <doctest/doctest.h>

#include <cstdio>

#include "hostmeter/flow/facts/kernel_value.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::proc;

namespace {

struct Told final : KernelValueSink {
  std::string text;
  unsigned errors = 0;
  void value(std::string_view part, std::string_view name, double value) override {
    char number[32];
    std::snprintf(number, sizeof number, "%.17g", value);
    (((text += part) += ' ') += name) += '=';
    (text += number) += ';';
  }
  void bad(const Error&) override { ++errors; }
};

template <auto parse>
Told told(std::string_view text) {
  Told all;
  parse(text, all);
  return all;
}

class TwoFiles final : public KernelValueReader {
 public:
  using KernelValueReader::KernelValueReader;

 private:
  void read_files() override {
    take<parse_named_values>(host().proc, "a", "A");
    take<parse_named_values>(host().proc, "b", "B");
  }
};

}  // namespace

TEST_CASE("a name and a number on each line") {
  const Told all = told<parse_named_values>("nr_free 12\nbad x\nIp6In  \t 0\nlow -3\n\nend 1");
  CHECK(all.text == " nr_free=12; Ip6In=0; low=-3; end=1;");
  CHECK(all.errors == 1);
  CHECK(told<parse_named_values>("a\x01z 1\n").errors == 1);
  CHECK(told<parse_named_values>("a 18446744073709551616\n").errors == 1);
}

TEST_CASE("a line of names and one of numbers for each protocol") {
  const Told all = told<parse_protocol_values>(
      "Tcp: MaxConn InSegs More\nTcp: -1 5\nIcmpMsg: InType3\nIcmpMsg: 7\n");
  CHECK(all.text == "Tcp MaxConn=-1;Tcp InSegs=5;IcmpMsg InType3=7;");
  CHECK(all.errors == 1);
  for (const char* text : {"Tcp: A\n", "Tcp: A\nUdp: 1\n", "Tcp A\nTcp 1\n"})
    CHECK(told<parse_protocol_values>(text).errors == 1);
}

TEST_CASE("columns of each CPU are hexadecimal, their sums come first and are whole") {
  const Told all = told<parse_cpu_values>("entries  found\n0000000a 000000ff\n0a  01\n");
  CHECK(all.text ==
        "all entries=10;all found=256;0 entries=10;0 found=255;1 entries=10;1 found=1;");
  CHECK(all.errors == 0);
  const Told damaged = told<parse_cpu_values>("entries  found\n0000000a 000000ff\n0a  xyz\n");
  CHECK(damaged.text == "all entries=10;0 entries=10;0 found=255;1 entries=10;");
  CHECK(damaged.errors == 1);
  CHECK(told<parse_cpu_values>("entries found\n").text.empty());
}

TEST_CASE("the averages of a pressure file") {
  const Told all = told<parse_pressure_averages>(
      "some avg10=0.25 avg60=1.00 avg300=99.50 total=7\nfull avg10=0.00 avg60=x\n");
  CHECK(all.text == "some avg10=0.25;some avg60=1;some avg300=99.5;full avg10=0;");
  CHECK(all.errors == 1);
}

TEST_CASE("numbers in an order of which not all are of interest") {
  constexpr std::string_view kNames[] = {"a", "", "c", "d"};
  Told all;
  parse_value_list("1\t2\t3\n", kNames, all);
  CHECK(all.text == " a=1; c=3;");
  CHECK(all.errors == 0);
  parse_value_list("x y\n", kNames, all);
  CHECK(all.errors == 1);
}

TEST_CASE("values are instances, read when they are due; what is gone goes") {
  test::MadeUpHost made_up("-- proc/a --\nx 1\ny 2\n-- proc/b --\nx 3\n");
  TwoFiles reader(made_up.host, {{.interval_ns = 10'000'000'000}});
  test::Captured out;
  const auto tick = [&](std::uint64_t second, bool resend = false) {
    out.clear();
    reader.read({.number = second, .realtime_ns = second * 1'000'000'000, .resend = resend}, out);
  };
  tick(1'000'001);
  REQUIRE(out.news.size() == 3);
  CHECK(std::get<NamedInstance>(out.news[2]).values == std::vector<std::string>{"B", "x", ""});
  REQUIRE(out.records.size() == 3);
  CHECK(std::bit_cast<double>(out.records[2].value[0]) == 3);
  tick(1'000'002);
  CHECK(out.records.empty());
  tick(1'000'003, true);
  CHECK(out.records.size() == 3);
  made_up.tree.write("proc/a", "x 5\n");
  tick(1'000'010);
  CHECK(out.records.size() == 2);
  REQUIRE(out.news.size() == 1);
  CHECK(std::holds_alternative<GoneInstance>(out.news[0]));
  CHECK(reader.parse_errors() == 0);
}

TEST_CASE("a file without end costs a bounded number of series") {
  std::string text = "-- proc/a --\n";
  for (int i = 0; i < 5'000; ++i) text += "n" + std::to_string(i) + " 1\n";
  test::MadeUpHost made_up(text);
  TwoFiles reader(made_up.host, {Every{}});
  test::Captured out;
  reader.read({.realtime_ns = 1}, out);
  CHECK(out.records.size() == KernelValueReader::kMostValues);
  CHECK(reader.parse_errors() == 1);
}
