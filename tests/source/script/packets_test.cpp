#include "source/script/packets.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>

#include <array>

using namespace hostmeter;
using namespace hostmeter::source::script;

TEST_CASE("messages stay apart, and descriptors come with theirs") {
  auto ends = packet_socket();
  REQUIRE(ends);
  const auto& [one, other] = *ends;
  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
  base::UniqueFd read(pipe[0]), write(pipe[1]);
  CHECK_FALSE(send_packet(one.get(), "first"));
  CHECK_FALSE(send_packet(one.get(), "second", std::array{read.get(), write.get()}));
  const auto first = receive_packet(other.get());
  REQUIRE(first);
  CHECK(first->bytes == "first");
  CHECK_FALSE(first->fds[0]);
  const auto second = receive_packet(other.get());
  REQUIRE(second);
  CHECK(second->bytes == "second");
  REQUIRE(second->fds[1]);
  CHECK((::fcntl(second->fds[1].get(), F_GETFD) & FD_CLOEXEC) != 0);
  CHECK(::write(second->fds[1].get(), "x", 1) == 1);
  char byte = 0;
  CHECK(::read(second->fds[0].get(), &byte, 1) == 1);
}

TEST_CASE("descriptors that nobody asked for are closed") {
  auto ends = packet_socket();
  REQUIRE(ends);
  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
  base::UniqueFd read(pipe[0]), write(pipe[1]);
  const int fd = write.get();
  CHECK_FALSE(send_packet((*ends)[0].get(), "x", std::array{fd, fd, fd, fd, fd}));
  {
    const auto packet = receive_packet((*ends)[1].get());
    REQUIRE(packet);
    write.reset();
  }
  char byte = 0;
  CHECK(::read(read.get(), &byte, 1) == 0);
}

TEST_CASE("at the limit of descriptors there is none, rather than one of two") {
  auto ends = packet_socket();
  REQUIRE(ends);
  std::array<int, 2> pipe{};
  REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
  base::UniqueFd read(pipe[0]), write(pipe[1]);
  CHECK_FALSE(send_packet((*ends)[0].get(), "x", std::array{read.get(), write.get()}));
  const int next = ::fcntl(0, F_DUPFD, 0);
  ::close(next);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit one{rlim_t(next) + 1, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &one) == 0);
  const auto packet = receive_packet((*ends)[1].get());
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE(packet);
  CHECK(packet->bytes == "x");
  CHECK_FALSE(packet->fds[0]);
  CHECK_FALSE(packet->fds[1]);
}

TEST_CASE("what passes is no end") {
  for (const int passes : {EAGAIN, ENOMEM, ENOBUFS, ETOOMANYREFS}) CHECK(is_passing({passes, ""}));
  for (const int ends : {EPIPE, EBADMSG, EBADF}) CHECK_FALSE(is_passing({ends, ""}));
}

TEST_CASE("too long, nothing, full and gone are told apart") {
  auto ends = packet_socket();
  REQUIRE(ends);
  auto& [one, other] = *ends;
  CHECK(receive_packet(other.get()).error().code == EAGAIN);
  CHECK_FALSE(send_packet(one.get(), std::string(kLongestPacket, 'a')));
  const auto whole = receive_packet(other.get());
  REQUIRE(whole);
  CHECK_FALSE(whole->is_cut);
  CHECK(whole->bytes.size() == kLongestPacket);
  CHECK_FALSE(send_packet(one.get(), std::string(kLongestPacket + 1, 'a')));
  const auto cut = receive_packet(other.get());
  REQUIRE(cut);
  CHECK(cut->is_cut);
  std::optional<Error> full;
  for (int i = 0; i < 100'000 && !full; ++i) full = send_packet(one.get(), "x");
  REQUIRE(full);
  CHECK(full->code == EAGAIN);
  other.reset();
  CHECK(send_packet(one.get(), "x")->code == EPIPE);
}
