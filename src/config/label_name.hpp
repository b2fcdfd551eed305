// Which names and values a label on every series may have.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace hostmeter::config {

// What is wrong with it; empty when nothing is. taken: labels that some metric already has.
std::string check_label_name(std::string_view name, std::span<const std::string_view> taken);
std::string check_label_value(std::string_view value);

}  // namespace hostmeter::config
