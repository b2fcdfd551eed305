#include "source/proc/users.hpp"

#include <doctest/doctest.h>
#include <utmp.h>

#include <cstring>
#include <string>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec users;
}

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

std::string record(short type, std::string_view user) {
  utmp made{};
  made.ut_type = type;
  std::memcpy(made.ut_user, user.data(), std::min(user.size(), sizeof made.ut_user));
  return {reinterpret_cast<const char*>(&made), sizeof made};
}

// As a host with two logins of one user and one of another has it.
std::string busy() {
  return record(BOOT_TIME, "reboot") + record(RUN_LVL, "runlevel") +
         record(LOGIN_PROCESS, "LOGIN") + record(USER_PROCESS, "ada") +
         record(USER_PROCESS, "grace") + record(DEAD_PROCESS, "") + record(USER_PROCESS, "ada");
}

Result<Facts<Users>> parse(std::string_view bytes) {
  std::vector<std::string_view> names;
  return source::proc::parse_utmp(bytes, names);
}

}  // namespace

TEST_CASE("logins count each, users once") {
  const auto facts = parse(busy());
  REQUIRE(facts);
  CHECK(facts->get(Users::sessions) == 3);
  CHECK(facts->get(Users::names) == 2);
}

TEST_CASE("a file without a login says that nobody is logged in") {
  for (const std::string& bytes : {std::string(), record(BOOT_TIME, "reboot")}) {
    const auto facts = parse(bytes);
    REQUIRE(facts);
    CHECK(facts->get(Users::sessions) == 0);
    CHECK(facts->get(Users::names) == 0);
  }
}

TEST_CASE("names may fill their field, and differ in their last letter") {
  const std::string long_name(UT_NAMESIZE - 1, 'x');
  const auto facts = parse(record(USER_PROCESS, long_name + 'a') +
                           record(USER_PROCESS, long_name + 'b') + record(USER_PROCESS, long_name));
  REQUIRE(facts);
  CHECK(facts->get(Users::names) == 3);
}

TEST_CASE("half a record is refused") {
  const std::string bytes = busy();
  CHECK_FALSE(parse(std::string_view(bytes).substr(0, bytes.size() - 1)));
  CHECK_FALSE(parse("x"));
}

TEST_CASE("utmp is read at its pace; one that is gone or damaged has no values") {
  test::MadeUpHost made_up("-- run/other --\n");
  const std::filesystem::path file = made_up.tree.root() / "run/utmp";
  const auto reader = source::proc::users.make(made_up.host, {});
  test::Captured out;
  reader->read({.realtime_ns = 15 * kSecond}, out);
  CHECK_FALSE(out.value(Users::sessions));
  CHECK(reader->parse_errors() + reader->read_errors() == 0);

  made_up.tree.write("run/utmp", busy());
  reader->read({.realtime_ns = 16 * kSecond}, out);
  CHECK_FALSE(out.value(Users::sessions));
  reader->read({.realtime_ns = 30 * kSecond}, out);
  CHECK(out.value(Users::sessions) == 3);
  CHECK(out.value(Users::names) == 2);

  made_up.tree.write("run/utmp", "damaged");
  reader->read({.realtime_ns = 45 * kSecond}, out);
  CHECK_FALSE(out.value(Users::sessions));
  CHECK(reader->parse_errors() == 1);
}
