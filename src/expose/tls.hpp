// TLS of a listener: with which certificate it answers, and whose it asks for.
#pragma once
#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/file_stamp.hpp"

namespace hostmeter::expose {

struct SslDeleter {
  void operator()(SSL* session) const { ::SSL_free(session); }
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
};
using SslSession = std::unique_ptr<SSL, SslDeleter>;

// Certificates are renewed while we run: files that changed are read again at the next connection.
// What cannot be read then is said, and those from before stay in force. Any thread may use it.
class Tls {
 public:
  struct Files {
    std::string certificate;                // PEM, with those between it and its root behind it
    std::string key;                        // PEM, without a passphrase
    std::vector<std::string> client_cas{};  // PEM; none: clients need no certificate
    bool only_13 = false;                   // TLS 1.2 is not spoken
  };
  using Complain = std::function<void(const std::string&)>;

  Tls(Files files, Complain complain);

  // Reads the files. What is wrong, naming the file and the mend; nothing when they are in force.
  std::optional<std::string> load();

  // For one connection. Null without memory, and before a load() that went well.
  SslSession session();

 private:
  using Context = std::unique_ptr<SSL_CTX, SslDeleter>;
  using Stamps = std::vector<base::FileStamp>;

  Stamps stamps() const;
  std::optional<std::string> read_into(SSL_CTX* context) const;
  std::optional<std::string> read_client_cas(SSL_CTX* context) const;
  std::optional<std::string> load_locked();

  const Files files_;
  const Complain complain_;
  std::mutex mutex_;
  Context context_;
  Stamps seen_{};
};

}  // namespace hostmeter::expose
