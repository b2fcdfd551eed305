#include "source/script/pool.hpp"

#include <sys/socket.h>
#include <sys/wait.h>

#include "base/clock.hpp"
#include "source/script/lab.hpp"
#include "source/script/message.hpp"
#include "source/script/packets.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

TEST_CASE("an id that is in use, and one that nobody has") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Run run = lab.shell("sleep 30");
  lab.ask(run);
  REQUIRE(lab.hear());
  const Outcome again = lab.run(run);
  REQUIRE(again.refused);
  CHECK(again.refused->why == Refusal::malformed);
  lab.ask(Stop{12345});
  lab.ask(Stop{run.id});
  const auto told = lab.hear();
  REQUIRE(told);
  CHECK(std::get<Ended>(told->answer).signal == SIGKILL);
}

TEST_CASE("who asks without listening is not listened to, and costs no more memory") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  int asked = 0;
  std::string bytes(2000, 'x');
  for (int tries = 0; tries < 200; ++tries) {
    while (::send(lab.supervisor().fd(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) ++asked;
    ::usleep(2000);
  }
  CHECK(asked > 100);
  CHECK(asked < 20'000);
  // Nothing that was asked is without an answer.
  for (int heard = 0; heard < asked; ++heard) {
    const auto told = lab.hear();
    REQUIRE(told);
    CHECK(std::get<Refused>(told->answer).why == Refusal::malformed);
  }
  CHECK(lab.run("true").is_clean());
}

TEST_CASE("at its end nothing is left to wait for") {
  auto ends = packet_socket();
  REQUIRE(ends);
  const pid_t child = ::fork();
  if (child == 0) {
    (*ends)[0].reset();
    const base::SystemClock clock;
    const Cgroups none("", "", "none");
    Pool(std::move((*ends)[1]), {}, {}, none, clock).serve();
    ::_exit(0);
  }
  (*ends)[1].reset();
  pollfd wait{(*ends)[0].get(), POLLIN, 0};
  REQUIRE(::poll(&wait, 1, 5000) == 1);
  const auto packet = receive_packet((*ends)[0].get(), kLongestMessage);
  REQUIRE(packet);
  const auto answer = decode_answer(packet->bytes);
  REQUIRE(answer);
  CHECK(std::holds_alternative<Standing>(*answer));
  (*ends)[0].reset();
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
