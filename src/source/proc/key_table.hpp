// Finding the field that a key of a kernel file feeds.
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts.hpp"

namespace hostmeter::source::proc {

template <class Field>
struct Key {
  std::string_view name;
  Field field;
};

// Keys are listed in the order the kernel prints them: the key asked for is then most often the
// one after the last found, and costs one comparison. Another order is slower, not wrong.
template <class Field>
class KeyCursor {
 public:
  explicit constexpr KeyCursor(std::span<const Key<Field>> keys) : keys_(keys) {}

  constexpr std::optional<Field> find(std::string_view name) {
    for (std::size_t tried = 0; tried < keys_.size(); ++tried) {
      std::size_t at = next_ + tried;
      if (at >= keys_.size()) at -= keys_.size();
      if (keys_[at].name != name) continue;
      next_ = at + 1;
      return keys_[at].field;
    }
    return {};
  }

 private:
  std::span<const Key<Field>> keys_;
  std::size_t next_ = 0;
};

// "KEY VALUE" on each line, into facts. EBADMSG with what: a value that is no number.
template <class Field>
Result<Facts<Field>> parse_key_values(std::string_view text, std::span<const Key<Field>> keys,
                                      std::string_view what, Facts<Field> facts = {}) {
  KeyCursor<Field> cursor(keys);
  for (Text lines(text); !lines.empty();) {
    Text line = lines.line();
    const auto field = cursor.find(line.word());
    if (!field) continue;
    const auto value = line.number();
    if (!value) return Error{EBADMSG, what};
    facts.set(*field, *value);
  }
  if (facts.empty()) return Error{EBADMSG, what};
  return facts;
}

}  // namespace hostmeter::source::proc
