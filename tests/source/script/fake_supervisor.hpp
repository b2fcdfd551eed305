// The supervisor's end of the socket, spoken by the test.
#pragma once
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "source/script/message.hpp"
#include "source/script/packets.hpp"
#include "source/script/shared_supervisor.hpp"

namespace hostmeter::test {

using namespace source::script;

class FakeSupervisor {
 public:
  FakeSupervisor() : FakeSupervisor(std::move(*packet_socket())) {}

  SharedSupervisor shared;

  void say(const Answer& answer) { REQUIRE_FALSE(send_packet(end_.get(), encode(answer))); }
  // It runs from now on, and prints into our ends of the pipes.
  void say_started(std::uint64_t id) { say_with_pipes(Started{id}); }
  // Ends of pipes come with it, too.
  void say_with_pipes(const Answer& answer, std::string_view printed = {}) {
    std::array<base::UniqueFd, 2> reading;
    for (std::size_t i = 0; i < 2; ++i) {
      std::array<int, 2> ends{};
      REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
      reading[i] = base::UniqueFd(ends[0]);
      writing_[i] = base::UniqueFd(ends[1]);
    }
    const std::array<int, 2> fds{reading[0].get(), reading[1].get()};
    print(printed);
    REQUIRE_FALSE(send_packet(end_.get(), encode(answer), fds));
  }
  void print(std::string_view text, std::size_t which = 0) {
    REQUIRE(::write(writing_[which].get(), text.data(), text.size()) == ssize_t(text.size()));
  }
  // A whole run.
  void run(std::uint64_t id, std::string_view prints, Ended how = {}) {
    say_started(id);
    print(prints);
    how.id = id;
    say(how);
  }
  // Nothing: nothing was asked.
  std::optional<Request> asked() {
    auto packet = receive_packet(end_.get());
    if (!packet) return {};
    auto request = decode_request(packet->bytes);
    REQUIRE(request);
    return std::move(*request);
  }
  // The run that was asked for, which has to be one.
  Run asked_run() {
    auto request = asked();
    REQUIRE(request);
    REQUIRE(std::holds_alternative<Run>(*request));
    return std::get<Run>(std::move(*request));
  }
  void die() { end_.reset(); }

 private:
  explicit FakeSupervisor(std::array<base::UniqueFd, 2> ends)
      : shared(Supervisor::at(std::move(ends[0]))), end_(std::move(ends[1])) {}

  base::UniqueFd end_;
  std::array<base::UniqueFd, 2> writing_;
};

}  // namespace hostmeter::test
