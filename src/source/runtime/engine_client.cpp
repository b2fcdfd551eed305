#include "source/runtime/engine_client.hpp"

#include <cerrno>

namespace hostmeter::source::runtime {
namespace {

constexpr int kOk = 200, kNotFound = 404;

// {"type":["container","image"],"event":["create",…]}: what is run inside of containers, such as
// their health checks, makes events too, and many. Podman takes words that it does not know for
// errors, so it is asked for all of both types.
constexpr std::string_view kDockerFilters =
    "%7B%22type%22%3A%5B%22container%22%2C%22image%22%5D%2C%22event%22%3A%5B%22create%22%2C"
    "%22start%22%2C%22die%22%2C%22stop%22%2C%22destroy%22%2C%22rename%22%2C%22pause%22%2C"
    "%22unpause%22%2C%22restart%22%2C%22update%22%2C%22oom%22%2C%22health_status%22%2C"
    "%22pull%22%2C%22import%22%2C%22load%22%2C%22tag%22%2C%22untag%22%2C%22delete%22%2C"
    "%22prune%22%5D%7D";
constexpr std::string_view kPodmanFilters =
    "%7B%22type%22%3A%5B%22container%22%2C%22image%22%5D%7D";

template <class T, class Parse>
auto parsed(const Result<Answer>& answer, Parse parse) -> Result<T> {
  if (!answer) return answer.error();
  if (answer->status != kOk) return Error{ENOTSUP, "ask the engine"};
  return parse(answer->body);
}

}  // namespace

std::string EngineClient::target(std::string_view path) const {
  return "/v" + api_ + std::string(path);
}

Result<Answer> EngineClient::get(std::string_view path, std::size_t longest) {
  return http_.get(target(path), longest);
}

Result<EngineVersion> EngineClient::version() {
  auto version = parsed<EngineVersion>(http_.get("/version", kLongestVersion), parse_version);
  if (!version) return version;
  const auto speak = api_to_speak(*version);
  if (!speak) return Error{EPROTONOSUPPORT, "agree on a version"};
  api_ = std::to_string(speak->major) + "." + std::to_string(speak->minor);
  return version;
}

Result<LineStream> EngineClient::events(std::uint64_t since) {
  std::string path = "/events?since=" + std::to_string(since) + "&filters=";
  path += runtime_ == Runtime::podman ? kPodmanFilters : kDockerFilters;
  return http_.stream(target(path));
}

Result<ContainerIds> EngineClient::container_ids() {
  return parsed<ContainerIds>(get("/containers/json?all=1", kLongestList), parse_container_ids);
}

Result<std::optional<EngineContainer>> EngineClient::inspect(std::string_view id) {
  using Found = std::optional<EngineContainer>;
  const auto answer = get("/containers/" + std::string(id) + "/json", kLongestInspect);
  if (answer && answer->status == kNotFound) return Found();
  auto one = parsed<EngineContainer>(answer, [this](std::string_view body) {
    return parse_inspect(body, runtime_, environment_);
  });
  if (!one) return one.error();
  if (one->description.container_id != id) return Error{EBADMSG, "answer about another container"};
  return Found(std::move(*one));
}

}  // namespace hostmeter::source::runtime
