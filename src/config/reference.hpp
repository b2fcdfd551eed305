// Everything an operator can set, in words: the commented default file and the reference page.
#pragma once
#include <string>

namespace hostmeter::config {

// conf/hostmeter.toml: every key with its default, commented out. Loads as it is, and with every
// key uncommented, as the defaults.
std::string default_configuration();

// docs/configuration.md.
std::string reference();

}  // namespace hostmeter::config
