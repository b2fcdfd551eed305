// The lines of all items, put together.
#pragma once
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "contract/telegraf/item.hpp"

namespace hostmeter::contract::telegraf {

// By family and label text; what is printed comes in its order, behind what other inputs have. Of
// lines that are the same one stands: that of an item which is there before one that is gone, and
// else the later one; of what is printed the first, and any other input's before it. A family's
// type and help are those of the first item that is there. Each item is told where its values are.
// Families of names that are taken are left out.
struct Assembled {
  std::shared_ptr<const store::ViewLayout> layout;
  std::size_t values = 0;     // how many there are of all items
  std::size_t left_out = 0;   // lines
  std::string left_out_of{};  // the first family of them
};
Assembled assembled(const std::vector<std::shared_ptr<Item>>& items,
                    const std::shared_ptr<const Names>& names,
                    const std::set<std::string, std::less<>>& taken = {});

}  // namespace hostmeter::contract::telegraf
