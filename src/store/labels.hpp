// Label text as the exposition format wants it.
#pragma once
#include <string>
#include <string_view>

namespace hostmeter::store {

// Appends `name="value"`, preceded by a comma unless out is empty or ends in '{'. Quotes,
// backslashes and newlines are escaped; bytes that are no UTF-8 become U+FFFD, because one bad
// byte would make Prometheus refuse the whole scrape.
void append_label(std::string& out, std::string_view name, std::string_view value);

}  // namespace hostmeter::store
