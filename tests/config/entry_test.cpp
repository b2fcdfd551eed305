#include "config/entry.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace hostmeter::config;

namespace {
using Check = std::string (*)(std::string_view);

void check_all(Check check, std::initializer_list<std::string_view> good,
               std::initializer_list<std::string_view> bad) {
  for (const std::string_view text : good) {
    CAPTURE(text);
    CHECK(check(text) == "");
  }
  for (const std::string_view text : bad) {
    CAPTURE(text);
    // What is wrong, and the mend.
    CHECK(check(text).find("; write") != std::string::npos);
  }
}
}  // namespace

TEST_CASE("paths are absolute and go nowhere else") {
  const std::string_view nul("/a\0b", 4);
  check_all(check_path, {"/a", "/var/lib/app", "/a b/..c"},
            {"", "/", "a", "a/b", "/a/", "/a/..", "/a/../b", nul});
  check_all(check_directory, {"/a", "/etc/hostmeter/scripts.d"}, {"", "/", "a", "/a/", "/a/*"});
  check_all(check_device, {"/dev/sda", "/dev/mapper/x"}, {"/dev", "/dev/../etc", "sda", "/etc/x"});
  check_all(check_run, {"/a/b.sh", "/a/*.sh", "/a/[0-9]*"}, {"*.sh", "./a", "", "/a/../b", "/a/"});
}

TEST_CASE("networks are ranges of addresses, or one") {
  check_all(check_network, {"10.0.0.0/8", "::1", "fd00::/8", "127.0.0.1"},
            {"", "localhost", "10.0.0.0/33", "10.0.0.0/8 "});
}

TEST_CASE("capabilities are called as libcap calls them") {
  check_all(check_capability, {"CAP_NET_RAW", "CAP_SYS_ADMIN", "CAP_BPF"},
            {"", "NET_RAW", "CAP_", "CAP_NOTHING", "cap_net_raw", "5", "CAP_NET_RAW "});
}

TEST_CASE("users are names, groups names or numbers") {
  check_all(check_group, {"docker", "999", "_apt", "a.b-c", "host$", "root"},
            {"", "-x", "a b", "a:b", "ü"});
  check_all(check_user, {"hostmeter-script", "_apt", "nobody", "u2"},
            {"", "root", "0", "1000", "a:b"});
}

TEST_CASE("variables have a name and any value") {
  check_all(check_variable, {"A=", "A=b=c", "_x1=\n", "CERT_LIST=/a b"},
            {"", "A", "=b", "1A=b", "A B=c", "A-B=c"});
}

TEST_CASE("a query is a way, not a program") {
  check_all(check_query, {"", "a", "a.b.0", "a b"}, {"a.#", "a.*", "@this", "a|b", "a.#(b>1)"});
}

TEST_CASE("names of scripts are words") {
  check_all(check_script_name, {"a", "check_cert", "a.b-c", "9"},
            {"", ".a", "-a", "a/b", "a b", "a\"b",
             "0123456789012345678901234567890123456789012345678901234567890123456789"});
}
