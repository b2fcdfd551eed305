#include "config/load.hpp"

#include <algorithm>
#include <system_error>

#include "config/nearest.hpp"
#include "config/reading.hpp"
#include "config/script_check.hpp"
#include "config/source_text.hpp"
#include "config/telegraf/recognition.hpp"
#include "config/whole_file.hpp"

namespace hostmeter::config {
namespace {

constexpr std::size_t kMostProblems = 50;

std::string path_of(std::string_view table, std::string_view name) {
  return table.empty() ? printable(name) : std::string(table) + '.' + printable(name);
}

// Names that may stand in a table: its keys, and the tables below it.
std::vector<std::string_view> names_in(std::string_view table) {
  std::vector<std::string_view> names;
  for (const Key& key : keys())
    if (key.table == table) names.push_back(key.name);
  const std::string prefix = table.empty() ? std::string() : std::string(table) + '.';
  for (const Table& below : tables()) {
    std::string_view rest = below.name;
    if (!rest.starts_with(prefix)) continue;
    rest.remove_prefix(prefix.size());
    if (!rest.empty() && rest.find('.') == std::string_view::npos) names.push_back(rest);
  }
  return names;
}

std::string mend_unknown(std::string_view table, std::string_view name) {
  for (const Key& key : keys())
    if (key.name == name && key.table != table)
      return "is unknown here; it belongs in [" + std::string(key.table) + ']';
  const auto known = names_in(table);
  const std::string_view meant = nearest(name, known);
  if (!meant.empty()) return "is unknown; did you mean \"" + std::string(meant) + "\"?";
  std::string all;
  for (const std::string_view each : known) all += (all.empty() ? "" : ", ") + std::string(each);
  return "is unknown; known here: " + all;
}

void read_table(std::string_view path, const toml::table& table, Reading& reading);

// [[listener]]: the tables written take the place of the default one.
void read_listeners(const toml::array& listeners, Reading& reading) {
  const std::vector<Listener> defaults = std::move(reading.settings.listeners);
  reading.settings.listeners.clear();
  for (const toml::node& node : listeners) {
    const toml::source_position at = node.source().begin;
    if (reading.settings.listeners.size() == 64)
      return reading.problem(at, "listener", "there are more than 64 listeners; remove some");
    const std::size_t problems = reading.problems.size();
    reading.settings.listeners.push_back(defaults.back());
    read_table("listener", *node.as_table(), reading);
    if (reading.problems.size() != problems) continue;
    const auto& all = reading.settings.listeners;
    if (all.back().tls_certificate.empty() &&
        !(all.back().tls_key.empty() && all.back().tls_client_ca.empty()))
      reading.problem(at, "listener.tls_certificate",
                      "is missing; a key or certificates of scrapers are of no use without it");
    for (std::size_t other = 0; other + 1 < all.size(); ++other) {
      if (!clash(all[other].address, all.back().address)) continue;
      reading.problem(at, "listener.address",
                      '"' + to_string(all.back().address) +
                          "\" is already taken by the listener \"" + to_string(all[other].address) +
                          "\" above; choose another port");
      break;
    }
  }
}

// [[script]], each with its [script.limits] and [script.allow].
void read_scripts(const toml::array& scripts, Reading& reading) {
  constexpr std::size_t kMost = 256;
  Script usual;
  usual.interval_ns = reading.settings.scripts.interval_ns;
  usual.timeout_ns = reading.settings.scripts.timeout_ns;
  std::vector<Script>& all = reading.settings.scripts.each;
  for (const toml::node& node : scripts) {
    const toml::source_position at = node.source().begin;
    if (all.size() == kMost)
      return reading.problem(at, "script",
                             "there are more than 256 of them; name several scripts in one run");
    const std::size_t problems = reading.problems.size();
    all.push_back(usual);
    read_table("script", *node.as_table(), reading);
    if (reading.problems.size() != problems) continue;
    for (ScriptProblem& problem : check_last_script(all))
      reading.problem(at, std::move(problem.key), std::move(problem.what));
  }
}

void read_known_table(const Table& known, const toml::node& node, Reading& reading) {
  const std::string name(known.name);
  const toml::source_position at = node.source().begin;
  const toml::array* list = node.as_array();
  if (known.repeats) {
    const bool of_tables = list && !list->empty() && list->is_array_of_tables();
    if (of_tables && name == "script") return read_scripts(*list, reading);
    if (of_tables) return read_listeners(*list, reading);
    return reading.problem(
        at, name,
        "is " + std::string(in_words(node.type())) + "; write [[" + name + "]] above its keys");
  }
  const toml::table* table = node.as_table();
  if (!table)
    return reading.problem(
        at, name,
        "is " + std::string(in_words(node.type())) + "; write [" + name + "] above its keys");
  if (known.free.empty()) return read_table(known.name, *table, reading);
  set_labels(*table, reading);
}

void read_entry(std::string_view path, const toml::key& key, const toml::node& value,
                Reading& reading) {
  const std::string full = path_of(path, key.str());
  if (const Key* known = find_key(path, key.str()))
    set_value(*known, value, reading);
  else if (const Table* below = find_table(full))
    read_known_table(*below, value, reading);
  else
    reading.problem(key.source().begin, full, mend_unknown(path, key.str()));
}

void read_table(std::string_view path, const toml::table& table, Reading& reading) {
  for (const auto& [key, value] : table) read_entry(path, key, value, reading);
}

// Tables that repeat come last: what is said for all of them is known by then.
void read_root(const toml::table& root, Reading& reading) {
  for (const bool repeated : {false, true})
    for (const auto& [key, value] : root) {
      const Table* known = find_table(key.str());
      if ((known && known->repeats) == repeated) read_entry("", key, value, reading);
    }
}

std::string write(const Problem& problem, std::string_view file) {
  std::string text = printable(file) + ':';
  if (problem.line > 0)
    text += std::to_string(problem.line) + ':' + std::to_string(problem.column) + ':';
  if (!problem.key.empty()) text += ' ' + problem.key + ':';
  return text + ' ' + problem.what;
}

LoadedSettings refused(std::vector<Problem> problems, std::string_view file) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& one, const Problem& other) {
    return std::pair(one.line, one.column) < std::pair(other.line, other.column);
  });
  LoadedSettings loaded;
  for (const Problem& problem : problems) {
    if (loaded.problems.size() == kMostProblems) {
      loaded.problems.push_back(printable(file) + ": and " +
                                std::to_string(problems.size() - kMostProblems) + " more");
      break;
    }
    loaded.problems.push_back(write(problem, file));
  }
  return loaded;
}

// Our own words around what the TOML parser says.
Problem syntax_problem(const toml::parse_error& failure) {
  const auto at = failure.source().begin;
  return {at.line, at.column, {}, printable(failure.description()) + "; see https://toml.io"};
}

}  // namespace

LoadedSettings load_text(std::string_view text, std::string_view name,
                         const Vocabulary& vocabulary) {
  if (auto bad = check_text(text))
    return refused({{bad->line, bad->column, {}, std::move(bad->what)}}, name);
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& failure) {
    if (looks_like_telegraf(text)) return refused({{0, 0, {}, kIsTelegraf}}, name);
    return refused({syntax_problem(failure)}, name);
  }
  Reading reading{vocabulary};
  if (auto telegraf = find_telegraf(table))
    reading.problems.push_back(std::move(*telegraf));
  else
    read_root(table, reading);
  if (!reading.problems.empty()) return refused(std::move(reading.problems), name);
  return {std::move(reading.settings), {}};
}

LoadedSettings load_file(const std::string& path, Missing missing, const Vocabulary& vocabulary) {
  const auto text = read_whole(path, kLongestText);
  if (text) return load_text(*text, path, vocabulary);
  const int code = text.error().code;
  if (code == ENOENT && missing == Missing::is_fine) return {};
  return refused({{0,
                   0,
                   {},
                   "cannot be read: " + std::generic_category().message(code) +
                       "; give the path of a readable file"}},
                 path);
}

}  // namespace hostmeter::config
