#include "app/round_output.hpp"

#include <utility>

namespace hostmeter::app {

void RoundOutput::send(const Record& record) {
  // News before the Records that speak of it.
  bool has_room = !cut_short_ && (pending_.empty() || wait_for_news());
  while (has_room && !channel_.records.push(Record(record))) has_room = wait_for_pump();
  if (has_room) return;
  cut_short_ = true;
  channel_.dropped.fetch_add(1, std::memory_order_relaxed);
}

void RoundOutput::send(NewsItem item) {
  pending_.push_back(std::make_unique<NewsItem>(std::move(item)));
  if (!cut_short_) wait_for_news();
}

bool RoundOutput::end_round() {
  if (!pending_.empty() && !flush_pending()) cut_short_ = true;
  if (cut_short_ && !pending_.empty())
    channel_.news_delayed.fetch_add(1, std::memory_order_relaxed);
  if (!pending_.empty() || channel_.records.is_half_full() || channel_.news.is_half_full())
    pump_.ring();
  waited_ns_ = 0;
  return !std::exchange(cut_short_, false);
}

bool RoundOutput::wait_for_news() {
  while (!flush_pending()) {
    if (wait_for_pump()) continue;
    cut_short_ = true;
    return false;
  }
  return true;
}

}  // namespace hostmeter::app
