// hostmeter diff: whether two endpoints serve the same.
#include "tool/diff/diff.hpp"

#include <spdlog/spdlog.h>

#include <cstdio>
#include <fstream>

#include "app/commands.hpp"
#include "base/clock.hpp"
#include "config/duration.hpp"

namespace hostmeter::app {
namespace {

constexpr std::uint64_t kNsPerMs = 1'000'000;

// What is wrong with the arguments; empty: nothing.
std::string read_duration(const std::string& text, const char* flag,
                          std::chrono::milliseconds& duration) {
  const auto ns = config::parse_duration(text);
  constexpr std::uint64_t kMost = 3'600'000 * kNsPerMs;
  if (!ns || *ns < kNsPerMs || *ns > kMost)
    return std::string(flag) + " is a time from 1ms to 1h, such as \"5s\"";
  duration = std::chrono::milliseconds(*ns / kNsPerMs);
  return {};
}

std::string read_rename(const std::string& text, tool::Selection& selection) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
    return "--rename is FROM=TO, such as 'node_*=my_*'";
  selection.renamed.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  return {};
}

std::string read_endpoint(const DiffArguments& arguments, const std::string& url,
                          const std::string& password, tool::Endpoint& endpoint) {
  const auto read = tool::endpoint_of(url);
  if (!read) return "this is no URL such as http://localhost:9273/metrics";
  endpoint = *read;
  if (endpoint.user.empty()) endpoint.user = arguments.user;
  if (!endpoint.user.empty() && endpoint.password.empty()) endpoint.password = password;
  return {};
}

std::string read_password(const DiffArguments& arguments, std::string& password) {
  if (arguments.password_file.empty()) return {};
  std::ifstream file(arguments.password_file);
  if (!std::getline(file, password)) return "--password-file cannot be read, or is empty";
  return {};
}

std::string read_options(const DiffArguments& arguments, tool::DiffOptions& options) {
  options.times = arguments.times;
  options.fetch.ca_file = arguments.ca_file;
  options.fetch.insecure = arguments.insecure;
  options.tolerance = {arguments.tolerance, arguments.absolute};
  options.selection.families = {arguments.only, arguments.ignore};
  options.selection.ignored_labels = arguments.ignored_labels;
  std::string wrong;
  for (const std::string& rule : arguments.renamed)
    if (wrong.empty()) wrong = read_rename(rule, options.selection);
  if (wrong.empty()) wrong = read_duration(arguments.interval, "--interval", options.interval);
  if (wrong.empty()) wrong = read_duration(arguments.timeout, "--timeout", options.fetch.timeout);
  std::string password;
  if (wrong.empty()) wrong = read_password(arguments, password);
  if (wrong.empty()) wrong = read_endpoint(arguments, arguments.a, password, options.a);
  if (wrong.empty()) wrong = read_endpoint(arguments, arguments.b, password, options.b);
  return wrong;
}

std::string why_nothing(const tool::DiffReport& report) {
  if (report.comparison.not_compared != 0)
    return "there is no rate of counters after so few scrapes; raise --times";
  return "--only, --ignore and --ignore-label leave no series";
}

}  // namespace

int diff(const Arguments& arguments) {
  tool::DiffOptions options;
  if (const std::string wrong = read_options(arguments.diff, options); !wrong.empty()) {
    spdlog::error("{}", wrong);
    return kUsage;
  }
  const auto made = tool::diff(options, base::SystemClock());
  if (const auto* why = std::get_if<std::string>(&made)) {
    spdlog::error("{}", *why);
    return kUsage;
  }
  const auto& report = std::get<tool::DiffReport>(made);
  const std::string text =
      arguments.json ? tool::diff_json(report) : tool::diff_table(report, arguments.diff.rows);
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0) return kUsage;
  if (!report.comparison.differences.empty()) return kFailed;
  if (report.comparison.same != 0) return kOk;
  spdlog::error("nothing was compared: {}", why_nothing(report));
  return kUsage;
}

}  // namespace hostmeter::app
