// Where a reader puts what it read.
#pragma once
#include "hostmeter/flow/facts.hpp"
#include "hostmeter/flow/news.hpp"

namespace hostmeter {

// The producing end of a pair of rings. When a ring stays full the tick is abandoned behind this
// interface: a reader need not know. News about a Subject or Instance goes before its Records.
class Output {
 public:
  virtual ~Output() = default;
  virtual void send(const Record&) = 0;
  virtual void send(NewsItem) = 0;

  template <class Field>
  void send(Subject subject, const Facts<Field>& facts, Instance instance = 0) {
    for (std::size_t part = 0; part < Facts<Field>::kParts; ++part)
      send(facts.part(part, subject, instance));
  }

  // The last figures of a Subject that is gone.
  template <class Field>
  void send_final(Subject subject, const Facts<Field>& facts, Instance instance = 0) {
    for (std::size_t part = 0; part < Facts<Field>::kParts; ++part) {
      Record record = facts.part(part, subject, instance);
      if (record.present == 0) continue;
      record.present |= kFinalFigures;
      send(record);
    }
  }
};

}  // namespace hostmeter
