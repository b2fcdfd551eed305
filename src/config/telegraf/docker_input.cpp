#include "config/telegraf/docker_input.hpp"

#include <algorithm>

namespace hostmeter::config::telegraf {
namespace {

constexpr std::string_view kClasses[] = {"cpu", "network", "blkio"};
constexpr std::string_view kObjects[] = {"container", "image", "volume"};
constexpr const char* kLocalOnly = "is for engines of other hosts; the socket has no TLS";

constexpr Option<Docker> kDocker[] = {
    {"endpoint", ReadElsewhere{}},
    {"timeout", &Docker::timeout_ns},
    {"container_names", &Docker::container_names},
    {"container_name_include", &Docker::container_name_include},
    {"container_name_exclude", &Docker::container_name_exclude},
    {"container_state_include", &Docker::container_state_include},
    {"container_state_exclude", &Docker::container_state_exclude},
    {"source_tag", &Docker::source_tag},
    {"storage_objects", &Docker::storage_objects, kObjects},
    {"perdevice", &Docker::perdevice},
    {"perdevice_include", &Docker::perdevice_include, kClasses},
    {"total", &Docker::total},
    {"total_include", &Docker::total_include, kClasses},
    {"docker_label_include", &Docker::docker_label_include},
    {"docker_label_exclude", &Docker::docker_label_exclude},
    {"tag_env", &Docker::tag_env},
    {"gather_services", &Docker::gather_services},
    {"podman_cache_ttl", Unsupported{Effect::none, {}, "CPU usage is measured here, not cached"}},
    {"tls_ca", Unsupported{Effect::none, "\"\"", kLocalOnly}},
    {"tls_cert", Unsupported{Effect::none, "\"\"", kLocalOnly}},
    {"tls_key", Unsupported{Effect::none, "\"\"", kLocalOnly}},
    {"tls_key_pwd", Unsupported{Effect::none, "\"\"", kLocalOnly}},
    {"tls_server_name", Unsupported{Effect::none, "\"\"", kLocalOnly}},
    {"tls_min_version", Unsupported{Effect::none, "\"\"", kLocalOnly}},
    {"tls_cipher_suites", Unsupported{Effect::none, "[]", kLocalOnly}},
    {"tls_renegotiation_method", Unsupported{Effect::none, "\"\"", kLocalOnly}},
    {"tls_enable", Unsupported{Effect::none, "false", kLocalOnly}},
    {"insecure_skip_verify", Unsupported{Effect::none, "false", kLocalOnly}},
};

constexpr std::string_view kUnix = "unix://";

// The path of the socket; nothing when it is of another host, or no path.
std::optional<std::string> socket_of(std::string_view endpoint, const Environment& environment) {
  std::string url(endpoint);
  if (url == "ENV") url = environment("DOCKER_HOST").value_or("");
  if (url.empty()) return Docker{}.endpoint;
  if (!url.starts_with(kUnix)) return {};
  std::string path = url.substr(kUnix.size());
  const bool is_one = path.starts_with('/') && path.size() > 1 && path.size() < 108 &&
                      path.find('\0') == std::string::npos;
  return is_one ? std::optional(path) : std::nullopt;
}

bool read_endpoint(const toml::table& table, Docker& docker, Report& report) {
  const auto found = find_option(table, "endpoint");
  if (found == table.end()) return true;
  std::string endpoint;
  const Value value{found->second, found->first.source().begin, "inputs.docker.endpoint", {}, {}};
  if (!set(endpoint, value, report)) return true;
  auto socket = socket_of(endpoint, report.environment());
  if (socket) {
    docker.endpoint = std::move(*socket);
    return true;
  }
  const std::string meant =
      endpoint == "ENV" ? report.environment()("DOCKER_HOST").value_or("") : endpoint;
  report.add(Effect::lost, value.key, value.what,
             (endpoint == "ENV" ? "DOCKER_HOST \"" : "\"") + printable(meant) +
                 "\" is no socket of this host: nothing is asked, the whole input is left out; "
                 "write \"unix:///var/run/docker.sock\"");
  return false;
}

void add_once(std::vector<std::string>& words, std::string_view word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.emplace_back(word);
}

// What old options mean in terms of the new ones, as in Telegraf 1.18 to 1.34.
void work_in_old_options(Docker& docker) {
  for (std::string& name : docker.container_names)
    docker.container_name_include.push_back(std::move(name));
  docker.container_names.clear();
  if (docker.perdevice) {
    add_once(docker.perdevice_include, "network");
    add_once(docker.perdevice_include, "blkio");
  }
  if (!docker.total)
    std::erase_if(docker.total_include, [](const std::string& word) { return word != "cpu"; });
}

}  // namespace

std::string_view runtime_of(const Docker& docker) {
  return docker.endpoint.find("podman") == std::string::npos ? "docker" : "podman";
}

bool is_same_socket(std::string_view one, std::string_view other) {
  // The link that every distribution has.
  for (std::string_view* path : {&one, &other})
    if (path->starts_with("/var/run/")) path->remove_prefix(4);
  return one == other;
}

bool read_docker(const toml::table& table, Input& input, Report& report) {
  Docker docker;
  if (!read_endpoint(table, docker, report)) return false;
  read_input(table, std::span<const Option<Docker>>(kDocker), docker, input, report);
  work_in_old_options(docker);
  input.plugin = std::move(docker);
  return true;
}

}  // namespace hostmeter::config::telegraf
