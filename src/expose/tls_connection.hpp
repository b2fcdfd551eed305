// A connection under TLS, with the deadlines of the one below it.
#pragma once
#include "expose/connection.hpp"
#include "expose/tls.hpp"

namespace hostmeter::expose {

class TlsConnection final : public httplib::Stream {
 public:
  // The connection outlives this.
  TlsConnection(Connection& below, SslSession session);
  ~TlsConnection() override;

  // False: the other end speaks no TLS, or none that both know, or has no certificate that we take.
  bool shake_hands();

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* data, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return below_.socket(); }

 private:
  Connection& below_;
  SslSession session_;
  bool shaken_ = false;
};

}  // namespace hostmeter::expose
