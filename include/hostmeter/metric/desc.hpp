// What a metric is: its name, type, unit, labels and help, said once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace hostmeter {

enum class Kind : std::uint8_t { counter, gauge, untyped, histogram };

// The base unit a metric is exposed in, and so the suffix of its name.
enum class Unit : std::uint8_t {
  none,
  seconds,
  bytes,
  ratio,
  celsius,
  volts,
  amperes,
  watts,
  joules,
  hertz,
  bits,
  rpm,
  info
};

constexpr std::string_view suffix(Unit unit) {
  constexpr std::string_view kNames[] = {"",       "_seconds", "_bytes", "_ratio",  "_celsius",
                                         "_volts", "_amperes", "_watts", "_joules", "_hertz",
                                         "_bits",  "_rpm",     "_info"};
  return kNames[std::size_t(unit)];
}

// How a 64-bit value that crossed a ring is written on the way out.
enum class Encoding : std::uint8_t {
  count,         // as it is: counts and bytes
  nanoseconds,   // in ns, exposed in seconds
  microseconds,  // in ns, exposed in microseconds (only names inherited from cAdvisor)
  real,          // a bit-cast double
  age,           // a moment on the monotonic clock in ns, exposed as seconds since then
};

// Who chose the name. A name of ours follows the naming rules or does not compile; one that
// dashboards already depend on is kept as it is and says whose it was.
enum class Origin : std::uint8_t { ours, node_exporter, cadvisor };

// Everything there is to say about a metric. /metrics, the metrics reference, the dashboards and
// the alert rules are all printed from it.
struct MetricDesc {
  std::string_view name, help;
  Kind kind;
  Unit unit;
  Encoding encoding;
  Origin origin;
  std::string_view labels;  // "device,mode": beyond the container labels, in the order shown
  // Histograms: the greatest value of each bucket but the last, which has no bound. Rising, and
  // encoded like the values.
  std::span<const std::uint64_t> bounds{};

  // Follows the rules: base unit (bytes, not bits) as suffix, _total on counters and on nothing
  // else.
  consteval MetricDesc(Kind k, Unit u, std::string_view n, std::string_view h,
                       std::string_view l = {})
      : MetricDesc(k, u, default_encoding(u), n, h, l) {}
  consteval MetricDesc(Kind k, Unit u, Encoding e, std::string_view n, std::string_view h,
                       std::string_view l = {})
      : name(n), help(h), kind(k), unit(u), encoding(e), origin(Origin::ours), labels(l) {
    check_help(h);
    if (!follows_rules(k, u, n))
      throw "a metric's name ends in its base unit, and in _total if and only if it is a counter";
  }

  // A histogram, exposed as NAME_bucket, NAME_sum and NAME_count.
  consteval MetricDesc(Unit u, std::span<const std::uint64_t> le, std::string_view n,
                       std::string_view h, std::string_view l = {})
      : MetricDesc(Kind::histogram, u, n, h, l) {
    for (std::size_t i = 1; i < le.size(); ++i)
      if (le[i] <= le[i - 1]) throw "the bounds of a histogram rise";
    bounds = le;
  }

  // How many values one set of labels has: of a histogram the sum, then the count of each bucket
  // by itself, from the lowest.
  constexpr std::size_t cells() const { return kind == Kind::histogram ? bounds.size() + 2 : 1; }
  // How many lines it is exposed in: of a histogram the buckets, +Inf, the sum and the count.
  constexpr std::size_t lines() const { return kind == Kind::histogram ? bounds.size() + 3 : 1; }

  // Breaks the rules because another agent's users depend on the name.
  consteval MetricDesc(Origin o, Kind k, Unit u, Encoding e, std::string_view n, std::string_view h,
                       std::string_view l = {})
      : name(n), help(h), kind(k), unit(u), encoding(e), origin(o), labels(l) {
    check_help(h);
    if (o == Origin::ours) throw "only another agent's names may break the rules";
    if (follows_rules(k, u, n)) throw "this name follows the rules: do not declare it as inherited";
  }

  static consteval bool follows_rules(Kind k, Unit u, std::string_view n) {
    if (k == Kind::untyped || u == Unit::bits) return false;
    for (const char c : n)
      if (c >= 'A' && c <= 'Z') return false;
    if (k == Kind::counter) {
      if (!n.ends_with("_total")) return false;
      n.remove_suffix(6);
    } else if (n.ends_with("_total") || n.ends_with("_count") || n.ends_with("_sum") ||
               n.ends_with("_bucket")) {
      return false;
    }
    return n.ends_with(suffix(u));
  }

 private:
  static consteval Encoding default_encoding(Unit u) {
    if (u == Unit::seconds) return Encoding::nanoseconds;
    if (u == Unit::none || u == Unit::bytes || u == Unit::bits || u == Unit::info)
      return Encoding::count;
    return Encoding::real;
  }
  static consteval void check_help(std::string_view h) {
    if (h.empty() || h.back() != '.') throw "help is a sentence";
  }
};

}  // namespace hostmeter
