#include "source/proc/os_release.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec os_release;
}

using source::proc::parse_os_release;
using source::proc::version_number;

namespace {
unsigned gone(const test::Captured& out) {
  unsigned count = 0;
  for (const NewsItem& item : out.news) count += std::holds_alternative<GoneInstance>(item);
  return count;
}
}  // namespace

TEST_CASE("values lose their quotes, whichever they have") {
  const auto os = parse_os_release(
      "# comment\n\nPRETTY_NAME=\"Debian \\\"12\\\" \\$x\"\nNAME='Debian GNU/Linux'\nID=debian\n"
      "VERSION_ID=\"12\"\nHOME_URL=\"https://www.debian.org/\"\nVARIANT=\n");
  REQUIRE(os);
  CHECK((*os)[1] == "debian");
  CHECK((*os)[5] == "Debian GNU/Linux");
  CHECK((*os)[6] == "Debian \"12\" $x");
  CHECK((*os)[7].empty());
  CHECK((*os)[11] == "12");
}

TEST_CASE("a damaged os-release is refused") {
  for (const char* text : {"", "garbage", "NAME=\"Debian\nID=debian\n", "ID='x", "ID=\"x\\\""}) {
    CAPTURE(text);
    CHECK_FALSE(parse_os_release(text));
  }
}

TEST_CASE("a version is major and minor, or none") {
  CHECK(version_number("12") == 12);
  CHECK(version_number("22.04") == 22.04);
  CHECK(version_number("3.18.4") == 3.18);
  CHECK(version_number("8.") == 8);
  CHECK_FALSE(version_number(""));
  CHECK_FALSE(version_number("rolling"));
  CHECK_FALSE(version_number("-1"));
}

TEST_CASE("etc comes before usr/lib, and an absolute link stays in the host's tree") {
  test::MadeUpHost made_up(
      "-- usr/lib/os-release --\nID=lib\nVERSION_ID=1.5\n"
      "-- nix/os-release --\nID=nix\n");
  test::Captured out;
  source::proc::os_release.make(made_up.host, {})->read({}, out);
  const Instance version = out.instance("lib");
  CHECK(out.real(OsVersion::number, kHost, version) == 1.5);

  std::filesystem::create_directories(made_up.tree.root() / "etc");
  std::filesystem::create_symlink("/nix/os-release", made_up.tree.root() / "etc/os-release");
  out.clear();
  source::proc::os_release.make(made_up.host, {})->read({}, out);
  REQUIRE(out.news.size() == 1);  // no version: no os_version
  const auto& named = std::get<NamedInstance>(out.news[0]);
  CHECK(named.values.size() == 12);
  CHECK(named.values[1] == "nix");
  CHECK(out.value(OsInfo::one, kHost, named.instance) == 1);
}

TEST_CASE("an upgrade replaces both instances") {
  test::MadeUpHost made_up("-- etc/os-release --\nID=debian\nVERSION_ID=12\n");
  const auto reader = source::proc::os_release.make(made_up.host, {});
  test::Captured out;
  reader->read({.number = 1}, out);
  made_up.tree.write("etc/os-release", "ID=other\nVERSION_ID=13\n");
  out.clear();
  reader->read({.number = 30}, out);
  CHECK(out.records.empty());
  reader->read({.number = 61}, out);
  CHECK(gone(out) == 2);
  CHECK(out.real(OsVersion::number, kHost, out.instance("other")) == 13);

  made_up.tree.write("etc/os-release", "ID=\"\n");
  out.clear();
  reader->read({.number = 121}, out);
  CHECK(gone(out) == 2);
  CHECK(reader->parse_errors() == 1);
}
