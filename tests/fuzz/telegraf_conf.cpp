// Any bytes as a telegraf.conf: settings that keep their promises, or problems; all of it such
// that a terminal can show it.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "config/telegraf/conf_files.hpp"
#include "hostmeter/base/utf8.hpp"

namespace {

using namespace hostmeter::config::telegraf;

std::optional<std::string> environment(const std::string& name) {
  if (name == "A") return "x\n\"y\\";
  if (name == "T") return "[[inputs.cpu]]\npercpu = false\n";
  if (name == "E") return "";
  return {};
}

void must_be_printable(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = hostmeter::utf8_length(text);
    if (length == 0 || static_cast<unsigned char>(text.front()) < 0x20) std::abort();
    text.remove_prefix(length);
  }
}

void must_hold(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const ConfFile file{"fuzz.conf", text};
  const Loaded loaded = load_conf({&file, 1}, environment);
  for (const std::string& problem : loaded.problems) must_be_printable(problem);
  for (const std::string& line : write_table(loaded.findings, loaded.settings.files))
    must_be_printable(line);
  if (!loaded) must_hold(loaded.settings == Settings{} && loaded.findings.empty());
  for (const Finding& each : loaded.findings)
    must_hold(each.place.line <= std::size_t(std::count(text.begin(), text.end(), '\n')) + 1);
  for (const PrometheusClient& output : loaded.settings.outputs) {
    must_hold(output.address.port > 0 && output.path.starts_with('/'));
    must_hold(output.tls.cert.empty() == output.tls.key.empty());
    must_hold(output.metric_version == 1 || output.metric_version == 2);
  }
  for (const Input& input : loaded.settings.inputs) {
    must_hold(input.origin.table.line > 0);
    if (const auto* exec = std::get_if<Exec>(&input.plugin))
      for (const Command& command : exec->commands) must_hold(!command.words.front().empty());
  }
  must_hold(!loaded || loaded.settings.agent.interval_ns >= 100'000'000);
  return 0;
}
