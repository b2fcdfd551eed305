#include "tool/diff/fetch.hpp"

#include <httplib.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace hostmeter::tool {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr unsigned kMostRedirects = 10;

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
  client.set_keep_alive(false);
  if (!endpoint.user.empty()) client.set_basic_auth(endpoint.user, endpoint.password);
  if (!options.ca_file.empty()) client.set_ca_cert_path(options.ca_file);
  client.enable_server_certificate_verification(!options.insecure);
}

struct Answer {
  Fetched fetched{};
  std::string location{};  // of a redirect
  int status = 0;
  bool is_too_large = false;
  httplib::Error error = httplib::Error::Success;
};

Answer ask(httplib::Client& client, const std::string& path, std::size_t most_bytes) {
  const httplib::Headers headers{
      {"Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4"},
      {"Accept-Encoding", "gzip"}};
  Answer answer;
  const httplib::Result result = client.Get(
      path, headers,
      [&](const httplib::Response& response) {
        answer.status = response.status;
        answer.fetched.content_type = response.get_header_value("Content-Type");
        if (response.status > 300 && response.status < 400)
          answer.location = response.get_header_value("Location");
        return true;
      },
      [&](const char* data, std::size_t size) {
        answer.is_too_large = answer.fetched.text.size() + size > most_bytes;
        if (!answer.is_too_large) answer.fetched.text.append(data, size);
        return !answer.is_too_large;
      });
  answer.error = result.error();
  return answer;
}

// The path of a redirect that stays at the same server; nothing when it leads to another.
std::optional<std::string> path_within(const std::string& origin, const std::string& from,
                                       std::string_view location) {
  if (location.starts_with("//")) return {};
  if (location.starts_with('/')) return std::string(location);
  if (location.find("://") == std::string_view::npos) {
    const std::string path = from.substr(0, from.find('?'));
    const bool is_query = location.starts_with('?');
    return path.substr(0, is_query ? path.size() : path.rfind('/') + 1) + std::string(location);
  }
  const auto whole = endpoint_of(location);
  if (!whole || whole->origin != origin) return {};
  return whole->path;
}

std::string printable(std::string text) {
  constexpr std::size_t kLongest = 200;
  text.resize(std::min(text.size(), kLongest));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
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
  Deadline deadline(client, options.timeout);
  std::string path = endpoint.path;
  for (unsigned times = 0; times <= kMostRedirects; ++times) {
    Answer answer = ask(client, path, options.most_bytes);
    if (deadline.has_passed())
      return "no whole answer within " + std::to_string(options.timeout.count()) +
             " ms (--timeout)";
    if (answer.is_too_large)
      return "its answer has more than " + std::to_string(options.most_bytes >> 20) + " MiB";
    if (answer.error != httplib::Error::Success) return in_words(answer.error);
    if (answer.status == 200) return std::move(answer.fetched);
    if (answer.location.empty()) return of_status(answer.status);
    const auto next = path_within(endpoint.origin, path, answer.location);
    if (!next)
      return "it leads to " + printable(answer.location) +
             ", to whom no password given for this one is sent: give that URL";
    path = *next;
  }
  return "it leads elsewhere again and again";
}

}  // namespace hostmeter::tool
