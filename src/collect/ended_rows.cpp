#include "collect/ended_rows.hpp"

namespace hostmeter::collect {
namespace {

std::string key_of(std::string_view first, std::string_view second) {
  std::string key(first);
  key += '\0';
  key += second;
  return key;
}

}  // namespace

EndedRows::Row& EndedRows::hold(std::string_view first, std::string_view second) {
  auto found = rows_.find(key_of(first, second));
  bool is_overflow = false;
  if (found == rows_.end()) {
    // A label that is absent stays so.
    is_overflow = rows_.size() - overflows_ >= options_.max_rows && !make_room();
    if (is_overflow) {
      first = first.empty() ? first : kOverflow;
      second = second.empty() ? second : kOverflow;
    }
    found = rows_.try_emplace(key_of(first, second)).first;
  }
  if (!found->second) {
    found->second = std::make_unique<Row>();
    Row& row = *found->second;
    row.labels = {std::string(first), std::string(second)};
    row.instance = ids_.take();
    row.changed_ns = now_ns_;
    row.is_overflow = is_overflow;
    overflows_ += is_overflow ? 1 : 0;
    out_.named({kHost, row.instance, {row.labels.begin(), row.labels.end()}});
    know(row, bit(Ended::containers) | bit(Ended::lifetime_ns));
  }
  ++found->second->holders;
  return *found->second;
}

// A container may be known by half, and then whole: the first row was for nobody.
void EndedRows::release(Row& row) {
  if (--row.holders > 0 || row.totals[Ended::containers] > 0) return;
  std::erase(changed_, &row);
  drop(rows_.find(key_of(row.labels[0], row.labels[1])));
}

void EndedRows::add(Row& row, Ended field, std::uint64_t value) {
  row.totals[field] += value;
  row.totals.present |= bit(field);
  mark(row);
}

void EndedRows::know(Row& row, std::uint32_t fields) {
  if ((fields & ~row.totals.present) == 0) return;
  row.totals.present |= fields;
  mark(row);
}

void EndedRows::mark(Row& row) {
  if (!row.changed) changed_.push_back(&row);
  row.changed = true;
}

// The one that was idle for longest goes.
bool EndedRows::make_room() {
  auto oldest = rows_.end();
  for (auto row = rows_.begin(); row != rows_.end(); ++row)
    if (may_go(*row->second, options_.idle_ns == 0 ? 0 : kLeastIdleNs) &&
        (oldest == rows_.end() || row->second->changed_ns < oldest->second->changed_ns))
      oldest = row;
  if (oldest == rows_.end()) return false;
  drop(oldest);
  return true;
}

void EndedRows::expire() {
  if (options_.idle_ns == 0 || now_ns_ < next_expiry_ns_) return;
  next_expiry_ns_ = now_ns_ + kExpireEveryNs;
  for (auto row = rows_.begin(); row != rows_.end();)
    row = may_go(*row->second, options_.idle_ns) ? drop(row) : std::next(row);
}

bool EndedRows::may_go(const Row& row, std::uint64_t idle_ns) const {
  if (row.holders > 0 || row.changed) return false;
  if (row.totals[Ended::containers] == 0) return true;
  return options_.idle_ns != 0 && now_ns_ - row.changed_ns >= idle_ns;
}

EndedRows::Rows::iterator EndedRows::drop(Rows::iterator row) {
  out_.gone(GoneInstance{kHost, row->second->instance});
  ids_.give_back(row->second->instance);
  ids_.settle();
  overflows_ -= row->second->is_overflow ? 1 : 0;
  return rows_.erase(row);
}

}  // namespace hostmeter::collect
