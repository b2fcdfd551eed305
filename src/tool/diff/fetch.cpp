#include "tool/diff/fetch.hpp"

#include <httplib.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace hostmeter::tool {
namespace {

using Milliseconds = std::chrono::milliseconds;

// Ends a request that takes too long as a whole; httplib bounds each reading alone.
class Deadline {
 public:
  Deadline(httplib::Client& client, Milliseconds timeout)
      : thread_([this, &client, timeout] {
          std::unique_lock lock(mutex_);
          while (!over_.wait_for(lock, timeout, [this] { return is_over_; })) {
            has_passed_ = true;
            client.stop();
          }
        }) {}
  ~Deadline() { end(); }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void end() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    over_.notify_one();
    if (thread_.joinable()) thread_.join();
  }
  bool has_passed() {
    const std::lock_guard lock(mutex_);
    return has_passed_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false, has_passed_ = false;
  std::thread thread_;
};

std::string in_words(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "nothing answers there";
    case httplib::Error::ConnectionTimeout:
      return "it takes no connection in time";
    case httplib::Error::SSLConnection:
      return "TLS cannot be spoken with it";
    case httplib::Error::SSLLoadingCerts:
      return "the certificates to trust cannot be loaded";
    case httplib::Error::SSLServerVerification:
      return "its certificate is not to be trusted (--ca, --insecure)";
    case httplib::Error::ExceedRedirectCount:
      return "it leads elsewhere again and again";
    default:
      return "no whole answer came: " + httplib::to_string(error);
  }
}

std::string of_status(int status) {
  std::string text = "it answers with status " + std::to_string(status);
  if (status == 401) text += " (--user, --password-file)";
  return text;
}

void set_up(httplib::Client& client, const Endpoint& endpoint, const FetchOptions& options) {
  client.set_connection_timeout(options.timeout);
  client.set_read_timeout(options.timeout);
  client.set_write_timeout(options.timeout);
  client.set_follow_location(true);
  client.set_keep_alive(false);
  if (!endpoint.user.empty()) client.set_basic_auth(endpoint.user, endpoint.password);
  if (!options.ca_file.empty()) client.set_ca_cert_path(options.ca_file);
  client.enable_server_certificate_verification(!options.insecure);
}

}  // namespace

std::optional<Endpoint> endpoint_of(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return {};
  const std::string_view scheme = url.substr(0, scheme_end);
  if (scheme != "http" && scheme != "https") return {};
  std::string_view rest = url.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t host_end = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view host = rest.substr(0, host_end);
  Endpoint endpoint;
  endpoint.path = rest.substr(host_end);
  if (const std::size_t at = host.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = host.substr(0, at);
    const std::size_t colon = std::min(who.find(':'), who.size());
    endpoint.user = httplib::detail::decode_url(std::string(who.substr(0, colon)), false);
    endpoint.password = httplib::detail::decode_url(
        std::string(who.substr(std::min(colon + 1, who.size()))), false);
    host.remove_prefix(at + 1);
  }
  const bool is_fine = !host.empty() && host.front() != ':' &&
                       std::all_of(url.begin(), url.end(), [](char c) { return c > ' '; });
  if (!is_fine) return {};
  if (!endpoint.path.starts_with('/')) endpoint.path = "/metrics" + endpoint.path;
  endpoint.origin = std::string(scheme) + "://" + std::string(host);
  return endpoint;
}

std::variant<Fetched, FetchError> fetch(const Endpoint& endpoint, const FetchOptions& options) {
  httplib::Client client(endpoint.origin);
  if (!client.is_valid()) return "this is no address of a server, or --ca is no certificate";
  set_up(client, endpoint, options);
  Fetched fetched;
  int status = 0;
  bool is_too_large = false;
  const httplib::Headers headers{
      {"Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4"},
      {"Accept-Encoding", "gzip"}};
  Deadline deadline(client, options.timeout);
  const httplib::Result result = client.Get(
      endpoint.path, headers,
      [&](const httplib::Response& response) {
        status = response.status;
        fetched.text.clear();
        fetched.content_type = response.get_header_value("Content-Type");
        return true;
      },
      [&](const char* data, std::size_t size) {
        is_too_large = fetched.text.size() + size > options.most_bytes;
        if (!is_too_large) fetched.text.append(data, size);
        return !is_too_large;
      });
  deadline.end();
  if (deadline.has_passed())
    return "no whole answer within " + std::to_string(options.timeout.count()) + " ms (--timeout)";
  if (is_too_large)
    return "its answer has more than " + std::to_string(options.most_bytes >> 20) + " MiB";
  if (!result) return in_words(result.error());
  if (status != 200) return of_status(status);
  return fetched;
}

}  // namespace hostmeter::tool
