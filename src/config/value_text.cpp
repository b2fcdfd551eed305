// What values keys have and take, as text.
#include <string>

#include "config/duration.hpp"
#include "config/schema.hpp"
#include "config/size.hpp"

namespace hostmeter::config {
namespace {

std::string quoted(std::string_view text) {
  std::string written = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') written += '\\';
    written += c;
  }
  return written + '"';
}

std::string joined(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : " or ") + quoted(word);
  return text;
}

std::string plural(const std::string& word) {
  if (const auto at = word.find(" or "); at != std::string::npos)
    return plural(word.substr(0, at)) + " or " + plural(word.substr(at + 4));
  if (word.ends_with("ity") || word.ends_with("ory"))
    return word.substr(0, word.size() - 1) + "ies";
  return word + 's';
}

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string write_list(const std::vector<std::string>& words) {
  std::string written;
  for (const std::string& word : words) written += (written.empty() ? "" : ", ") + quoted(word);
  return '[' + written + ']';
}

}  // namespace

std::string write_value(const Key& key, const Settings& settings) {
  Settings copy = settings;
  return std::visit(
      Overloaded{
          [&](const Boolean& shape) { return std::string(shape.pick(copy) ? "true" : "false"); },
          [&](const Whole& shape) { return std::to_string(shape.pick(copy)); },
          [&](const Duration& shape) { return quoted(write_duration(shape.pick(copy))); },
          [&](const Size& shape) { return quoted(write_size(shape.pick(copy))); },
          [&](const Names& shape) { return write_list(shape.pick(copy)); },
          [&](const Word& shape) { return quoted(shape.pick(copy)); },
          [&](const Choice& shape) { return quoted(shape.choices[shape.get(copy)]); },
          [&](const ListenAddress& shape) { return quoted(to_string(shape.pick(copy))); },
          [&](const UrlPath& shape) { return quoted(shape.pick(copy)); },
          [&](const FilePath& shape) { return quoted(shape.pick(copy)); }},
      key.shape);
}

std::string describe_values(const Key& key) {
  return std::visit(
      Overloaded{[](const Boolean&) { return std::string("true or false"); },
                 [](const Whole& shape) {
                   return std::to_string(shape.least) + " to " + std::to_string(shape.most);
                 },
                 [](const Duration& shape) {
                   return quoted(write_duration(shape.least_ns)) + " to " +
                          quoted(write_duration(shape.most_ns));
                 },
                 [](const Size& shape) {
                   return quoted(write_size(shape.least)) + " to " + quoted(write_size(shape.most));
                 },
                 [](const Names& shape) {
                   const std::string what(shape.what);
                   const std::string of = shape.choices.empty() ? "" : ": " + joined(shape.choices);
                   return (shape.or_one ? "a " + what + " or " : "") + "a list of " + plural(what) +
                          of;
                 },
                 [](const Word& shape) { return std::string(shape.what); },
                 [](const Choice& shape) { return joined(shape.choices); },
                 [](const ListenAddress&) { return std::string("\"HOST:PORT\""); },
                 [](const UrlPath&) { return std::string("a path such as \"/metrics\""); },
                 [](const FilePath&) { return std::string("a path from the root"); }},
      key.shape);
}

}  // namespace hostmeter::config
