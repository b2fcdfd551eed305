// Tags of a Telegraf metric, and what they become as labels.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hostmeter::contract::telegraf {

using Tag = std::pair<std::string, std::string>;
using Tags = std::vector<Tag>;  // sorted by name, each name once

// In the place of one of that name, if there is one.
void set(Tags& tags, std::string_view name, std::string_view value);
// Unless there is one of that name.
void add(Tags& tags, std::string_view name, std::string_view value);
const std::string* find(const Tags& tags, std::string_view name);

std::uint64_t hash_of(const Tags& tags);

// `{cpu="cpu0",host="web1"} `, sorted by name; ` ` without any. Names become what Prometheus
// allows, as Telegraf makes them: what nothing is left of is dropped, and so are empty values and
// names that begin with __, Prometheus's own. Of tags whose names become the same the first stands.
std::string as_labels(const Tags& tags);

// A metric's name, as metric_version has it: in 1 all that is not allowed becomes _. Empty when
// there is none.
std::string as_metric_name(std::string_view name, unsigned version);

}  // namespace hostmeter::contract::telegraf
