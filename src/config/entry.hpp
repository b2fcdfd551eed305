// What is wrong with a single text of the configuration, and how to mend it: "is no path; write it
// from the root". Empty when nothing is.
#pragma once
#include <string>
#include <string_view>

namespace hostmeter::config {

std::string check_directory(std::string_view text);
std::string check_directory_pattern(std::string_view text);  // one that may have *
// Of a file or directory, from the root.
std::string check_path(std::string_view text);
// The same, below /dev.
std::string check_device(std::string_view text);
// A path of executables, or a glob of such paths.
std::string check_run(std::string_view text);
// "10.0.0.0/8", "::1".
std::string check_network(std::string_view text);
// CAP_NET_RAW.
std::string check_capability(std::string_view text);
// A name, not root's.
std::string check_user(std::string_view text);
// A name or a number.
std::string check_group(std::string_view text);
// NAME=value.
std::string check_variable(std::string_view text);
// The way to a place in JSON; empty: all of it.
std::string check_query(std::string_view text);
// Of a script: a word that is a file name and a label's value.
std::string check_script_name(std::string_view text);

}  // namespace hostmeter::config
