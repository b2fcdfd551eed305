// What the docker input says of an engine as a whole, and of what it keeps on disk.
#pragma once
#include <map>
#include <string>

#include "contract/telegraf/containers.hpp"
#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {

inline constexpr std::size_t kShortId = 12;  // of a container's id, as people write it

Tags engine_tags(const Docker& options, Source& source);
// Who a container is, without its own labels.
Tags identity_tags(const Docker& options, const Container& container, const Tags& engine);

void engine_drafts(const Docker& options, Source& source, const Tags& engine,
                   const std::map<std::string, Container>& containers, Taker& taker);

}  // namespace hostmeter::contract::telegraf
