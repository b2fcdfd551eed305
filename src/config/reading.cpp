#include "config/reading.hpp"

#include <algorithm>

#include "config/duration.hpp"
#include "config/label_name.hpp"
#include "config/nearest.hpp"
#include "config/size.hpp"
#include "config/source_text.hpp"

namespace hostmeter::config {
namespace {

constexpr std::size_t kLongestString = 4'096;
constexpr std::size_t kLongestPath = 1'024;
constexpr std::size_t kMostLabels = 32;

std::string shown(std::string_view text) {
  return '"' + printable(text) + '"';
}

std::string must_be(const Key& key) {
  return "; it must be " + describe_values(key);
}

// Sets one key; a call operator for each shape.
struct Setter {
  const Key& key;
  const toml::node& value;
  Reading& reading;

  std::string full_name() const { return std::string(key.table) + '.' + std::string(key.name); }
  void refuse(std::string what) const { refuse(value, std::move(what)); }
  void refuse(const toml::node& node, std::string what) const {
    reading.problem(node.source().begin, full_name(), std::move(what));
  }
  void wrong_type() const { refuse("is " + std::string(in_words(value.type())) + must_be(key)); }
  const std::string* text() const {
    const auto* string = value.as_string();
    if (!string) wrong_type();
    return string ? &string->get() : nullptr;
  }

  void operator()(const Boolean& shape) const {
    if (const auto* boolean = value.as_boolean())
      shape.pick(reading.settings) = boolean->get();
    else
      wrong_type();
  }

  void operator()(const Whole& shape) const {
    const auto* number = value.as_integer();
    if (!number) return wrong_type();
    const std::int64_t n = number->get();
    if (n < 0 || std::uint64_t(n) < shape.least || std::uint64_t(n) > shape.most)
      return refuse(std::to_string(n) + " is out of range" + must_be(key));
    shape.pick(reading.settings) = std::uint64_t(n);
  }

  void operator()(const Duration& shape) const {
    if (value.is_number())
      return refuse("has no unit; write it as a string such as \"1s\" or \"500ms\"");
    const std::string* written = text();
    if (!written) return;
    const auto ns = parse_duration(*written);
    if (!ns)
      return refuse(shown(*written) + " is no duration; write it such as \"1s\" or \"500ms\"");
    if (*ns < shape.least_ns || *ns > shape.most_ns)
      return refuse(shown(*written) + " is out of range" + must_be(key));
    shape.pick(reading.settings) = *ns;
  }

  void operator()(const Size& shape) const {
    if (value.is_number())
      return refuse("has no unit; write it as a string such as \"64KiB\" or \"128MiB\"");
    const std::string* written = text();
    if (!written) return;
    const auto bytes = parse_size(*written);
    if (!bytes)
      return refuse(shown(*written) + " is no size; write it such as \"64KiB\" or \"128MiB\"");
    if (*bytes < shape.least || *bytes > shape.most)
      return refuse(shown(*written) + " is out of range" + must_be(key));
    shape.pick(reading.settings) = *bytes;
  }

  void operator()(const Word& shape) const {
    const std::string* written = text();
    if (!written) return;
    if (const std::string wrong = shape.check(*written); !wrong.empty())
      return refuse(shown(*written) + ' ' + wrong);
    shape.pick(reading.settings) = *written;
  }

  void operator()(const Choice& shape) const {
    const std::string* written = text();
    if (!written) return;
    const auto chosen = std::find(shape.choices.begin(), shape.choices.end(), *written);
    if (chosen != shape.choices.end())
      return shape.set(reading.settings, std::uint8_t(chosen - shape.choices.begin()));
    const bool later =
        std::find(shape.later.begin(), shape.later.end(), *written) != shape.later.end();
    refuse(shown(*written) + (later ? " is not in this version" : " is unknown") + must_be(key));
  }

  void operator()(const ListenAddress& shape) const {
    const std::string* written = text();
    if (!written) return;
    auto parsed = parse_address(*written);
    if (const auto* wrong = std::get_if<std::string>(&parsed))
      return refuse(shown(*written) + ' ' + *wrong);
    shape.pick(reading.settings) = std::move(std::get<Address>(parsed));
  }

  void operator()(const UrlPath& shape) const {
    const std::string* written = text();
    if (!written) return;
    const std::string_view path = *written;
    if (!path.starts_with('/') || path.size() > 200)
      return refuse(shown(path) + " is no path; it begins with a slash, such as \"/metrics\"");
    const auto may_stay = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view("/-._~").find(c) != std::string_view::npos;
    };
    if (!std::all_of(path.begin(), path.end(), may_stay))
      return refuse(shown(path) +
                    " has a character that would change in a URL; use letters, "
                    "digits and / - . _ ~");
    if (path == "/" || path.starts_with("/-/"))
      return refuse(shown(path) +
                    " is a page of the agent itself; choose another, such as "
                    "\"/metrics\"");
    shape.pick(reading.settings) = path;
  }

  void operator()(const FilePath& shape) const {
    const std::string* written = text();
    if (!written) return;
    if (written->empty() && shape.may_be_empty) return shape.pick(reading.settings).clear();
    if (!written->starts_with('/') || written->ends_with('/') || written->size() > kLongestPath ||
        written->find('\0') != std::string::npos)
      return refuse(shown(*written) +
                    " is no path of a file; it begins with a slash, such as "
                    "\"/run/docker.sock\"");
    shape.pick(reading.settings) = *written;
  }

  void operator()(const Names& shape) const {
    std::vector<std::string> names;
    const auto add = [&](const toml::node& node) {
      if (const auto* name = checked_name(shape, node)) names.push_back(*name);
    };
    const toml::array* list = value.as_array();
    if (list) {
      if (list->empty() && !shape.may_be_empty)
        return refuse("is empty and would show nothing; leave the key out to show all");
      if (list->size() > shape.most)
        return refuse("has more than " + std::to_string(shape.most) + " entries" +
                      (shape.most == Names{}.most ? "; use globs" : "; remove some"));
      for (const toml::node& node : *list) add(node);
    } else if (shape.or_one && value.is_string()) {
      add(value);
    } else {
      return wrong_type();
    }
    shape.pick(reading.settings) = std::move(names);
  }

  const std::string* checked_name(const Names& shape, const toml::node& node) const {
    const auto* string = node.as_string();
    if (!string) {
      refuse(node, "holds " + std::string(in_words(node.type())) + must_be(key));
      return nullptr;
    }
    const std::string& name = string->get();
    if (const std::string wrong = what_is_wrong(shape, name); !wrong.empty()) {
      refuse(node, shown(name) + ' ' + wrong);
      return nullptr;
    }
    return shape.what != "reader" || is_reader(node, name) ? &name : nullptr;
  }

  std::string what_is_wrong(const Names& shape, const std::string& name) const {
    const bool may_be_empty = shape.what == "argument";
    if ((name.empty() && !may_be_empty) || name.size() > kLongestString ||
        name.find('\0') != std::string::npos)
      return "is no " + std::string(shape.what) + "; it is empty, too long, or holds a NUL";
    if (!shape.choices.empty() && std::ranges::find(shape.choices, name) == shape.choices.end())
      return "is unknown" + must_be(key);
    return shape.check ? shape.check(name) : std::string();
  }

  bool is_reader(const toml::node& node, const std::string& name) const {
    const auto readers = reading.vocabulary.readers;
    if (readers.empty() || std::find(readers.begin(), readers.end(), name) != readers.end())
      return true;
    for (const FixedReader& fixed : reading.vocabulary.fixed_readers)
      if (fixed.name == name) {
        refuse(node, shown(name) + ' ' + std::string(fixed.why));
        return false;
      }
    const std::string_view meant = nearest(name, readers);
    refuse(node, shown(name) + " is not a reader; " +
                     (meant.empty() ? std::string("hostmeter_reader_mode shows their names")
                                    : "did you mean " + shown(meant) + '?'));
    return false;
  }
};

}  // namespace

std::string_view in_words(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a fraction";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

void set_value(const Key& key, const toml::node& value, Reading& reading) {
  std::visit(Setter{key, value, reading}, key.shape);
}

void set_labels(const toml::table& table, Reading& reading) {
  if (table.size() > kMostLabels)
    return reading.problem(table.source().begin, "labels",
                           "has more than 32 labels; every one is on every series");
  for (const auto& [key, value] : table) {
    const std::string_view name = key.str();
    std::string wrong = check_label_name(name, reading.vocabulary.metric_labels);
    const auto* text = value.as_string();
    if (wrong.empty())
      wrong = text ? check_label_value(text->get())
                   : "is " + std::string(in_words(value.type())) + "; a label's value is a string";
    if (text && wrong.empty())
      reading.settings.labels.emplace_back(name, text->get());
    else
      reading.problem(key.source().begin, "labels." + printable(name), std::move(wrong));
  }
  std::sort(reading.settings.labels.begin(), reading.settings.labels.end());
}

}  // namespace hostmeter::config
