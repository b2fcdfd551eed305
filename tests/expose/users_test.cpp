#include "expose/users.hpp"

#include <crypt.h>
#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "support/fake_clock.hpp"

using namespace hostmeter;
using expose::Users;
using Verdict = Users::Verdict;

namespace {

// The cheapest bcrypt there is.
std::string hash_of(const char* password) {
  crypt_data memory{};
  const char* const made =
      ::crypt_rn(password, "$2b$04$abcdefghijklmnopqrstuu", &memory, int(sizeof memory));
  REQUIRE(made != nullptr);
  return made;
}

std::string basic(const std::string& plain, const char* scheme = "Basic ") {
  std::string code(plain.size() * 2 + 8, '\0');
  code.resize(std::size_t(::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(code.data()),
                                            reinterpret_cast<const unsigned char*>(plain.data()),
                                            int(plain.size()))));
  return scheme + code;
}

struct Lab {
  std::string path = "/tmp/hostmeter-users-" + std::to_string(::getpid());
  test::FakeClock clock;
  std::vector<std::string> complaints;
  Users users{
      {.file = path}, clock, [this](const std::string& what) { complaints.push_back(what); }};

  explicit Lab(const std::string& text) { write(text); }
  ~Lab() { std::filesystem::remove(path); }
  // As editors do: a new file in the place of the old one.
  void write(const std::string& text) const {
    std::ofstream(path + ".new") << text;
    std::filesystem::rename(path + ".new", path);
  }
};

}  // namespace

TEST_CASE("who is in the file and knows the password is welcome") {
  Lab lab("# scrapers\n\nprometheus:" + hash_of("s3cret: with a colon") +
          "\nother:" + hash_of("x") + '\n');
  REQUIRE_FALSE(lab.users.load());
  CHECK(lab.users.check(basic("prometheus:s3cret: with a colon")) == Verdict::welcome);
  CHECK(lab.users.check(basic("other:x", "bASIC  ")) == Verdict::welcome);
  for (const std::string& header :
       {std::string(), basic("prometheus:x"), basic("nobody:x"), basic("prometheus:"),
        basic("prometheus"), basic(":"), std::string("Basic"), std::string("Basic %%%%"),
        std::string("Bearer abcd"), basic("prometheus:" + std::string(3000, 'x'))}) {
    CAPTURE(header);
    lab.clock.monotonic += 60'000'000'000;
    CHECK(lab.users.check(header) == Verdict::unknown);
  }
}

TEST_CASE("guesses come to an end, and do not shut out who was let in before") {
  Lab lab("prometheus:" + hash_of("right") + '\n');
  REQUIRE_FALSE(lab.users.load());
  CHECK(lab.users.check(basic("prometheus:right")) == Verdict::welcome);
  Verdict last = Verdict::unknown;
  int guesses = 0;
  for (; last == Verdict::unknown && guesses < 100; ++guesses)
    last = lab.users.check(basic("prometheus:" + std::to_string(guesses)));
  CHECK(last == Verdict::too_many_guesses);
  CHECK(guesses < 20);
  CHECK(lab.users.check(basic("prometheus:right")) == Verdict::welcome);
  lab.clock.monotonic += 1'000'000'000;
  CHECK(lab.users.check(basic("prometheus:wrong")) == Verdict::unknown);
}

TEST_CASE("a file that changed is in force at the next scrape; one that is spoilt is not") {
  Lab lab("one:" + hash_of("x") + '\n');
  REQUIRE_FALSE(lab.users.load());
  CHECK(lab.users.check(basic("one:x")) == Verdict::welcome);
  lab.write("two:" + hash_of("x") + '\n');
  CHECK(lab.users.check(basic("one:x")) == Verdict::unknown);
  CHECK(lab.users.check(basic("two:x")) == Verdict::welcome);
  CHECK(lab.complaints.empty());
  lab.write("nonsense\n");
  CHECK(lab.users.check(basic("two:x")) == Verdict::welcome);
  CHECK(lab.users.check(basic("two:x")) == Verdict::welcome);
  REQUIRE(lab.complaints.size() == 1);
  CHECK(lab.complaints[0].find(":1: no user; write NAME:HASH") != std::string::npos);
}

TEST_CASE("a file that is of no use says where and why") {
  const auto wrong = [](const std::string& text) {
    Lab lab(text);
    return lab.users.load().value_or("nothing");
  };
  CHECK(wrong("").find("no user in it") != std::string::npos);
  CHECK(wrong("a:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n").find(":1: the hash is of a kind") !=
        std::string::npos);
  CHECK(wrong("a:" + hash_of("x") + "\nb:password\n").find(":2: the hash") != std::string::npos);
  CHECK(wrong(":x\n").find(":1: no user") != std::string::npos);
  test::FakeClock clock;
  Users users({.file = "/nonexistent/users"}, clock, [](const std::string&) {});
  CHECK(users.load().value_or("").find("cannot be read") != std::string::npos);
}

TEST_CASE("a password that is known by itself needs no file") {
  test::FakeClock clock;
  Users users({.name = "telegraf", .password = "plain"}, clock, [](const std::string&) {});
  CHECK_FALSE(users.load());
  CHECK(users.check(basic("telegraf:plain")) == Verdict::welcome);
  CHECK(users.check(basic("telegraf:other")) == Verdict::unknown);
  CHECK(users.check(basic("telegra:fplain")) == Verdict::unknown);
}
