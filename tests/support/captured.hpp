// An Output that keeps all it gets.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hostmeter/flow/output.hpp"

namespace hostmeter::test {

struct Captured final : Output {
  std::vector<Record> records;
  std::vector<NewsItem> news;

  void send(const Record& record) override { records.push_back(record); }
  void send(NewsItem item) override { news.push_back(std::move(item)); }
  using Output::send;

  void clear() {
    records.clear();
    news.clear();
  }

  // The newest value of a field, if it was sent and is present.
  template <class Field>
  std::optional<std::uint64_t> value(Field field, Subject subject = kHost,
                                     Instance instance = 0) const {
    const auto index = std::size_t(field);
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
      if (record->group != group_of(field) || record->subject != subject ||
          record->instance != instance || record->part != index / kValuesPerRecord)
        continue;
      const bool is_there = (record->present >> (index % kValuesPerRecord) & 1U) != 0;
      if (!is_there && (record->present & kFinalFigures) != 0) continue;  // takes nothing back
      if (!is_there) return {};
      return record->value[index % kValuesPerRecord];
    }
    return {};
  }
  template <class Field>
  std::optional<double> real(Field field, Subject subject = kHost, Instance instance = 0) const {
    const auto bits = value(field, subject, instance);
    if (!bits) return {};
    return std::bit_cast<double>(*bits);
  }

  // The instance whose first label value is this; 0 when none was named so.
  Instance instance(std::string_view first_value, Subject subject = kHost) const {
    for (auto item = news.rbegin(); item != news.rend(); ++item) {
      const auto* named = std::get_if<NamedInstance>(&*item);
      if (named && named->subject == subject && !named->values.empty() &&
          named->values[0] == first_value)
        return named->instance;
    }
    return 0;
  }
};

}  // namespace hostmeter::test
