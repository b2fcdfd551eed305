// Looks at each process, or at each socket: too long for the sampler, and only for who asked.
#pragma once
#include <memory>
#include <optional>
#include <utility>

#include "hostmeter/flow/facts.hpp"
#include "source/host.hpp"
#include "source/proc/errands.hpp"
#include "source/proc/options.hpp"

namespace hostmeter::source::proc {

template <class Field>
class Survey : public Errand {
 public:
  // On the sampler, before it is sent.
  virtual void prepare(const Host&) {}
  // On the sampler: whether there is so little to look at that a tick may wait for it.
  virtual bool is_brief(Host&) const = 0;
  // After it was taken back, until it is sent again.
  const Result<Facts<Field>>& answer() const { return answer_; }

 protected:
  virtual Result<Facts<Field>> look(base::Buffer&) = 0;

 private:
  void run(base::Buffer& buffer) final { answer_ = look(buffer); }
  Result<Facts<Field>> answer_ = Facts<Field>{};
};

// The first look is taken at once where it is brief, so that there are figures from the first tick
// on; else, and later, looks are taken by a thread, a tick before they are due. After one that took
// long it rests, so that it never takes more than a hundredth of a processor: its last answer
// stands meanwhile.
template <class Field>
class SurveyReader final : public Reader {
 public:
  SurveyReader(Host& host, const Moments& moments, std::shared_ptr<Errands> threads,
               std::shared_ptr<Survey<Field>> survey)
      : host_(host),
        pace_(moments),
        here_(errands_without_threads(*host.clock)),
        threads_(threads ? std::move(threads) : here_),
        survey_(std::move(survey)) {}

  void read(const Tick& tick, Output& out) override {
    threads_->tick(tick.monotonic_ns);
    if (pace_.due_soon(tick) && host_.clock->monotonic_ns() >= rest_until_ns_) send();
    const bool back = threads_->take_back(*survey_);
    if (back) take();
    const bool lost = !back && threads_->is_overdue(*survey_) && !std::exchange(is_lost_, true);
    if (lost) facts_ = {};
    if (back || lost || tick.resend) out.send(kHost, facts_);
  }

 private:
  void send() {
    if (!is_away_) survey_->prepare(host_);
    const bool is_first = !std::exchange(has_looked_, true);
    (is_first && survey_->is_brief(host_) ? here_ : threads_)->send(survey_);
    is_away_ = true;
  }

  void take() {
    is_away_ = is_lost_ = false;
    rest_until_ns_ = host_.clock->monotonic_ns() + rest_after(Errands::cost_ns(*survey_));
    const auto& answer = survey_->answer();
    facts_ = answer ? *answer : Facts<Field>{};
    if (!answer) failed(answer.error());
  }

  Host& host_;
  Pace pace_;
  std::shared_ptr<Errands> here_, threads_;
  std::shared_ptr<Survey<Field>> survey_;
  Facts<Field> facts_;
  std::uint64_t rest_until_ns_ = 0;
  bool has_looked_ = false, is_away_ = false, is_lost_ = false;
};

}  // namespace hostmeter::source::proc
