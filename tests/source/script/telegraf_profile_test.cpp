#include "source/script/telegraf_profile.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>

#include "base/unique_fd.hpp"

using namespace hostmeter;
using namespace hostmeter::source::script;

TEST_CASE("a command of a telegraf.conf gets the network and the engine's socket, nothing else") {
  const std::vector<std::string> endpoints = {"unix:///nowhere/docker.sock"};
  Allowances expected;
  expected.network = true;
  expected.sockets = {"/nowhere/docker.sock"};
  CHECK(telegraf_allowances(endpoints) == expected);
}

TEST_CASE("endpoints that are no sockets of the file system need the network alone") {
  const std::vector<std::string> endpoints = {
      "tcp://10.0.0.1:2375", "ENV", "", "npipe://x", "unix://relative", "/run/podman.sock"};
  const Allowances allow = telegraf_allowances(endpoints);
  CHECK(allow.sockets == std::vector<std::string>{"/run/podman.sock"});
  CHECK(allow.network);
  CHECK(telegraf_allowances({}).sockets.empty());
  CHECK(telegraf_allowances({}).network);
}

TEST_CASE("the group that a socket is open to comes with it") {
  std::string directory = (std::filesystem::temp_directory_path() / "hm-XXXXXX").string();
  REQUIRE(::mkdtemp(directory.data()) != nullptr);
  const std::string path = directory + "/docker.sock";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const base::UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const auto groups_with = [&](mode_t mode) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    const std::vector<std::string> endpoints = {"unix://" + path, path};
    return telegraf_allowances(endpoints).groups;
  };
  using Groups = std::vector<std::uint32_t>;
  const gid_t group = ::geteuid() == 0 ? 4711 : ::getegid();
  REQUIRE(::chown(path.c_str(), ::geteuid(), group) == 0);
  if (group != 0) CHECK(groups_with(0660) == Groups{group});
  CHECK(groups_with(0600).empty());
  CHECK(groups_with(0666).empty());  // open to all
  if (::geteuid() == 0) {
    REQUIRE(::chown(path.c_str(), 0, 0) == 0);
    CHECK(groups_with(0660).empty());
  }
  // Not for a file or a directory in the place of a socket.
  const std::vector<std::string> endpoints = {directory};
  REQUIRE(::chmod(directory.c_str(), 0770) == 0);
  CHECK(telegraf_allowances(endpoints).groups.empty());
  std::filesystem::remove_all(directory);
}
