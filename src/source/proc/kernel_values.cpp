#include "source/proc/kernel_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/facts/kernel_value.hpp"
#include "source/proc/numbers.hpp"

namespace hostmeter::source::proc {
namespace {

// A counter, or one of the few limits that are below zero.
std::optional<double> to_value(std::string_view word) {
  const bool is_negative = word.starts_with('-');
  if (is_negative) word.remove_prefix(1);
  const auto number = Text::to_number(word);
  if (!number) return {};
  return is_negative ? -double(*number) : double(*number);
}

bool is_name(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c > ' ' && c <= '~'; });
}

void tell(std::string_view part, std::string_view name, std::optional<double> value,
          KernelValueSink& sink) {
  if (value && is_name(name))
    sink.value(part, name, *value);
  else
    sink.bad({EBADMSG, "kernel values: number"});
}

}  // namespace

void parse_named_values(std::string_view text, KernelValueSink& sink) {
  for (Text lines(text); !lines.empty();) {
    Text line = lines.line();
    const std::string_view name = line.word();
    if (name.empty()) continue;
    tell({}, name, to_value(line.word()), sink);
  }
}

void parse_protocol_values(std::string_view text, KernelValueSink& sink) {
  for (Text lines(text); !lines.empty();) {
    Text names = lines.line(), values = lines.line();
    std::string_view part = names.word();
    if (values.word() != part || !part.ends_with(':') || !is_name(part))
      return sink.bad({EBADMSG, "kernel values: names without numbers"});
    part.remove_suffix(1);
    for (std::string_view name = names.word(); !name.empty(); name = names.word())
      tell(part, name, to_value(values.word()), sink);
  }
}

namespace {

struct ColumnSum {
  double sum = 0;
  bool is_whole = true;
};
using ColumnSums = std::array<ColumnSum, 64>;  // kernels have 17 columns

ColumnSums sums_of_columns(Text header, Text lines) {
  ColumnSums columns;
  for (bool is_first = true; !lines.empty(); is_first = false) {
    Text names = header, values = lines.line();
    for (ColumnSum& column : columns) {
      const std::string_view name = names.word();
      if (name.empty()) break;
      const auto number = to_hex_number(values.word());
      column.is_whole = column.is_whole && number;
      // Each CPU tells how many entries the one table has.
      if (is_first || name != "entries") column.sum += double(number.value_or(0));
    }
  }
  return columns;
}

}  // namespace

void parse_cpu_values(std::string_view text, KernelValueSink& sink) {
  Text lines(Text::trim(text));
  const Text header = lines.line();
  if (lines.empty()) return;
  Text names_of_sums = header;
  for (const ColumnSum& column : sums_of_columns(header, lines)) {
    const std::string_view name = names_of_sums.word();
    if (name.empty()) break;
    if (column.is_whole && is_name(name)) sink.value("all", name, column.sum);
  }
  for (unsigned cpu = 0; !lines.empty(); ++cpu) {
    std::array<char, 10> digits{};
    const char* const end = std::to_chars(digits.begin(), digits.end(), cpu).ptr;
    const std::string_view part(digits.data(), std::size_t(end - digits.data()));
    Text names = header, values = lines.line();
    for (std::string_view name = names.word(); !name.empty(); name = names.word()) {
      const auto number = to_hex_number(values.word());
      tell(part, name, number ? std::optional(double(*number)) : std::nullopt, sink);
    }
  }
}

void parse_pressure_averages(std::string_view text, KernelValueSink& sink) {
  for (Text lines(text); !lines.empty();) {
    Text line = lines.line();
    const std::string_view part = line.word();
    if (!is_name(part)) return sink.bad({EBADMSG, "pressure: kind"});
    for (std::string_view word = line.word(); !word.empty(); word = line.word()) {
      Text entry(word);
      const std::string_view name = entry.until('=');
      if (name.starts_with("avg")) tell(part, name, Text::to_real(entry.rest()), sink);
    }
  }
}

void parse_value_list(std::string_view text, std::span<const std::string_view> names,
                      KernelValueSink& sink) {
  Text words(Text::trim(text));
  for (const std::string_view name : names) {
    if (words.empty()) return;
    const std::string_view word = words.word();
    if (!name.empty()) tell({}, name, to_value(word), sink);
  }
}

void KernelValueReader::read(const Tick& tick, Output& out) {
  const bool is_due = pace_.due(tick);
  if (!is_due && !tick.resend) return;
  out_ = &out;
  values_ = 0;
  instances_.begin();
  read_files();
  instances_.end(out);
}

std::optional<std::string_view> KernelValueReader::text_of(const base::Dir& dir, const char* path,
                                                           std::string_view file) {
  const auto text = base::read_once(dir.fd(), path, host_.buffer);
  if (!text) {
    failed(text.error());
    return {};
  }
  file_ = file;
  return *text;
}

void KernelValueReader::value(std::string_view part, std::string_view name, double value) {
  if (++values_ > kMostValues) {
    if (values_ == kMostValues + 1) failed({EFBIG, "kernel values: too many"});
    return;
  }
  Facts<KernelValue> facts;
  facts.set_real(KernelValue::value, value);
  out_->send(kHost, facts, instances_.get(*out_, file_, name, part));
}

}  // namespace hostmeter::source::proc
