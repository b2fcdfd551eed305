#include "source/script/shared_supervisor.hpp"

#include <doctest/doctest.h>

#include "source/script/message.hpp"
#include "source/script/packets.hpp"

using namespace hostmeter;
using namespace hostmeter::source::script;

TEST_CASE("one at a time has it, and no two runs are called the same") {
  auto ends = packet_socket();
  REQUIRE(ends);
  SharedSupervisor shared(Supervisor::at(std::move((*ends)[0])));
  REQUIRE(shared.take());
  CHECK_FALSE(shared.take());
  const std::uint64_t first = shared.next_id();
  CHECK_FALSE(shared.it().ask(Stop{first}));
  const auto packet = receive_packet((*ends)[1].get());
  REQUIRE(packet);
  CHECK(*decode_request(packet->bytes) == Request(Stop{first}));
  shared.let_go();
  CHECK(shared.take());
  CHECK(shared.next_id() != first);
}
