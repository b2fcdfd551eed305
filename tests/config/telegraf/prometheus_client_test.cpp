#include "config/telegraf/prometheus_client.hpp"

#include "loaded.hpp"

using namespace hostmeter;
using namespace hostmeter::config::telegraf;
using Words = std::vector<std::string>;

namespace {

Loaded output(const std::string& options) {
  return test::load("[[outputs.prometheus_client]]\n" + options);
}

// What is not served for this reason, which is on line 2.
void check_lost(const std::string& options, const std::string& reason) {
  CAPTURE(options);
  const auto loaded = output(options);
  CHECK(loaded.settings.outputs.empty());
  bool found = false;
  for (const std::string& each : test::said(loaded)) {
    CAPTURE(each);
    CHECK(each.starts_with("2 "));
    found = found || each.starts_with("2 LOST outputs.prometheus_client." + reason);
  }
  CHECK(found);
}

}  // namespace

TEST_CASE("everything that can be set") {
  const auto loaded = output(R"(listen = "127.0.0.1:9999"
path = "/telegraf"
alias = "a"
metric_version = 2
expiration_interval = "2m"
basic_username = "u"
basic_password = "p"
ip_range = ["192.168.0.0/24", "fe80::/10"]
tls_cert = "/c"
tls_key = "/k"
tls_allowed_cacerts = ["/ca", "/cb"]
tls_min_version = "TLS13"
string_as_label = false
collectors_exclude = ["gocollector", "process"]
export_timestamp = false
name_override = "o"
name_prefix = "p"
name_suffix = "s"
)");
  CHECK(test::said(loaded).empty());
  const PrometheusClient& client = loaded.settings.outputs.at(0);
  CHECK(client.name_override + client.name_prefix + client.name_suffix == "ops");
  CHECK(client.address == config::Address{"127.0.0.1", 9999});
  CHECK(client.path == "/telegraf");
  CHECK(client.alias == "a");
  CHECK(client.metric_version == 2);
  CHECK(client.expiration_interval_ns == 120'000'000'000);
  CHECK(client.basic_username == "u");
  CHECK(client.basic_password == "p");
  CHECK(client.ip_range == Words{"192.168.0.0/24", "fe80::/10"});
  CHECK(client.tls == Tls{"/c", "/k", {"/ca", "/cb"}, "TLS13"});
  CHECK_FALSE(client.string_as_label);
  CHECK(client.collectors_exclude == Words{"gocollector", "process"});
}

TEST_CASE("nothing written is Telegraf's default") {
  const PrometheusClient client = output("").settings.outputs.at(0);
  CHECK(client.address == config::Address{"", 9273});
  CHECK(client.path == "/metrics");
  CHECK(client.metric_version == 1);
  CHECK(client.expiration_interval_ns == 60'000'000'000);
  CHECK(client.string_as_label);
  CHECK(output("expiration_interval = \"0s\"\n").settings.outputs.at(0).expiration_interval_ns ==
        0);
}

TEST_CASE("ways to write an address") {
  const auto address = [](const char* text) {
    return to_string(
        output(std::string("Listen = \"") + text + "\"\n").settings.outputs.at(0).address);
  };
  CHECK(address(":9273") == ":9273");
  CHECK(address("") == ":9273");
  CHECK(address("tcp://:9273") == ":9273");
  CHECK(address("http://localhost:9273") == "localhost:9273");
  CHECK(address("[::1]:9273") == "[::1]:9273");
  check_lost("listen = \"9273\"\n", "listen: \"9273\" has no port");
  for (const char* other : {"unix:///run/x", "vsock://:9273", "tcp4://:9273"})
    check_lost(std::string("listen = \"") + other + "\"\n",
               "listen: \"" + std::string(other) + "\" is no address of TCP");
  check_lost("listen = 9273\n", "listen: is a whole number");
}

TEST_CASE("what keeps others out is never half in force") {
  check_lost("basic_password = 7\n", "basic_password: cannot be taken as it is");
  check_lost("basic_password = \"@{store:key}\"\n", "basic_password: is in a secret store");
  check_lost("ip_range = \"10.0.0.0/8\"\n", "ip_range: cannot be taken");
  check_lost("ip_range = [\"10.0.0.0/8\", 7]\n", "ip_range: cannot be taken");
  check_lost("ip_range = [\"10.0.0.0\"]\n", "ip_range: \"10.0.0.0\" is no range of addresses");
  check_lost("ip_range = [\"10.0.0.0/33\"]\n", "ip_range: ");
  check_lost("ip_range = [\"::/129\"]\n", "ip_range: ");
  check_lost("tls_cert = \"/c\"\n", "tls_cert: takes both");
  check_lost("tls_allowed_cacerts = [\"/ca\"]\n", "tls_allowed_cacerts: takes tls_cert");
  check_lost("tls_key_pwd = \"p\"\ntls_cert = \"/c\"\ntls_key = \"/k\"\n", "tls_key_pwd: is not");
  check_lost("tls_allowed_dns_names = [\"a\"]\n", "tls_allowed_dns_names: is not checked");
  check_lost("tls_min_version = \"SSL3\"\n", "tls_min_version: cannot be taken");
}

TEST_CASE("what a variable without a value keeps open is not served") {
  const auto outputs = [](const char* options) {
    return test::load(std::string("[[outputs.prometheus_client]]\n") + options,
                      [](const std::string& name) {
                        return name == "EMPTY" ? std::optional<std::string>("")
                               : name == "SET" ? std::optional<std::string>("s")
                                               : std::nullopt;
                      });
  };
  for (const char* password : {"${PW}", "$EMPTY", "x${EMPTY}", "${PW:-x"}) {
    CAPTURE(password);
    const auto loaded = outputs(
        ("basic_username = \"u\"\nbasic_password = \"" + std::string(password) + "\"\n").c_str());
    CHECK(loaded.settings.outputs.empty());
    bool is_said = false;
    for (const std::string& each : test::said(loaded))
      is_said |= each.starts_with("3 LOST outputs.prometheus_client.basic_password: $");
    CHECK(is_said);
  }
  CHECK(outputs("ip_range = [\n\"10.0.0.0/8\",\n\"${RANGE}\"]\n").settings.outputs.empty());
  CHECK(outputs("listen = \"${EMPTY}:9273\"\n").settings.outputs.empty());
  const auto set =
      outputs("basic_username = \"u\"\nbasic_password = \"$SET${PW:-x}$$\"\nalias = \"$NO\"\n");
  CHECK(set.settings.outputs.at(0).basic_password == "sx$");
}

TEST_CASE("half a password is none, as to Telegraf, and said") {
  const auto loaded = output("basic_username = \"u\"\n");
  CHECK(test::said_only(loaded, "2 differs outputs.prometheus_client.basic_username: is one of"));
  CHECK(loaded.settings.outputs.size() == 1);
}

TEST_CASE("a path that cannot be served loses what was there, and metrics are at the usual one") {
  for (const char* path : {"/", "metrics", "/-/ready", "/a b", "/a?b"}) {
    const auto loaded = output(std::string("path = \"") + path + "\"\n");
    CHECK(test::said_only(loaded, "2 LOST outputs.prometheus_client.path: "));
    CHECK(loaded.settings.outputs.at(0).path == "/metrics");
  }
  CHECK(output("path = \"\"\n").settings.outputs.at(0).path == "/metrics");
}

TEST_CASE("options that do nothing are named") {
  CHECK(test::said_only(output("flush_interval = \"1s\"\n"),
                        "2 - outputs.prometheus_client.flush_interval: has no meaning"));
  CHECK(test::said_only(output("read_timeout = \"1s\"\n"),
                        "2 - outputs.prometheus_client.read_timeout: "));
  CHECK(test::said_only(output("export_timestamp = true\n"),
                        "2 differs outputs.prometheus_client.export_timestamp: "));
  CHECK(test::said_only(output("http_headers = {\"X-A\" = \"b\"}\n"),
                        "2 differs outputs.prometheus_client.http_headers: "));
  CHECK(test::said_only(output("metric_types = {counter = [\"a\"]}\n"),
                        "2 differs outputs.prometheus_client.metric_types: "));
  CHECK(test::said_only(output("collectors_exclude = [\"x\"]\n"),
                        "2 differs outputs.prometheus_client.collectors_exclude: \"x\""));
}
