#include "config/telegraf/environment.hpp"

#include <algorithm>
#include <cstdio>

namespace hostmeter::config::telegraf {
namespace {

constexpr int kDeepest = 16;                 // ${A:-${B:-...}}
constexpr std::size_t kLongestWord = 4'096;  // of a default, so that no text takes long

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_name(std::string_view& text) {
  std::size_t length = 0;
  while (length < text.size() &&
         (is_letter(text[length]) || (length > 0 && is_digit(text[length]))))
    ++length;
  const std::string_view name = text.substr(0, length);
  text.remove_prefix(length);
  return name;
}

// The length of a string of TOML with its quotes. One that is not closed ends with its line, or
// with the text.
std::size_t string_length(std::string_view text) {
  const char quote = text.front();
  const std::string triple(3, quote);
  const bool many_lines = text.starts_with(triple);
  const std::string_view end = std::string_view(triple).substr(0, many_lines ? 3 : 1);
  std::size_t at = end.size();
  while (at < text.size()) {
    if (text[at] == '\n' && !many_lines) return at;
    if (text[at] == '\\' && quote == '"') {
      at = std::min(at + 2, text.size());
      continue;
    }
    if (text.substr(at).starts_with(end)) break;
    ++at;
  }
  at = std::min(at + end.size(), text.size());
  // A string in triple quotes may end in one or two quotes of its own.
  for (int own = 0; many_lines && own < 2 && at < text.size() && text[at] == quote; ++own) ++at;
  return at;
}

// What ${...} asks for: "NAME:-default" is NAME, ':', '-' and "default".
struct Asked {
  std::string name;
  bool not_empty = false;  // an empty value counts as none
  char does = 0;           // '-', '?', '+'; 0: only its value
  std::string_view word{};
};

// Takes the inside of ${...} and its brace off the text's front; nothing when it is no such thing.
std::optional<Asked> take_braced(std::string_view& text) {
  std::string_view rest = text;
  Asked asked{std::string(take_name(rest))};
  if (asked.name.empty()) return {};
  int open = 1;
  std::size_t end = 0;
  const std::size_t most = std::min(rest.size(), kLongestWord);
  if (rest.substr(0, most).find('}') == std::string_view::npos) return {};
  for (; end < most && rest[end] != '\n'; ++end) {
    if (rest[end] == '{' && end > 0 && rest[end - 1] == '$') ++open;
    if (rest[end] == '}' && --open == 0) break;
  }
  if (end == most || rest[end] != '}') return {};
  std::string_view inside = rest.substr(0, end);
  if (!inside.empty()) {
    asked.not_empty = inside.starts_with(':');
    if (asked.not_empty) inside.remove_prefix(1);
    if (inside.empty() || std::string_view("-?+").find(inside.front()) == std::string_view::npos)
      return {};
    asked.does = inside.front();
    asked.word = inside.substr(1);
  }
  text = rest.substr(end + 1);
  return asked;
}

// The name in what began as ${NAME:-... and is none for want of its end.
std::string unclosed_name(std::string_view text) {
  const std::string_view name = take_name(text);
  if (text.starts_with(':')) text.remove_prefix(1);
  const bool asks = !text.empty() && std::string_view("-?+").find(text.front()) != text.npos;
  return asks ? std::string(name) : std::string();
}

class Replacer {
 public:
  Replacer(std::string_view text, const Environment& environment)
      : rest_(text), environment_(environment) {
    done_.text.reserve(text.size());
    done_.lines.push_back(1);
  }

  ReplacedText run() {
    while (!rest_.empty() && !done_.problem) {
      const char c = rest_.front();
      if (c == '#')
        rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
      else if (c == '"' || c == '\'')
        string(take(string_length(rest_)));
      else if (c == '$')
        replace(rest_, 0);
      else
        put(take(1));
      if (is_full() && !done_.problem)
        done_.problem = {line_, 0, "grows beyond 1 MiB by its environment variables"};
    }
    return std::move(done_);
  }

 private:
  // How text is written: as it is; inside "..." , where values are escaped; or as what was '...'
  // and becomes "...", since a value may hold what no '...' can.
  enum class Within { none, basic, literal };

  bool is_full() const { return done_.text.size() > kLongestText; }

  std::string_view take(std::size_t length) {
    const std::string_view front = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return front;
  }

  void string(std::string_view token) {
    if (token.find('$') == std::string_view::npos) return put(token);
    const bool triple = token.size() >= 6 && token[1] == token[0] && token[2] == token[0];
    const std::size_t quotes = triple ? 3 : 1;
    const bool closed = token.size() >= 2 * quotes && token.ends_with(token.substr(0, quotes));
    if (!closed) return put(token);
    within_ = token.front() == '"' ? Within::basic : Within::literal;
    const std::string mark(quotes, '"');
    done_.text += mark;
    std::string_view inside = token.substr(quotes, token.size() - 2 * quotes);
    while (!inside.empty() && !is_full()) replace_or_copy(inside, 0);
    done_.text += mark;
    within_ = Within::none;
  }

  void replace_or_copy(std::string_view& text, int depth) {
    if (text.front() == '$') return replace(text, depth);
    const std::size_t length =
        text.front() == '\\' && within_ == Within::basic && text.size() > 1 ? 2 : 1;
    put_text(text.substr(0, length));
    text.remove_prefix(length);
  }

  // At a dollar.
  void replace(std::string_view& text, int depth) {
    const std::string_view whole = text;
    text.remove_prefix(1);
    if (text.starts_with('$')) {
      text.remove_prefix(1);
      return put_text("$");
    }
    std::optional<Asked> asked;
    if (text.starts_with('{')) {
      text.remove_prefix(1);
      if (depth < kDeepest) asked = take_braced(text);
      if (!asked) say_unclosed(unclosed_name(text));
    } else if (const auto name = take_name(text); !name.empty()) {
      asked = Asked{std::string(name)};
    }
    if (!asked) {
      text = whole.substr(1);
      return put_text("$");
    }
    answer(*asked, whole.substr(0, whole.size() - text.size()), depth);
  }

  void say_unclosed(std::string name) {
    if (!name.empty()) done_.unclosed.push_back({line_, std::move(name), within_ != Within::none});
  }

  void answer(const Asked& asked, std::string_view as_written, int depth) {
    const std::optional<std::string> value = environment_(asked.name);
    const bool there = value && (!asked.not_empty || !value->empty());
    if (asked.does == '+') return there ? put_word(asked.word, depth) : void();
    if (there && value->empty())
      done_.empty.push_back({line_, asked.name, within_ != Within::none});
    if (there) return put_value(*value);
    if (asked.does == '-') return put_word(asked.word, depth);
    if (asked.does == '?') {
      done_.problem = {line_, 0,
                       "$" + printable(asked.name) + " is not set in the environment: " +
                           printable(asked.word) + "; set it where hostmeter is started"};
      return;
    }
    if (asked.does == 0) {
      done_.unset.push_back({line_, asked.name, within_ != Within::none});
      put_text(as_written);
    }
  }

  void put_word(std::string_view word, int depth) {
    while (!word.empty() && !is_full()) replace_or_copy(word, depth + 1);
  }

  // What the file says, with the line breaks that are its own.
  void put(std::string_view text) {
    for (const char c : text) {
      done_.text += c;
      if (c == '\n') done_.lines.push_back(++line_);
    }
  }

  void put_text(std::string_view text) {
    if (within_ != Within::literal) return put(text);
    for (const char c : text) {
      if (c == '\n')
        put("\n");
      else
        put_escaped(c);
    }
  }

  // A value's line breaks are all on the line of its variable.
  void put_value(std::string_view value) {
    for (const char c : value) {
      if (is_full()) return;
      if (within_ != Within::none) {
        put_escaped(c);
        continue;
      }
      done_.text += c;
      if (c == '\n') done_.lines.push_back(line_);
    }
  }

  void put_escaped(char c) {
    if (c == '"' || c == '\\') {
      done_.text += '\\';
      done_.text += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04X", unsigned(static_cast<unsigned char>(c)));
      done_.text += escaped;
    } else {
      done_.text += c;
    }
  }

  std::string_view rest_;
  const Environment& environment_;
  ReplacedText done_;
  std::uint32_t line_ = 1;
  Within within_ = Within::none;
};

}  // namespace

ReplacedText replace_environment(std::string_view text, const Environment& environment) {
  return Replacer(text, environment).run();
}

}  // namespace hostmeter::config::telegraf
