#include "parse/influx.hpp"

#include <doctest/doctest.h>

#include "parse/told_measurements.hpp"

using namespace hostmeter::parse;

namespace {

using Lines = std::vector<std::string>;

Lines told(std::string_view text, InfluxParser::Limits limits = {}) {
  ToldMeasurements told;
  InfluxParser(limits).parse(text, told);
  return told.lines;
}

std::string refusal(std::string_view line) {
  const Lines lines = told(line);
  REQUIRE(lines.size() == 1);
  return lines[0].starts_with("1 bad: ") ? lines[0].substr(7) : "taken: " + lines[0];
}

}  // namespace

TEST_CASE("a line has a name, tags, fields of five kinds and a time") {
  CHECK(told("cpu,host=a,cpu=cpu0 idle=12.5,user=3i,all=18446744073709551615u,on=t,s=\"x y\" "
             "1465839830100400200\n") ==
        Lines{"1 cpu host=a cpu=cpu0 | idle=12.5 user=3i all=18446744073709551615u on=true "
              "s=\"x y\" @1465839830100400200"});
  CHECK(told("m a=-1.5e-3,b=.5,c=5.,d=-7i,e=F -1") ==
        Lines{"1 m | a=-0.0015 b=0.5 c=5 d=-7i e=false @-1"});
}

TEST_CASE("comments, empty lines, blanks and both ends of lines are as nothing") {
  CHECK(told("# a comment\n\n  \t\n  m a=1 \r\nm b=2 1 \n\r\nm c=3") ==
        Lines{"4 m | a=1", "5 m | b=2 @1", "7 m | c=3"});
  CHECK(told("").empty());
}

TEST_CASE("escapes are undone, a backslash before other bytes stays") {
  CHECK(told(R"(my\ m\,x,t\ a\=g=v\,1\ \=,p=C:\dir f\ 1=1,g="a \"b\" C:\\ \n")") ==
        Lines{R"(1 my m,x t a=g=v,1 = p=C:\dir | f 1=1 g="a "b" C:\ \n")"});
}

TEST_CASE("a string may go on over lines, and what follows has its number") {
  CHECK(told("m a=\"one\ntwo\",b=1\nm c=2\n") == Lines{"1 m | a=\"one\ntwo\" b=1", "3 m | c=2"});
}

TEST_CASE("one bad line costs that line") {
  CHECK(told("m a=1\nm a=x\nm a=\"open\nm a=3\n") ==
        Lines{"1 m | a=1",
              "2 bad: a field's value is neither a number nor true or false nor in quotes",
              "3 bad: a string has no end", "4 m | a=3"});
}

TEST_CASE("what is wrong with a line is said") {
  CHECK(refusal(",a=1 b=2") == "the line begins with no name of a measurement");
  CHECK(refusal("m") == "a blank and fields have to follow");
  CHECK(refusal("m ") == "a field has no name");
  CHECK(refusal("m,t a=1") == "'=' has to follow a tag's name");
  CHECK(refusal("m,=v a=1") == "a tag has no name");
  CHECK(refusal("m,t= a=1") == "a tag has no value");
  CHECK(refusal("m,t=1,t=2 a=1") == "a tag is there twice");
  CHECK(refusal("m a") == "'=' has to follow a field's name");
  CHECK(refusal("m a=1,") == "a field has no name");
  CHECK(refusal("m a=1 x") == "the timestamp is no number");
  CHECK(refusal("m a=1 1 2") == "something follows the fields and the time");
  CHECK(refusal("m,t=\xFF a=1") == "the line is not UTF-8");
  for (const char* value : {"", "nan", "inf", "+1", "1e", "0x1", "1ii", "1.5i", "-1u", "tru",
                            "9223372036854775808i", "18446744073709551616u", "1e999", "."}) {
    CAPTURE(value);
    CHECK(refusal("m a=" + std::string(value)) ==
          "a field's value is neither a number nor true or false nor in quotes");
  }
}

TEST_CASE("limits hold, and no number is cut at one") {
  const InfluxParser::Limits limits{.line = 12, .tags = 1};
  CHECK(told("m,a=1,b=2 c=1", {.tags = 1}) == Lines{"1 bad: too many tags"});
  CHECK(told("m a=12345678\nm b=1\n", limits) == Lines{"1 m | a=1.23457e+07", "2 m | b=1"});
  CHECK(told("m a=123456789\nm b=1\n", limits) ==
        Lines{"1 bad: the line is too long", "2 m | b=1"});
  CHECK(told("m a=\"\n\",b=12345\n", limits)[0] == "1 bad: the line is too long");
}
