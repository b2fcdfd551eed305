// What a client takes as Content-Encoding.
#pragma once
#include <string_view>

namespace hostmeter::expose {

// Whether the value of Accept-Encoding asks for gzip (RFC 9110, 12.5.3): by its name or by *, not
// with a weight of 0, and not less than for "identity". What is malformed asks for nothing.
bool asks_for_gzip(std::string_view accept_encoding);

}  // namespace hostmeter::expose
