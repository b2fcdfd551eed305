// A server at a Unix socket that answers as a test wants, or not at all.
#pragma once
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/dir.hpp"

namespace hostmeter::test {

class FakeEngine {
 public:
  static constexpr const char* kSocket = "run/engine.sock";

  // One accepted connection, on a thread of its own.
  class Connection {
   public:
    Connection(int fd, const std::atomic<bool>& over) : fd_(fd), over_(over) {}
    ~Connection() { ::close(fd_); }
    Connection(const Connection&) = delete;

    // False when the other end is gone.
    bool send(std::string_view bytes) {
      while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(std::size_t(sent));
      }
      return true;
    }
    void answer(std::string_view body, int status = 200) {
      send("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: application/json\r\n" +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n");
      send(body);
    }
    void begin_chunks() { send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"); }
    bool chunk(std::string_view text) {
      char size[32];
      std::snprintf(size, sizeof size, "%zx\r\n", text.size());
      return send(size + std::string(text) + "\r\n");
    }
    // Until the other end hangs up, the server ends, or so many ms have passed.
    bool is_open_after(int ms) {
      for (int waited = 0; waited < ms && !over_; waited += 5) {
        pollfd poll{fd_, POLLRDHUP, 0};
        if (::poll(&poll, 1, 5) > 0) return false;
      }
      return !over_;
    }
    void hang() {
      while (is_open_after(1'000)) continue;
    }
    std::string read_target() {
      std::string text;
      char piece[4'096];
      while (text.find("\r\n\r\n") == std::string::npos) {
        const ssize_t got = ::recv(fd_, piece, sizeof piece, 0);
        if (got <= 0) return {};
        text.append(piece, std::size_t(got));
      }
      const std::size_t from = text.find(' ') + 1;
      return text.substr(from, text.find(' ', from) - from);
    }

   private:
    int fd_;
    const std::atomic<bool>& over_;
  };
  using Serve = std::function<void(Connection&, const std::string& target)>;

  explicit FakeEngine(Serve serve) : serve_(std::move(serve)) {
    char name[] = "/tmp/hostmeter-engine-XXXXXX";
    if (!::mkdtemp(name)) throw std::runtime_error("mkdtemp");
    root_ = name;
    std::filesystem::create_directory(root_ / "run");
    dir_ = std::move(*base::Dir::open(name));
    start();
  }
  ~FakeEngine() {
    stop();
    std::filesystem::remove_all(root_);
  }

  void start() {
    over_ = false;
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (root_ / kSocket).string();
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    std::filesystem::remove(path);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 64) != 0)
      throw std::runtime_error("listen");
    acceptor_ = std::thread([this] { accept(); });
  }
  // Ends every connection; the socket's file stays.
  void stop() {
    over_ = true;
    if (acceptor_.joinable()) acceptor_.join();
    for (std::thread& one : threads_) one.join();
    threads_.clear();
    ::close(listener_);
  }

  const base::Dir& root() const { return dir_; }
  const std::filesystem::path& path() const { return root_; }
  std::vector<std::string> targets() const {
    const std::lock_guard lock(mutex_);
    return targets_;
  }

 private:
  void accept() {
    while (!over_) {
      pollfd poll{listener_, POLLIN, 0};
      if (::poll(&poll, 1, 5) <= 0) continue;
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      threads_.emplace_back([this, fd] {
        Connection connection(fd, over_);
        const std::string target = connection.read_target();
        if (target.empty()) return;
        {
          const std::lock_guard lock(mutex_);
          targets_.push_back(target);
        }
        serve_(connection, target);
      });
    }
  }

  Serve serve_;
  std::filesystem::path root_;
  base::Dir dir_;
  std::atomic<bool> over_{false};
  int listener_ = -1;
  std::thread acceptor_;
  std::vector<std::thread> threads_;
  mutable std::mutex mutex_;
  std::vector<std::string> targets_;
};

}  // namespace hostmeter::test
