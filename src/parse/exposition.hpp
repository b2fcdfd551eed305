// The text formats of Prometheus, read line by line and strictly.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/metric/family.hpp"

namespace hostmeter::parse {

enum class Dialect : std::uint8_t {
  prometheus,   // text format 0.0.4
  openmetrics,  // 1.0: ends in "# EOF", has units and exemplars, times are in seconds
};

struct Label {
  std::string_view name, value;  // the value as it is meant, without escapes
  friend bool operator==(const Label&, const Label&) = default;
};

// Timestamps and exemplars are checked and left out: what is served is of now.
struct Sample {
  std::string_view name;
  std::span<const Label> labels;
  double value = 0;
};

// Told of each line, in order. Lines are numbered from 1; what is passed lives as long as the call.
class ExpositionSink {
 public:
  virtual ~ExpositionSink() = default;
  virtual void on_help(std::size_t line, std::string_view family, std::string_view help) = 0;
  virtual void on_type(std::size_t line, std::string_view family, MetricType) = 0;
  virtual void on_unit(std::size_t line, std::string_view family, std::string_view unit) = 0;
  virtual void on_sample(std::size_t line, const Sample&) = 0;
  // why: a string literal. The line is of no other consequence.
  virtual void on_bad_line(std::size_t line, std::string_view why) = 0;
};

class ExpositionParser {
 public:
  struct Limits {
    std::size_t line = 64U << 10;  // bytes
    std::size_t labels = 64;       // of one sample
  };

  explicit ExpositionParser(Dialect dialect) : ExpositionParser(dialect, Limits()) {}
  ExpositionParser(Dialect dialect, Limits limits) : dialect_(dialect), limits_(limits) {}

  // A whole output. Allocates nothing once it has seen the like.
  void parse(std::string_view text, ExpositionSink& sink);

 private:
  using Why = std::string_view;  // empty: nothing is wrong

  Why parse_whole_line(std::string_view line, bool has_end, ExpositionSink&);
  Why parse_line(std::string_view line, ExpositionSink&);
  Why parse_comment(std::string_view rest, ExpositionSink&);
  Why parse_help(std::string_view family, std::string_view text, ExpositionSink&);
  Why parse_type(std::string_view family, std::string_view word, ExpositionSink&) const;
  Why parse_sample(std::string_view line, ExpositionSink&);
  Why check_end(std::string_view rest);
  Why check_exemplar(std::string_view rest);

  // Those in braces. What they point to is the line, or a copy without its escapes.
  class Labels {
   public:
    Why take(std::string_view& rest, std::size_t limit);
    void clear() { all_.clear(); }
    std::span<const Label> all() const { return all_; }

   private:
    Why take_label(std::string_view& rest);
    Why take_value(std::string_view& rest, std::string_view& value);
    Why check(std::string_view name, std::string_view value) const;

    std::vector<Label> all_;
    std::string unescaped_;  // never longer than the line
  };

  const Dialect dialect_;
  const Limits limits_;
  std::size_t line_ = 0;
  bool ended_ = false;  // "# EOF" was there
  Labels labels_, exemplar_;
  std::string help_;
};

// Names as the data model has them: [a-zA-Z_:][a-zA-Z0-9_:]*, and without ':' for labels.
bool is_metric_name(std::string_view text);
bool is_label_name(std::string_view text);

// A number as Prometheus reads it, with NaN and infinities in any case and an optional sign.
// False: it is none, or too large for a double.
bool to_value(std::string_view text, double& value);

}  // namespace hostmeter::parse
