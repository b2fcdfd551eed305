#include "parse/nagios.hpp"

#include <doctest/doctest.h>

#include "parse/told_measurements.hpp"

using namespace hostmeter::parse;

namespace {

using Lines = std::vector<std::string>;

Lines told(std::string_view text, int exit_status = 0, NagiosLimits limits = {}) {
  ToldMeasurements told;
  parse_nagios(text, exit_status, limits, told);
  return told.lines;
}

// The fields of the one figure with this range to warn of.
std::string range(const std::string& text) {
  const Lines lines = told("OK | a=1;" + text + "\n");
  const std::string prefix = "1 nagios perfdata=a | value=1";
  return lines[0].starts_with(prefix) ? lines[0].substr(prefix.size()) : lines[0];
}

}  // namespace

TEST_CASE("a plugin prints a text and figures with units, ranges and bounds") {
  CHECK(told("PING OK - rta 0.30 ms | rta=0.298ms;4000.000;6000.000;0 pl=0%;80;90;0;100\n") ==
        Lines{"1 nagios perfdata=rta unit=ms | value=0.298 warning_lt=0 warning_gt=4000 "
              "critical_lt=0 critical_gt=6000 min=0",
              "1 nagios perfdata=pl unit=% | value=0 warning_lt=0 warning_gt=80 critical_lt=0 "
              "critical_gt=90 min=0 max=100",
              "1 nagios_state | service_output=\"PING OK - rta 0.30 ms\" state=0i"});
}

TEST_CASE("more text and more figures may follow") {
  CHECK(told("DISK OK | /=2643MB;5948;5958;0;5968\n/ 15272 MB\n/boot 68 MB | /boot=68MB\n"
             "'home dir'=69357MB 'it''s'=1\nvar=818MB\n",
             2) == Lines{"1 nagios perfdata=/ unit=MB | value=2643 warning_lt=0 warning_gt=5948 "
                         "critical_lt=0 critical_gt=5958 min=0 max=5968",
                         "3 nagios perfdata=/boot unit=MB | value=68",
                         "4 nagios perfdata=home dir unit=MB | value=69357",
                         "4 nagios perfdata=it's | value=1",
                         "5 nagios perfdata=var unit=MB | value=818",
                         "1 nagios_state | service_output=\"DISK OK\" state=2i "
                         "long_service_output=\"/ 15272 MB\n/boot 68 MB\""});
  CHECK(told("OK\nmore |\na=1\n").size() == 2);
}

TEST_CASE("ranges say when to warn") {
  CHECK(range("10") == " warning_lt=0 warning_gt=10");
  CHECK(range("10:") == " warning_lt=10 warning_gt=inf");
  CHECK(range("~:10") == " warning_lt=-inf warning_gt=10");
  CHECK(range("10:20") == " warning_lt=10 warning_gt=20");
  CHECK(range("@10:20") == " warning_le=10 warning_ge=20");
  CHECK(range(";@5") == " critical_le=0 critical_ge=5");
  CHECK(range("x") == "1 bad: a figure's range is none");
  CHECK(range("1:2:3") == "1 bad: a figure's range is none");
}

TEST_CASE("a bad figure costs itself, and the state is there in any case") {
  CHECK(told("OK | a=x b=1 'c d=2\n", 3) ==
        Lines{"1 bad: a figure's value is no number", "1 nagios perfdata=b | value=1",
              "1 bad: '=' has to follow the label of a figure",
              "1 nagios_state | service_output=\"OK\" state=3i"});
  CHECK(told("OK | a=U b=1").size() == 2);
  CHECK(told("OK | =1 nothing")[0] == "1 bad: a figure has no label");
  CHECK(told("OK | nothing")[0] == "1 bad: a figure has no '='");
  CHECK(told("OK | a=1;;;x")[0] == "1 bad: a figure's least or most is no number");
  CHECK(told("a | b=1 | c=2\n", 1) ==
        Lines{"1 bad: more than one '|'", "1 nagios_state | service_output=\"\" state=1i"});
  CHECK(told("\xFF\n", 1)[0] == "1 bad: the line is not UTF-8");
  CHECK(told("", 1) == Lines{"1 nagios_state | service_output=\"\" state=1i"});
  CHECK(told("OK too long", 0, {.line = 5})[0] == "1 bad: the line is too long");
}
