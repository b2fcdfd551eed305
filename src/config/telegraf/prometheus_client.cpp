#include "config/telegraf/prometheus_client.hpp"

#include <algorithm>

#include "base/network.hpp"

namespace hostmeter::config::telegraf {
namespace {

constexpr std::string_view kName = "outputs.prometheus_client";
constexpr std::string_view kVersions[] = {"1", "2"};
constexpr std::string_view kCollectors[] = {"gocollector", "process"};
constexpr std::string_view kTlsVersions[] = {"", "TLS10", "TLS11", "TLS12", "TLS13"};

using Output = PrometheusClient;
constexpr Option<Output> kOutput[] = {
    {"listen", ReadElsewhere{}},
    {"path", ReadElsewhere{}},
    {"alias", &Output::alias},
    {"metric_version", &Output::metric_version, kVersions},
    {"expiration_interval", &Output::expiration_interval_ns},
    {"basic_username", &Output::basic_username},
    {"basic_password", &Output::basic_password},
    {"ip_range", &Output::ip_range},
    {"string_as_label", &Output::string_as_label},
    {"collectors_exclude", &Output::collectors_exclude, kCollectors},
    {"export_timestamp",
     Unsupported{Effect::differs, "false",
                 "samples have no timestamp: Prometheus takes the time of its scrape"}},
    {"http_headers", Unsupported{Effect::differs, {}, "answers have no headers of one's own"}},
    {"read_timeout", Unsupported{Effect::none, {}, "a request may take 5 seconds"}},
    {"write_timeout", Unsupported{Effect::none, {}, "an answer may take 30 seconds"}},
    {"name_override", &Output::name_override},
    {"name_prefix", &Output::name_prefix},
    {"name_suffix", &Output::name_suffix},
    {"metric_types", Unsupported{Effect::differs, {}, "types of metrics stay what they are"}},
    {"name_sanitization",
     Unsupported{Effect::differs, "\"legacy\"", "what no Prometheus name may have becomes _"}},
    {"metric_batch_size", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"metric_buffer_limit", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"flush_interval", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"flush_jitter", Unsupported{Effect::none, {}, kNothingIsSent}},
    {"log_level", Unsupported{Effect::none, {}, "all messages have the level of the agent"}},
    {"startup_error_behavior",
     Unsupported{Effect::none, {}, "an address that cannot be had is an error at start"}},
};

constexpr Option<Tls> kTls[] = {
    {"tls_cert", &Tls::cert},
    {"tls_key", &Tls::key},
    {"tls_key_pwd", ReadElsewhere{}},
    {"tls_allowed_cacerts", &Tls::allowed_cacerts},
    {"tls_cipher_suites",
     Unsupported{Effect::differs, "[]", "suites are those that OpenSSL holds for safe"}},
    {"tls_min_version", &Tls::min_version, kTlsVersions},
    {"tls_max_version",
     Unsupported{Effect::differs, "\"TLS13\"", "TLS 1.3 is spoken, whatever is written"}},
    {"tls_allowed_dns_names", ReadElsewhere{}},
};

// What keeps others out: where one of these is wrong, nothing is served rather than too much.
constexpr std::string_view kClosing[] = {"basic_username", "basic_password", "ip_range",
                                         "tls_cert",       "tls_key",        "tls_allowed_cacerts",
                                         "listen",         "tls_min_version"};

toml::source_position place_of(const toml::table& table, std::string_view option) {
  const auto found = find_option(table, option);
  return found == table.end() ? table.source().begin : found->first.source().begin;
}

class Checks {
 public:
  Checks(const toml::table& table, Report& report) : table_(table), report_(report) {}

  bool passed() const { return passed_; }

  void lost(std::string_view option, const std::string& why) {
    passed_ = false;
    report_.add(Effect::lost, place_of(table_, option),
                std::string(kName) + '.' + std::string(option), why);
  }

  // Where one of them was refused, it is not among the options that were taken.
  void all_taken(const Origin& origin) {
    for (const std::string_view option : kClosing) {
      const auto written = find_option(table_, option);
      if (written == table_.end()) continue;
      const bool taken =
          std::any_of(origin.options.begin(), origin.options.end(),
                      [&](const auto& each) { return each.first == written->first.str(); });
      if (!taken) lost(option, "cannot be taken as it is: nothing is served here; correct it");
    }
  }

  // The name of a variable is a password that all can read, and an empty one is none.
  void all_set() {
    for (const std::string_view option : kClosing) {
      const auto written = find_option(table_, option);
      if (written == table_.end()) continue;
      const auto* name =
          report_.without_value(written->first.source().begin, written->second.source().end);
      if (name)
        lost(option, '$' + printable(*name) +
                         " is not set in the environment, or empty: nothing is served here; set it "
                         "where hostmeter is started");
    }
  }

  // An entry that was left out would let more in, not less.
  void whole_list(std::string_view option, const std::vector<std::string>& taken) {
    const auto written = find_option(table_, option);
    const toml::array* list = written == table_.end() ? nullptr : written->second.as_array();
    if (list && list->size() != taken.size())
      lost(option, "cannot be taken as it is: nothing is served here; correct it");
  }

  void no_secret(std::string_view option, std::string_view text) {
    if (text.starts_with("@{"))
      lost(option,
           "is in a secret store, which is not read: nothing is served here; write it, or "
           "\"${NAME}\" of the environment");
  }

 private:
  const toml::table& table_;
  Report& report_;
  bool passed_ = true;
};

// To Telegraf, an address alone is none.
bool is_ip_range(const std::string& text) {
  return text.find('/') != std::string::npos && base::Network::parse(text);
}

void read_listen(const toml::table& table, Output& output, Checks& checks) {
  const auto found = find_option(table, "listen");
  if (found == table.end()) return;
  const auto* text = found->second.as_string();
  if (!text)
    return checks.lost("listen", "is " + std::string(in_words(found->second.type())) +
                                     ": nothing is served here; write \"HOST:PORT\"");
  std::string_view address = text->get();
  if (address.empty()) return;
  for (const std::string_view scheme : {"tcp://", "http://", "https://"})
    if (address.starts_with(scheme)) address.remove_prefix(scheme.size());
  if (address.find("://") != std::string_view::npos)
    return checks.lost("listen", '"' + printable(text->get()) +
                                     "\" is no address of TCP: nothing is served here; write "
                                     "\"HOST:PORT\"");
  auto parsed = parse_address(address);
  if (const auto* wrong = std::get_if<std::string>(&parsed))
    return checks.lost("listen",
                       '"' + printable(text->get()) + "\" " + *wrong + ": nothing is served here");
  output.address = std::move(std::get<Address>(parsed));
}

void read_path(const toml::table& table, Output& output, Report& report) {
  const auto found = find_option(table, "path");
  if (found == table.end()) return;
  const Value value{
      found->second, found->first.source().begin, std::string(kName) + ".path", {}, {}};
  std::string path;
  if (!set(path, value, report) || path.empty()) return;
  const bool is_right =
      path.size() > 1 && path.size() <= 200 && path.starts_with('/') && !path.starts_with("/-/") &&
      std::all_of(path.begin(), path.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/-._~").find(c) != std::string_view::npos;
      });
  if (is_right)
    output.path = std::move(path);
  else
    report.add(Effect::lost, value.key, value.what,
               '"' + printable(path) +
                   "\" cannot be served: metrics are at /metrics instead; choose a path such as "
                   "\"/metrics\", which is none of the agent's own pages (/ and /-/...)");
}

void check_closing(const toml::table& table, const Output& output, Checks& checks, Report& report) {
  checks.all_taken(output.origin);
  checks.all_set();
  checks.whole_list("ip_range", output.ip_range);
  checks.whole_list("tls_allowed_cacerts", output.tls.allowed_cacerts);
  checks.no_secret("basic_username", output.basic_username);
  checks.no_secret("basic_password", output.basic_password);
  for (const std::string& range : output.ip_range)
    if (!is_ip_range(range))
      checks.lost("ip_range", '"' + printable(range) +
                                  "\" is no range of addresses: nothing is served here; write "
                                  "\"192.168.0.0/24\"");
  if (output.tls.cert.empty() != output.tls.key.empty())
    checks.lost("tls_cert", "takes both tls_cert and tls_key: nothing is served here");
  if (output.tls.cert.empty() && !output.tls.allowed_cacerts.empty())
    checks.lost("tls_allowed_cacerts", "takes tls_cert and tls_key: nothing is served here");
  if (find_option(table, "tls_key_pwd") != table.end())
    checks.lost("tls_key_pwd",
                "is not used: nothing is served here; write the key without a password, readable "
                "for the agent alone");
  if (find_option(table, "tls_allowed_dns_names") != table.end())
    checks.lost("tls_allowed_dns_names",
                "is not checked: nothing is served here; name the authority of those clients in "
                "tls_allowed_cacerts");
  if (output.basic_username.empty() != output.basic_password.empty())
    report.add(Effect::differs,
               place_of(table, output.basic_username.empty() ? "basic_password" : "basic_username"),
               std::string(kName) +
                   (output.basic_username.empty() ? ".basic_password" : ".basic_username"),
               "is one of two: nobody is asked for a password, as by Telegraf; write both "
               "basic_username and basic_password");
}

}  // namespace

std::optional<PrometheusClient> read_prometheus_client(const toml::table& table, Report& report) {
  Output output;
  output.origin.table = report.place(table.source().begin);
  Checks checks(table, report);
  read_listen(table, output, checks);
  read_path(table, output, report);
  read_options(table, kName, output.origin, report, Part<Output>{kOutput, output},
               Part<Tls>{kTls, output.tls}, Part<Filters>{filter_options(), output.filters});
  check_closing(table, output, checks, report);
  if (!checks.passed()) return {};
  return output;
}

}  // namespace hostmeter::config::telegraf
