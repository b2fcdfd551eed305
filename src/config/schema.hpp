// Every table and key of the configuration, declared once: the loader, the commented default
// file and the reference are made from this.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "config/settings.hpp"

namespace hostmeter::config {

// How a key's value is written, and where in Settings it goes. A function that picks a value out
// of Settings; keys of a table that repeats pick from the last one.
template <class T>
using Pick = T& (*)(Settings&);

struct Boolean {
  Pick<bool> pick;
};
struct Whole {
  Pick<std::uint64_t> pick;
  std::uint64_t least, most;
};
struct Duration {
  Pick<std::uint64_t> pick;
  std::uint64_t least_ns, most_ns;
};
struct Size {
  Pick<std::uint64_t> pick;  // bytes
  std::uint64_t least, most;
};
// What is wrong with a text, and how to mend it; empty when nothing is.
using Check = std::string (*)(std::string_view text);
struct Names {
  Pick<std::vector<std::string>> pick;
  std::string_view what;  // "a glob", "a reader"
  bool may_be_empty;      // an empty exclude list excludes nothing; an empty include makes no sense
  std::span<const std::string_view> choices = {};  // empty: any
  Check check = nullptr;                           // of each
  bool or_one = false;                             // a single string stands for a list of one
  std::size_t most = 1'000;
};
struct Word {
  Pick<std::string> pick;
  std::string_view what;
  Check check;
};
struct Choice {
  std::span<const std::string_view> choices;
  std::uint8_t (*get)(const Settings&);
  void (*set)(Settings&, std::uint8_t);
  std::span<const std::string_view> later;  // of later versions: said so, not just unknown
};
struct ListenAddress {
  Pick<Address> pick;
};
struct UrlPath {
  Pick<std::string> pick;
};
struct FilePath {
  Pick<std::string> pick;
  bool may_be_empty = false;  // "": there is none
};

using Shape = std::variant<Boolean, Whole, Duration, Size, Names, Word, Choice, ListenAddress,
                           UrlPath, FilePath>;

struct Key {
  std::string_view table, name;
  Shape shape;
  std::string_view says;          // one or two sentences
  std::string_view example = {};  // as TOML, of a key that has no default
};

struct Table {
  std::string_view name;
  bool repeats;             // [[name]]
  std::string_view says;    // a sentence
  std::string_view free;    // an example entry when the names of its keys are up to the operator
  bool is_example = false;  // by default there is none
};

std::span<const Table> tables();  // in the order they are written
std::span<const Key> keys();      // grouped by table, in that order

const Table* find_table(std::string_view name);
const Key* find_key(std::string_view table, std::string_view name);

// The value of a key as TOML.
std::string write_value(const Key& key, const Settings& settings);

// What values a key takes, in words: "100ms to 5m".
std::string describe_values(const Key& key);

}  // namespace hostmeter::config
