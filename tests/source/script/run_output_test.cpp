#include "source/script/run_output.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>

using namespace hostmeter;
using source::script::fit_for_log;
using source::script::RunOutput;

namespace {

struct Lab {
  explicit Lab(std::size_t most) : output(make(), most) {}

  std::array<base::UniqueFd, 2> make() {
    std::array<base::UniqueFd, 2> reading;
    for (std::size_t i = 0; i < 2; ++i) {
      std::array<int, 2> ends{};
      REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
      reading[i] = base::UniqueFd(ends[0]);
      writing[i] = base::UniqueFd(ends[1]);
    }
    return reading;
  }
  void print(std::string_view text, std::size_t which = 0) {
    REQUIRE(::write(writing[which].get(), text.data(), text.size()) == ssize_t(text.size()));
  }

  std::array<base::UniqueFd, 2> writing;
  RunOutput output;
  std::string buffer;
};

}  // namespace

TEST_CASE("both streams are read as they come, without waiting") {
  Lab lab(100);
  lab.output.read(0, lab.buffer);
  lab.print("a 1\nb");
  lab.print("careful", 1);
  lab.output.read(0, lab.buffer);
  lab.output.read(1, lab.buffer);
  CHECK(lab.output.text() == "a 1\nb");
  lab.print(" 2");
  lab.output.finish(lab.buffer);  // though it is still open elsewhere
  CHECK(lab.output.text() == "a 1\nb 2");
  CHECK(lab.output.remarks() == "careful");
  CHECK_FALSE(lab.output.is_cut());
  CHECK(lab.output.fd(0) == -1);
  CHECK(lab.output.fd(1) == -1);
}

TEST_CASE("what a run printed is bounded as well when it comes as a whole") {
  const RunOutput whole({"a 1\nb", "careful"}, 5);
  CHECK(whole.text() == "a 1\nb");
  CHECK(whole.remarks() == "careful");
  CHECK(whole.is_cut());  // by its remarks
  const RunOutput cut({"a 1\nb 2", ""}, 5);
  CHECK(cut.text() == "a 1\n");
  CHECK(cut.is_cut());
  CHECK_FALSE(RunOutput({"a 1\nb", ""}, 5).is_cut());
}

TEST_CASE("the end of a stream is noted") {
  Lab lab(100);
  lab.writing[0].reset();
  lab.output.read(0, lab.buffer);
  CHECK(lab.output.fd(0) == -1);
  CHECK(lab.output.fd(1) != -1);
}

TEST_CASE("as much as may be is whole, one byte more is cut off with its line") {
  Lab lab(8);
  lab.print("a 1\nb 2\n");
  lab.output.read(0, lab.buffer);
  CHECK_FALSE(lab.output.is_cut());
  lab.print("c");
  lab.output.read(0, lab.buffer);
  CHECK(lab.output.is_cut());
  CHECK(lab.output.text() == "a 1\nb 2\n");
  CHECK(lab.output.fd(0) == -1);
  Lab one(8);
  one.print("a 1\nb 2345\nc 3\n");
  one.output.read(0, one.buffer);
  CHECK(one.output.text() == "a 1\n");
  Lab line(8);
  line.print("a 23456789");
  line.output.read(0, line.buffer);
  CHECK(line.output.text().empty());
}

TEST_CASE("of remarks only the first are kept, and too many are too much") {
  Lab lab(10'000);
  const std::string flood(4'000, 'x');
  for (int i = 0; i < 2; ++i) lab.print(flood, 1);
  lab.output.read(1, lab.buffer);
  CHECK(lab.output.remarks().size() == RunOutput::kMostRemarks);
  CHECK_FALSE(lab.output.is_cut());
  lab.print(flood, 1);
  lab.output.read(1, lab.buffer);
  CHECK(lab.output.is_cut());
}

TEST_CASE("what goes to the log is one short line of letters") {
  CHECK(fit_for_log("").empty());
  CHECK(fit_for_log("\n\n").empty());
  CHECK(fit_for_log("no such file\n") == "no such file");
  CHECK(fit_for_log("\nfirst\r\n\tsecond\nthird\nfourth\n") == "first second third");
  CHECK(fit_for_log("\x1b[31mred\x1b[0m\a \x7f\xc2\x9b") == "[31mred [0m");
  CHECK(fit_for_log("gr\xc3\xbc\xc3\x9f \xff\xfe!") == "gr\xc3\xbc\xc3\x9f !");
  CHECK(fit_for_log(std::string(10'000, 'x')).size() == 300);
}
