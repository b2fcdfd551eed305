// One connection of a scraper, with a deadline for all of it.
#pragma once
#include <httplib.h>

#include <array>
#include <atomic>
#include <cstdint>

#include "hostmeter/base/clock.hpp"

namespace hostmeter::expose {

// httplib's own timeouts are for each read and write: a client that sends or takes a byte at a time
// would hold its thread for ever. Here the request as a whole and the response as a whole have an
// end, after which every read or write fails.
class Connection final : public httplib::Stream {
 public:
  // The socket stays the caller's. Raising stopping ends all waiting soon.
  Connection(int socket, const Clock& clock, std::uint64_t request_ns, std::uint64_t response_ns,
             const std::atomic<bool>& stopping);

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* data, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

  // From here on the deadline is that of the response; write() comes to it by itself.
  void begin_response();
  // Writes what is no part of a response, under the deadline of now.
  ssize_t send(const char* data, std::size_t size);
  // The first byte that was sent to us, which is still to be read; 0: there is none.
  char peek();

 private:
  ssize_t receive();
  bool wait(short events) const;

  const int socket_;
  const Clock& clock_;
  const std::uint64_t response_ns_;
  const std::atomic<bool>& stopping_;
  std::uint64_t deadline_ns_;
  bool writing_ = false;
  std::array<char, 4096> buffer_{};  // httplib reads headers byte by byte
  std::size_t next_ = 0, filled_ = 0;
};

}  // namespace hostmeter::expose
