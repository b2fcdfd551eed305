#include "config/reference.hpp"

#include "config/schema.hpp"

namespace hostmeter::config {
namespace {

constexpr std::size_t kWidth = 100;

// Breaks words into lines that begin with a prefix.
std::string wrapped(std::string_view text, std::string_view prefix) {
  std::string out;
  std::string line(prefix);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (line.size() + 1 + word.size() > kWidth) {
      out += line + '\n';
      line = prefix;
    }
    line += (line.size() > prefix.size() ? " " : "") + std::string(word);
  }
  return out + line + '\n';
}

// "# name = value"; a long list goes over several lines, each commented out.
std::string commented(std::string_view name, std::string_view value) {
  const std::string whole = "# " + std::string(name) + " = " + std::string(value);
  if (whole.size() <= kWidth || value.front() != '[') return whole + '\n';
  std::string out = "# " + std::string(name) + " = [\n";
  return out + wrapped(value.substr(1, value.size() - 2), "#   ") + "# ]\n";
}

// As it stands for a key without a default: an empty include list is refused.
std::string_view example_of(const Key& key) {
  if (!key.example.empty()) return key.example;
  return key.name.ends_with("include") ? "[\"*\"]" : "";
}

std::string header(const Table& table) {
  const std::string name(table.name);
  return table.repeats ? "[[" + name + "]]" : '[' + name + ']';
}

std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

}  // namespace

std::string default_configuration() {
  const Settings defaults;
  std::string out =
      "# Configuration of Hostmeter. Every key is shown with its default: uncomment what you "
      "change.\n"
      "# hostmeter check --config FILE says whether it would start with it.\n";
  for (const Table& table : tables()) {
    out += '\n' + wrapped(table.says, "# ") + (table.is_example ? "# " : "") + header(table) + '\n';
    if (!table.free.empty()) out += "# " + std::string(table.free) + '\n';
    for (const Key& key : keys()) {
      if (key.table != table.name) continue;
      out += '\n' + wrapped(key.says, "## ");
      const std::string_view example = example_of(key);
      out += commented(key.name, example.empty() ? write_value(key, defaults) : example);
    }
  }
  return out;
}

std::string reference() {
  const Settings defaults;
  std::string out =
      "# Configuration\n\n"
      "Hostmeter runs without any configuration. A file in [TOML](https://toml.io) changes what "
      "follows; [conf/hostmeter.toml](../conf/hostmeter.toml) is a file of all defaults to start "
      "from. `hostmeter check --config FILE` lists every mistake with its line; unknown keys are "
      "mistakes. Durations are strings such as `\"500ms\"`, `\"1s\"` or `\"1m30s\"`; globs know "
      "`*`, `?` and `[a-z]`.\n";
  for (const Table& table : tables()) {
    out += "\n## `" + header(table) + "`\n\n" + std::string(table.says) + '\n';
    if (!table.free.empty())
      out += "\nKeys are names of labels, values are strings, such as `" + std::string(table.free) +
             "`. A label that some metric has already cannot be set.\n";
    bool first = true;
    for (const Key& key : keys()) {
      if (key.table != table.name) continue;
      if (first) out += "\n| key | values | default | |\n|---|---|---|---|\n";
      first = false;
      const bool has_default = example_of(key).empty();
      const std::string value = has_default ? '`' + write_value(key, defaults) + '`' : "";
      out += "| `" + std::string(key.name) + "` | " + cell(describe_values(key)) + " | " +
             cell(value) + " | " + cell(std::string(key.says)) + " |\n";
    }
  }
  return out;
}

}  // namespace hostmeter::config
