// Which metrics, fields and tags pass, and what they are called then.
#pragma once
#include <string>
#include <string_view>

#include "contract/telegraf/options.hpp"

namespace hostmeter::contract::telegraf {

// Shell globs and Telegraf's alternatives, {a,b}. Where there are separators, * and ? stand for
// none of them, and ** for all.
bool matches_any(const Globs& globs, std::string_view name, std::string_view separators = {});
// include empty: all, but what exclude matches.
bool passes(const Globs& include, const Globs& exclude, std::string_view name);

// namepass, namedrop, tagpass, tagdrop.
bool selects(const Rules& rules, std::string_view measurement, const Tags& tags);
// fieldinclude, fieldexclude.
bool keeps_field(const Rules& rules, std::string_view field);
// taginclude, tagexclude.
void drop_tags(const Rules& rules, Tags& tags);

std::string renamed(const Renaming& renaming, std::string_view measurement);

}  // namespace hostmeter::contract::telegraf
