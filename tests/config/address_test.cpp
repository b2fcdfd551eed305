#include "config/address.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::config;

namespace {
Address good(std::string_view text) {
  auto parsed = parse_address(text);
  CAPTURE(text);
  REQUIRE(std::holds_alternative<Address>(parsed));
  return std::get<Address>(parsed);
}
}  // namespace

TEST_CASE("addresses in every form") {
  CHECK(good(":9273") == Address{"", 9273});
  CHECK(good("127.0.0.1:1") == Address{"127.0.0.1", 1});
  CHECK(good("[::1]:65535") == Address{"::1", 65535});
  CHECK(good("[0:0:0::0001]:80") == Address{"::1", 80});
  CHECK(good("[fe80::1%eth0]:80") == Address{"fe80::1%eth0", 80});
  CHECK(good("LocalHost:80") == Address{"localhost", 80});
  CHECK(to_string(good("[::1]:80")) == "[::1]:80");
  CHECK(to_string(good(":80")) == ":80");
}

TEST_CASE("what is no address says what it lacks") {
  const auto wrong = [](std::string_view text) {
    auto parsed = parse_address(text);
    CAPTURE(text);
    REQUIRE(std::holds_alternative<std::string>(parsed));
    return std::get<std::string>(parsed);
  };
  CHECK(wrong("9273").find("has no port") == 0);
  CHECK(wrong("[::1]").find("has no port") == 0);
  CHECK(wrong("::1:80").find("without brackets") != std::string::npos);
  for (const char* text :
       {":0", ":65536", ":", ":http", "a:-1", ": 80", ":99999999999999999999999"})
    CHECK(wrong(text).find("has no valid port") == 0);
  for (const char* text : {"256.0.0.1:80", "1.2.3:80", "[::g]:80", "-a:80", "a b:80", "a..b:80",
                           "[fe80::1%]:80", "[]:80", "http//x:80"})
    CHECK(wrong(text).find("has no valid host") == 0);
}

TEST_CASE("addresses that cannot be taken both") {
  CHECK(clash(good(":80"), good("127.0.0.1:80")));
  CHECK(clash(good("[::]:80"), good("a:80")));
  CHECK(clash(good("A:80"), good("a:80")));
  CHECK_FALSE(clash(good("127.0.0.1:80"), good("[::1]:80")));
  CHECK_FALSE(clash(good(":80"), good(":81")));
}
