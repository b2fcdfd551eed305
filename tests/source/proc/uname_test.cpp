#include <doctest/doctest.h>

#include "hostmeter/flow/facts/uname_info.hpp"
#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec uname;
}

namespace {
unsigned gone(const test::Captured& out) {
  unsigned count = 0;
  for (const NewsItem& item : out.news) count += std::holds_alternative<GoneInstance>(item);
  return count;
}
}  // namespace

TEST_CASE("a recorded host speaks through its files") {
  test::MadeUpHost made_up(
      "-- proc/sys/kernel/ostype --\nLinux\n-- proc/sys/kernel/osrelease --\n6.1.0-13-amd64\n"
      "-- proc/sys/kernel/version --\n#1 SMP Debian 6.1.55-1\n-- proc/sys/kernel/hostname "
      "--\nweb1\n"
      "-- proc/sys/kernel/domainname --\n(none)\n");
  const auto reader = source::proc::uname.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  REQUIRE(out.news.size() == 1);
  const auto& named = std::get<NamedInstance>(out.news[0]);
  CHECK(named.values == std::vector<std::string>{"Linux", "6.1.0-13-amd64",
                                                 "#1 SMP Debian 6.1.55-1", "", "web1", "(none)"});
  CHECK(out.value(UnameInfo::one, kHost, named.instance) == 1);
  CHECK(reader->read_errors() == 0);
}

TEST_CASE("a new host name replaces the old one within a minute") {
  test::MadeUpHost made_up(
      "-- proc/sys/kernel/ostype --\nLinux\n-- proc/sys/kernel/hostname --\nold\n");
  const auto reader = source::proc::uname.make(made_up.host, {});
  test::Captured out;
  reader->read({.number = 1}, out);
  made_up.tree.write("proc/sys/kernel/hostname", "new\n");
  out.clear();
  reader->read({.number = 2}, out);
  CHECK(out.records.empty());
  reader->read({.number = 61}, out);
  CHECK(out.records.size() == 1);
  CHECK(gone(out) == 1);
}

TEST_CASE("what was sent in an abandoned tick is sent again") {
  test::MadeUpHost made_up("-- proc/sys/kernel/ostype --\nLinux\n");
  const auto reader = source::proc::uname.make(made_up.host, {});
  test::Captured out;
  reader->read({.number = 1}, out);
  out.clear();
  reader->read({.number = 2, .resend = true}, out);
  CHECK(out.records.size() == 1);
}

TEST_CASE("a live host is asked itself, one without files is absent") {
  test::MadeUpHost made_up("");
  test::Captured out;
  source::proc::uname.make(made_up.host, {})->read({}, out);
  CHECK(out.records.empty());
  made_up.host.live = true;
  source::proc::uname.make(made_up.host, {})->read({}, out);
  CHECK(out.instance("Linux") != 0);
}
