// Which metrics, fields and tags pass, and what they are called then.
#pragma once
#include <string>
#include <string_view>

#include "contract/telegraf/options.hpp"

namespace hostmeter::contract::telegraf {

// Shell globs and Telegraf's alternatives, {a,b}.
bool matches_any(const Globs& globs, std::string_view name);
// include empty: all, but what exclude matches.
bool passes(const Globs& include, const Globs& exclude, std::string_view name);

// namepass, namedrop, tagpass, tagdrop.
bool selects(const Rules& rules, std::string_view measurement, const Tags& tags);
// fieldinclude, fieldexclude.
bool keeps_field(const Rules& rules, std::string_view field);
// taginclude, tagexclude.
void drop_tags(const Rules& rules, Tags& tags);

// name_override, name_prefix, name_suffix.
std::string renamed(const Input& input, std::string_view measurement);

}  // namespace hostmeter::contract::telegraf
