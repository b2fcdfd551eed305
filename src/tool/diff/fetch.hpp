// One scrape over HTTP, as Prometheus would make it, bounded in time and size.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hostmeter::tool {

struct Endpoint {
  std::string origin;  // scheme://host:port
  std::string path;    // with its query; /metrics where the URL has none
  std::string user{}, password{};

  std::string shown() const { return origin + path; }  // without the password
};

// http:// or https://, with user:password@ if need be. Nothing: this is no such URL.
std::optional<Endpoint> endpoint_of(std::string_view url);

struct FetchOptions {
  std::chrono::milliseconds timeout{10'000};  // for the whole answer
  std::size_t most_bytes = 64U << 20;         // of the text, once decompressed
  std::string ca_file{};                      // of certificates to trust, instead of the system's
  bool insecure = false;                      // any certificate will do
};

struct Fetched {
  std::string text;
  std::string content_type;
};

// What went wrong, in words, without the URL.
using FetchError = std::string;

std::variant<Fetched, FetchError> fetch(const Endpoint& endpoint, const FetchOptions& options);

}  // namespace hostmeter::tool
