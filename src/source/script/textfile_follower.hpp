// The directories of text files, looked at now and then.
#pragma once
#include <condition_variable>
#include <mutex>

#include "source/follower.hpp"
#include "source/script/textfiles.hpp"

namespace hostmeter::source::script {

class TextfileFollower final : public Follower {
 public:
  // Root and clock outlive this.
  TextfileFollower(const base::Dir& root, const Clock& clock, InstanceIds numbers,
                   TextfileDirectories::Options options, std::uint64_t interval_ns)
      : directories_(root, clock, std::move(numbers), std::move(options)),
        interval_ns_(interval_ns),
        clock_(clock) {}

  void follow(Output& out, bool resend) override;
  std::vector<Remark> take_remarks() override;
  void interrupt() override;

 private:
  TextfileDirectories directories_;
  const std::uint64_t interval_ns_;
  const Clock& clock_;
  std::uint64_t due_ns_ = 0;  // on the monotonic clock
  std::mutex mutex_;
  std::condition_variable interrupted_;
  bool is_interrupted_ = false;
};

}  // namespace hostmeter::source::script
