// Accept-Encoding.
#include "expose/accept_encoding.hpp"

#include <strings.h>

#include <algorithm>
#include <optional>

#include "hostmeter/base/text.hpp"

namespace hostmeter::expose {
namespace {

bool is(std::string_view word, std::string_view name) {
  return word.size() == name.size() && ::strncasecmp(word.data(), name.data(), name.size()) == 0;
}

// "0.5" in thousandths: a digit that is 0 or 1, and up to three behind the point.
std::optional<int> parse_weight(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5) return {};
  int weight = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return {};
  int unit = 100;
  for (std::size_t i = 2; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9') return {};
    weight += (text[i] - '0') * unit;
  }
  if (weight > 1000) return {};
  return weight;
}

// Of "gzip; q=0.5": without one the weight is 1.
std::optional<int> weight_of(std::string_view parameters) {
  std::optional<int> weight = 1000;
  for (Text all(parameters); !all.empty();) {
    const std::string_view parameter = Text::trim(all.until(';'));
    const auto equals = parameter.find('=');
    if (equals != std::string_view::npos && is(Text::trim(parameter.substr(0, equals)), "q"))
      weight = parse_weight(Text::trim(parameter.substr(equals + 1)));
  }
  return weight;
}

}  // namespace

bool asks_for_gzip(std::string_view accept_encoding) {
  std::optional<int> gzip, any, identity;
  for (Text codings(accept_encoding); !codings.empty();) {
    Text coding(codings.until(','));
    const std::string_view name = Text::trim(coding.until(';'));
    const auto weight = weight_of(coding.rest());
    if (!weight) continue;
    if (is(name, "gzip") || is(name, "x-gzip")) gzip = std::max(gzip.value_or(0), *weight);
    if (is(name, "*")) any = weight;
    if (is(name, "identity")) identity = weight;
  }
  const int wanted = gzip.value_or(any.value_or(0));
  return wanted > 0 && wanted >= identity.value_or(0);
}

}  // namespace hostmeter::expose
