// Which name somebody meant who mistyped one.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace hostmeter::config {

// How many letters have to be added, removed, changed or swapped with their neighbour.
std::size_t edit_distance(std::string_view one, std::string_view other);

// The nearest name; empty when none is near enough to be meant.
std::string_view nearest(std::string_view typed, std::span<const std::string_view> names);

}  // namespace hostmeter::config
