#include "app/channel.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>
#include <utility>

namespace hostmeter::app {
namespace {

constexpr std::size_t kBellsPerRing = 4;
constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::chrono::microseconds kNap{200};

std::uint64_t key_of(Subject subject) {
  return std::uint64_t{subject.generation} << 32 | subject.slot;
}

}  // namespace

Doorbell::Doorbell() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) throw std::runtime_error("eventfd: out of file descriptors");
}

void Doorbell::ring() const {
  const std::uint64_t one = 1;
  // Fails only when 2^64 - 2 rings are unanswered, and then it rings already.
  [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
}

bool Doorbell::wait(std::uint64_t timeout_ns) const {
  pollfd poll{event_.get(), POLLIN, 0};
  const timespec timeout{time_t(timeout_ns / kNsPerSecond), long(timeout_ns % kNsPerSecond)};
  if (::ppoll(&poll, 1, &timeout, nullptr) <= 0) return false;
  std::uint64_t rings = 0;
  return ::read(event_.get(), &rings, sizeof rings) == sizeof rings;
}

bool RingEnd::wait_for_pump() {
  if (waited_ns_ >= longest_wait_ns_) return false;
  pump_.ring();
  const std::uint64_t began = clock_.monotonic_ns();
  std::this_thread::sleep_for(kNap);
  waited_ns_ += clock_.monotonic_ns() - began;
  return true;
}

bool RingEnd::flush_pending() {
  while (!pending_.empty()) {
    if (!channel_.news.push(std::move(pending_.front()))) return false;
    pending_.pop_front();
  }
  return true;
}

void RingOutput::send(const Record& record) {
  if (std::exchange(resend_due_, false))
    for (const Record& kept : kept_) push(kept);
  if (is_last_of_gone(record)) keep(record);
  push(record);
}

bool RingOutput::is_last_of_gone(const Record& record) const {
  if ((record.present & kFinalFigures) != 0) return true;
  return !gone_.empty() && gone_.contains(key_of(record.subject));
}

// Half the ring at most, so that the tick that sends them again has room for its own.
void RingOutput::keep(const Record& record) {
  if (kept_.size() < channel_.records.capacity() / 2)
    kept_.push_back(record);
  else if (!abandoned_)  // else it is counted as any Record
    ++not_kept_;
}

void RingOutput::push(const Record& record) {
  if (abandoned_) {
    channel_.dropped.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  if (!pending_.empty() && !wait_for_news()) return;  // News before the Records that speak of it
  constexpr std::size_t kKeptForMark = 1;
  // A tick that fills much of the ring is drained while it is still read.
  if (++sent_ % (channel_.records.capacity() / kBellsPerRing + 1) == 0) pump_.ring();
  while (!channel_.records.push(Record(record), kKeptForMark)) {
    if (wait_for_pump()) continue;
    abandoned_ = true;
    channel_.dropped.fetch_add(1, std::memory_order_relaxed);
    return;
  }
}

void RingOutput::send(NewsItem item) {
  if (const auto* gone = std::get_if<Gone>(&item)) gone_.insert(key_of(gone->subject));
  pending_.push_back(std::make_unique<NewsItem>(std::move(item)));
  wait_for_news();
}

bool RingOutput::wait_for_news() {
  while (!flush_pending()) {
    if (!abandoned_ && wait_for_pump()) continue;
    if (!abandoned_) channel_.news_delayed.fetch_add(1, std::memory_order_relaxed);
    abandoned_ = true;
    return false;
  }
  return true;
}

bool RingOutput::end_tick(Facts<TickField> mark) {
  if (!flush_pending()) abandoned_ = true;
  mark.set(TickField::abandoned, std::uint64_t(abandoned_));
  if (!channel_.records.push(mark.part(0, kHost, 0))) {
    // The pump has not even read the mark before this one: then this tick is lost with its mark.
    abandoned_ = true;
    channel_.dropped.fetch_add(1, std::memory_order_relaxed);
  }
  pump_.ring();
  waited_ns_ = 0;
  sent_ = 0;
  if (!abandoned_) {
    gone_.clear();
    kept_.clear();
  } else {
    channel_.dropped.fetch_add(not_kept_, std::memory_order_relaxed);
  }
  not_kept_ = 0;
  resend_due_ = !kept_.empty();
  return !std::exchange(abandoned_, false);
}

}  // namespace hostmeter::app
