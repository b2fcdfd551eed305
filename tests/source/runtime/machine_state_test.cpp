#include "source/runtime/machine_state.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

std::string machine(std::string_view unit, std::string_view more = "CLASS=container\n") {
  return "# This is private data. Do not parse.\nNAME=n1\nSCOPE=" + std::string(unit) +
         "\nSERVICE=systemd-nspawn\nROOT=/var/lib/machines/n1\nLEADER=1325\n" + std::string(more);
}

}  // namespace

TEST_CASE("a machine of nspawn in a unit that does not tell its name") {
  const auto made = describe_machine(machine("nsp1.service"));
  REQUIRE(made);
  REQUIRE(*made);
  CHECK((*made)->runtime == Runtime::nspawn);
  CHECK((*made)->container_id == "nsp1");
  CHECK((*made)->name == "n1");
  CHECK((*made)->image == "n1");
}

TEST_CASE("ids are those of the cgroup's path") {
  const auto id = [](std::string_view unit) {
    const auto made = describe_machine(machine(unit));
    return made && *made ? (*made)->container_id : std::string("none");
  };
  CHECK(id("machine-n2.scope") == "n2");
  CHECK(id(R"(machine-a\\x2db.scope)") == "a-b");    // 252
  CHECK(id(R"("machine-a\\x2db.scope")") == "a-b");  // later
  CHECK(id("systemd-nspawn@web.service") == "web");
  CHECK(id("machine-.scope") == "none");
  CHECK(id("user.slice") == "none");
}

TEST_CASE("a machine that runs on a copy, or elsewhere, tells no image") {
  for (const char* root :
       {"/var/lib/machines/.#machine.n17f07eb4ae434ddbc", "/srv/n1", "n1", "/"}) {
    CAPTURE(root);
    const auto made =
        describe_machine(machine("a.service", "CLASS=container\nROOT=" + std::string(root) + "\n"));
    REQUIRE(made);
    REQUIRE(*made);
    CHECK((*made)->image.empty());
  }
}

TEST_CASE("a container of libvirt is one of lxc, a virtual machine is none") {
  const auto lxc = describe_machine(
      machine(R"(machine-lxc\\x2d3\\x2dweb.scope)", "SERVICE=libvirt-lxc\nCLASS=container\n"));
  REQUIRE(lxc);
  REQUIRE(*lxc);
  CHECK((*lxc)->runtime == Runtime::lxc);
  CHECK((*lxc)->container_id == "lxc-3-web");
  const auto machine_of_qemu = describe_machine(machine("machine-qemu.scope", "CLASS=vm\n"));
  REQUIRE(machine_of_qemu);
  CHECK_FALSE(*machine_of_qemu);
}

TEST_CASE("what is no state of a machine is refused") {
  for (const char* text : {"", "NAME=n1\n", "SCOPE=a.service\n", "\x7f\x45LF", "NAME=\nSCOPE=\n"}) {
    CAPTURE(text);
    CHECK(describe_machine(text).error().code == EBADMSG);
  }
}
