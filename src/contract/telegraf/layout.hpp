// The lines of all items, put together.
#pragma once
#include <memory>
#include <vector>

#include "contract/telegraf/item.hpp"

namespace hostmeter::contract::telegraf {

// By family and label text; what is printed comes in its order, behind what other inputs have. Of
// lines that are the same one stands: that of an item which is there before one that is gone, and
// else the later one; of what is printed the first, and any other input's before it. A family's
// type and help are those of the first item that is there. Each item is told where its values are;
// size: how many there are in all.
std::shared_ptr<const store::ViewLayout> layout_of(const std::vector<std::shared_ptr<Item>>& items,
                                                   const std::shared_ptr<const Names>& names,
                                                   std::size_t& size);

}  // namespace hostmeter::contract::telegraf
