#include "source/runtime/lxc_config.hpp"

#include <optional>
#include <string>

#include "hostmeter/base/text.hpp"
#include "source/runtime/bounded.hpp"

namespace hostmeter::source::runtime {
namespace {

constexpr std::string_view kTemplate = "# Template used to create this container: ";
constexpr std::string_view kParameters = "# Parameters passed to the template: ";

std::optional<std::string_view> after(std::string_view line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return {};
  return line.substr(prefix.size());
}

// "-d debian", "--dist debian" or "--dist=debian".
std::string_view option(std::string_view parameters, std::string_view brief,
                        std::string_view full) {
  Text words(parameters);
  while (!words.empty()) {
    const std::string_view word = words.word();
    if (word == brief || word == full) return words.word();
    if (const auto value = after(word, full); value && value->starts_with('='))
      return value->substr(1);
  }
  return {};
}

std::string image_of(std::string_view made_by, std::string_view parameters) {
  if (made_by.ends_with("/lxc-oci")) {
    const std::string_view url = option(parameters, "-u", "--url");
    return cut_name(after(url, "docker://").value_or(url));
  }
  const std::string_view dist = option(parameters, "-d", "--dist");
  if (!made_by.ends_with("/lxc-download") || dist.empty()) return {};
  std::string image(dist);
  for (const std::string_view part :
       {option(parameters, "-r", "--release"), option(parameters, "-a", "--arch")})
    if (!part.empty()) (image += '/') += part;
  return cut_name(image);
}

}  // namespace

Description describe_lxc(std::string_view config, std::string_view name) {
  std::string_view made_by, parameters;
  for (Text lines(config); !lines.empty();) {
    const std::string_view line = lines.line().rest();
    if (const auto found = after(line, kTemplate)) made_by = Text::trim(*found);
    if (const auto found = after(line, kParameters)) parameters = Text::trim(*found);
  }
  Description made;
  made.runtime = Runtime::lxc;
  made.container_id = cut_name(name);
  made.name = made.container_id;
  made.image = image_of(made_by, parameters);
  return made;
}

}  // namespace hostmeter::source::runtime
