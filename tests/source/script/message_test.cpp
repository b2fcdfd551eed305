#include "source/script/message.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::source::script;

namespace {

Run full_run() {
  Run run;
  run.id = 7;
  run.path = "/etc/hostmeter/scripts.d/check";
  run.argv = {"check", "", "two words"};
  run.environment = {"A=1", "B="};
  run.limits.wall_ns = 3;
  run.limits.cpu_permille = 250;
  run.allow = {true,         {"/a"},          {"/b", "/c"}, {"/run/docker.sock"},
               {"/dev/sda"}, {"/root/token"}, 1U << 12,     {4, 27}};
  return run;
}

}  // namespace

TEST_CASE("requests and answers come out as they went in") {
  for (const Request& request : {Request(full_run()), Request(Stop{9})}) {
    const auto back = decode_request(encode(request));
    REQUIRE(back);
    CHECK(*back == request);
  }
  Standing standing;
  standing.features[Feature::landlock] = {38, "landlock"};
  const Ended ended{1, 2, 3, true, true, 4, 5, 6, 7, {}, 0};
  Ended printed = ended;
  printed.printout = Printout{{std::string("a\0b\n", 4), std::string(kLongestText + 1, 'x')}};
  for (const Answer& answer : {Answer(standing), Answer(Started{3}), Answer(ended), Answer(printed),
                               Answer(Refused{4, Refusal::strict, 5, "why"})}) {
    const auto back = decode_answer(encode(answer));
    REQUIRE(back);
    CHECK(*back == answer);
  }
}

TEST_CASE("what is cut off or too long is no message") {
  const std::string bytes = encode(Request(full_run()));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(decode_request(bytes.substr(0, size)));
  CHECK_FALSE(decode_request(bytes + '\0'));
  CHECK_FALSE(decode_request(std::string("\x02", 1)));
}

TEST_CASE("no more is taken as printed than may be, of both together") {
  Ended ended;
  ended.printout = Printout{{std::string(Printout::kMost - 1, 'x'), "y"}};
  CHECK(decode_answer(encode(Answer(ended))));
  ended.printout->bytes[1] += 'y';
  CHECK_FALSE(decode_answer(encode(Answer(ended))));
}

TEST_CASE("requests without sense are refused") {
  const auto is_refused = [](auto change) {
    Run run = full_run();
    change(run);
    return !decode_request(encode(Request(run)));
  };
  CHECK_FALSE(is_refused([](Run&) {}));
  CHECK(is_refused([](Run& run) { run.path = "check"; }));
  CHECK(is_refused([](Run& run) { run.path += std::string("\0x", 2); }));
  CHECK(is_refused([](Run& run) { run.argv.clear(); }));
  CHECK(is_refused([](Run& run) { run.argv.assign(kMostTexts + 1, "x"); }));
  CHECK(is_refused([](Run& run) { run.argv.push_back(std::string(kLongestText + 1, 'x')); }));
  CHECK(is_refused([](Run& run) { run.environment = {"NAME"}; }));
  CHECK(is_refused([](Run& run) { run.environment = {"=value"}; }));
  CHECK(is_refused([](Run& run) { run.allow.write = {"relative"}; }));
  CHECK(is_refused([](Run& run) { run.allow.secrets = {""}; }));
  CHECK(is_refused([](Run& run) { run.limits.wall_ns = 0; }));
  CHECK(is_refused([](Run& run) { run.limits.wall_ns = ~std::uint64_t{0}; }));
  CHECK(is_refused([](Run& run) { run.limits.processes = 0; }));
}

TEST_CASE("a list that says it is longer than the message costs no memory") {
  std::string bytes = encode(Request(full_run()));
  // After the kind, the id and the path comes the length of argv.
  const std::size_t at = 1 + 8 + 4 + full_run().path.size();
  bytes.replace(at, 4, "\xff\xff\xff\xff");
  CHECK_FALSE(decode_request(bytes));
}

TEST_CASE("a message beyond the bound is not made") {
  Run run = full_run();
  run.environment.assign(kMostTexts, "A=" + std::string(kLongestText - 2, 'x'));
  CHECK(encode(Request(run)).empty());
}
