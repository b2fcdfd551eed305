#include "contract/telegraf/source.hpp"

#include <algorithm>
#include <bit>

namespace hostmeter::contract::telegraf {
namespace {

// Reads labels as store::append_label writes them; take says whether to go on.
template <class Take>
void each_label(std::string_view text, Take take) {
  while (true) {
    const std::size_t begin = text.find_first_not_of("{, }");
    const std::size_t equals = text.find("=\"", begin);
    if (begin == std::string_view::npos || equals == std::string_view::npos) return;
    std::size_t end = equals + 2;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    if (!take(text.substr(begin, equals - begin), text.substr(equals + 2, end - equals - 2)))
      return;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string unescaped(std::string_view value) {
  std::string made;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool escaped = value[i] == '\\' && i + 1 < value.size();
    if (escaped) ++i;
    made += escaped && value[i] == 'n' ? '\n' : value[i];
  }
  return made;
}

}  // namespace

Tags labels_of(const store::Line& line) {
  Tags labels;
  for (const store::LabelText* text : {line.owner, line.rest})
    each_label(text->view(), [&](std::string_view name, std::string_view value) {
      set(labels, name, unescaped(value));
      return true;
    });
  return labels;
}

std::string label_of(const store::Line& line, std::string_view name) {
  std::string found;
  for (const store::LabelText* text : {line.owner, line.rest})
    each_label(text->view(), [&](std::string_view label, std::string_view value) {
      if (label != name) return true;
      found = unescaped(value);
      return false;
    });
  return found;
}

Source::Family Source::family(std::string_view name) {
  static const std::vector<store::Line> none;
  const auto& families = *snapshot_.families;
  const auto at = std::ranges::lower_bound(
      families, name, {}, [](const store::Family& family) { return family.metric->name; });
  if (at == families.end() || at->metric->name != name) return {nullptr, &none};
  const auto index = std::uint32_t(at - families.begin());
  families_.push_back({index, snapshot_.lines_since[index]});
  return {at->metric, snapshot_.lines[index]};
}

Term Source::only(std::string_view name) {
  const Family found = family(name);
  return found.lines->empty() ? Term{} : found.term(found.lines->front());
}

Term Source::with(const Family& family, std::string_view label, std::string_view value) const {
  const auto at = std::ranges::find_if(
      *family.lines, [&](const store::Line& line) { return label_of(line, label) == value; });
  return at == family.lines->end() ? Term{} : family.term(*at);
}

std::optional<double> Source::watched(const Family& family, const store::Line& line) {
  const std::uint64_t value = snapshot_.values[line.series];
  watches_.push_back({line.series, value, snapshot_.present[line.series]});
  if (!snapshot_.present[line.series]) return {};
  return family.metric->encoding == Encoding::real ? std::bit_cast<double>(value) : double(value);
}

Seen::Seen(Source& source)
    : has_looked_(true),
      families_(std::move(source.families_)),
      watches_(std::move(source.watches_)) {
  if (source.asked_identities_) identities_ = source.identities_.version();
}

bool Seen::is_as_it_was(const store::Snapshot& snapshot,
                        const store::Identities& identities) const {
  const auto is_same_family = [&](const Source::Look& look) {
    return snapshot.lines_since[look.family] == look.since;
  };
  const auto is_same_value = [&](const Source::Watch& watch) {
    return watch.series < snapshot.present.size() &&
           snapshot.present[watch.series] == watch.present &&
           (watch.present == 0 || snapshot.values[watch.series] == watch.value);
  };
  return has_looked_ && (!identities_ || *identities_ == identities.version()) &&
         std::ranges::all_of(families_, is_same_family) &&
         std::ranges::all_of(watches_, is_same_value);
}

}  // namespace hostmeter::contract::telegraf
