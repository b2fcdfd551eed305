// What an input makes of one thing, before it has its final names: Telegraf's points.
#pragma once
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "contract/telegraf/figures.hpp"
#include "contract/telegraf/tags.hpp"
#include "hostmeter/metric/family.hpp"

namespace hostmeter::contract::telegraf {

struct DraftField {
  std::string name;
  Formula formula;
  bool is_bool = false;
  std::string suffix{};  // of a sample of a histogram or summary: _bucket, _sum or _count
  bool is_bare = false;  // it is called as its measurement is
  std::string help{};
};

struct DraftPoint {
  std::string measurement;
  MetricType type = MetricType::unknown;  // unknown: untyped
  Tags tags;
  std::vector<DraftField> fields{};
  Tags strings{};  // fields that are strings
};

// One thing: all its points come and go together.
struct Draft {
  std::string key;  // unique in its input
  std::deque<DraftPoint> points{};
  Figures figures{};
  std::uint64_t made_of = 0;  // differs when what it was made of does; 0: not known
  std::uint64_t thing = 0;    // which one of that key
  bool is_printed = false;    // its values are constants, and its lines stay in their order

  DraftPoint& point(std::string measurement, MetricType type, Tags tags = {}) {
    points.push_back({std::move(measurement), type, std::move(tags)});
    return points.back();
  }
  // Nothing where the series is not there.
  void copy(DraftPoint& point, std::string name, const Term& term) {
    add(point, std::move(name), {.a = figures.sum({term})});
  }
  void add(DraftPoint& point, std::string name, const Formula& formula) {
    if (formula.a == kNoSum) return;
    figures.follow(formula);
    point.fields.push_back({std::move(name), formula});
  }
};

}  // namespace hostmeter::contract::telegraf
