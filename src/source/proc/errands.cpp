#include "source/proc/errands.hpp"

#include <algorithm>

namespace hostmeter::source::proc {

void Errands::tick(std::uint64_t monotonic_ns) {
  const std::lock_guard hold(lock_);
  now_ns_ = monotonic_ns;
  for (Errand* errand : running_) {
    if (errand->state_ != Errand::State::running) continue;
    if (now_ns_ - errand->began_ns_ < options_.limit_ns) continue;
    errand->state_ = Errand::State::given_up;
    --working_;
    ++stuck_;
  }
}

void Errands::send(const std::shared_ptr<Errand>& errand) {
  if (!options_.threads) {
    run_one(*errand, buffer_);
    errand->state_ = Errand::State::back;
    return;
  }
  const std::lock_guard hold(lock_);
  if (errand->state_ != Errand::State::home) return;
  errand->state_ = Errand::State::queued;
  errand->sent_ns_ = now_ns_;
  if (queue_.size() >= trim_at_) trim_queue();
  queue_.push_back(errand);
  wake_.notify_one();
}

bool Errands::take_back(Errand& errand) {
  if (errand.state_ != Errand::State::back) return false;
  errand.state_ = Errand::State::home;
  return true;
}

bool Errands::is_overdue(const Errand& errand) const {
  const Errand::State state = errand.state_;
  if (state == Errand::State::queued) return now_ns_ - errand.sent_ns_ >= options_.patience_ns;
  return state == Errand::State::given_up;
}

bool Errands::start_one() {
  const std::lock_guard hold(lock_);
  if (stopping_ || working_ > 0 || stuck_ >= options_.most_stuck || !has_queued()) return false;
  ++working_;
  return true;
}

void Errands::start_failed() {
  const std::lock_guard hold(lock_);
  --working_;
}

void Errands::run() {
  base::Buffer buffer(4096);
  std::unique_lock hold(lock_);
  while (true) {
    wake_.wait(hold, [this] { return stopping_ || has_queued(); });
    if (stopping_) break;
    const std::shared_ptr<Errand> errand = take_queued();
    errand->state_ = Errand::State::running;
    errand->began_ns_ = now_ns_;
    running_.push_back(errand.get());
    hold.unlock();
    run_one(*errand, buffer);
    hold.lock();
    if (!finish(*errand)) return;
  }
  --working_;
}

void Errands::stop() {
  const std::lock_guard hold(lock_);
  stopping_ = true;
  wake_.notify_all();
}

bool Errands::settled() const {
  const std::lock_guard hold(lock_);
  return !has_queued() && std::none_of(running_.begin(), running_.end(), [](const Errand* errand) {
    return errand->state_ == Errand::State::running;
  });
}

unsigned Errands::stuck() const {
  const std::lock_guard hold(lock_);
  return stuck_;
}

std::shared_ptr<Errand> Errands::take_queued() {
  std::shared_ptr<Errand> errand = std::move(queue_[next_++]);
  if (next_ == queue_.size()) {
    queue_.clear();  // what it allocated stays
    next_ = 0;
  }
  return errand;
}

// While every thread is stuck nothing is taken, yet what the sampler no longer wants goes: so the
// queue is never longer than twice what it sends.
void Errands::trim_queue() {
  queue_.erase(queue_.begin(), queue_.begin() + std::ptrdiff_t(next_));
  next_ = 0;
  std::erase_if(queue_,
                [](const std::shared_ptr<Errand>& errand) { return errand.use_count() == 1; });
  trim_at_ = std::max<std::size_t>(64, 2 * queue_.size());
}

void Errands::run_one(Errand& errand, base::Buffer& buffer) const {
  const std::uint64_t began_ns = clock_->monotonic_ns();
  errand.run(buffer);
  errand.cost_ns_ = clock_->monotonic_ns() - began_ns;
}

// Whether the thread goes on.
bool Errands::finish(Errand& errand) {
  std::erase(running_, &errand);
  const bool given_up = errand.state_ == Errand::State::given_up;
  errand.state_ = Errand::State::back;
  if (!given_up) return true;
  --stuck_;
  if (working_ > 0) return false;
  ++working_;
  return true;
}

std::shared_ptr<Errands> errands_without_threads(const Clock& clock) {
  return std::make_shared<Errands>(Errands::Options{.threads = false},
                                   std::shared_ptr<const Clock>(std::shared_ptr<void>(), &clock));
}

std::shared_ptr<const base::Dir> share(const base::Dir& dir) {
  auto same = base::Dir::open_at(dir.fd(), ".");
  return std::make_shared<const base::Dir>(same ? std::move(*same) : base::Dir());
}

}  // namespace hostmeter::source::proc
