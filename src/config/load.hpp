// A configuration file, read into Settings or into the list of all that is wrong with it.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace hostmeter::config {

inline constexpr const char* kDefaultFile = "/etc/hostmeter/hostmeter.toml";

// A reader that hostmeter_reader_mode shows and that collect.disable does not switch off.
struct FixedReader {
  std::string_view name, why;  // "is …", with the mend
};

// What a configuration may name but this layer cannot know. Empty: nothing is checked.
struct Vocabulary {
  std::span<const std::string_view> readers;        // for collect.disable
  std::span<const std::string_view> metric_labels;  // not free for [labels]
  std::span<const FixedReader> fixed_readers{};
};

struct LoadedSettings {
  Settings settings;  // the defaults where there are problems
  // "file:line:column: key: what is wrong; how to mend it", in the order of the file.
  std::vector<std::string> problems;
  explicit operator bool() const { return problems.empty(); }
};

// name: what the problems call the text.
LoadedSettings load_text(std::string_view text, std::string_view name, const Vocabulary& = {});

// A file that is not there is a problem if it was asked for by name, and the defaults if not.
enum class Missing { is_a_problem, is_fine };
LoadedSettings load_file(const std::string& path, Missing, const Vocabulary& = {});

}  // namespace hostmeter::config
