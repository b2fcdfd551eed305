// A question that an engine may take long over, asked again and again. Nobody waits for its answer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "source/runtime/http_client.hpp"

namespace hostmeter::source::runtime {

class SlowQuestion {
 public:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  struct Options {
    std::size_t longest = 0;        // bytes of an answer
    std::uint64_t interval_ns = 0;  // from an answer to the next question; kNever: none
    std::uint64_t retry_ns = 0;     // likewise from a failure
    std::uint64_t patience_ns = 0;  // for an answer, and for what it would have replaced
  };

  explicit SlowQuestion(const Options& options) : options_(options) {}

  // From then on another answer is wanted, if it is not already; one that is under way is too old.
  void want(std::uint64_t at_ns);
  bool is_due(std::uint64_t now_ns) const { return !asked_ && now_ns >= ask_ns_; }
  bool is_open() const { return asked_.has_value(); }
  // Its connection is lost.
  void drop() { asked_.reset(); }

  // When it is worth looking at next: ever more seldom while an answer does not come.
  std::uint64_t next_look_ns(std::uint64_t now_ns) const;

  // The error with which it could not be asked.
  std::optional<Error> ask(Result<Asked> asked, std::uint64_t now_ns);
  // Nothing: not yet, also after waiting for so long. An answer is told once. ENOTSUP: it says no;
  // ETIMEDOUT: it was given up.
  std::optional<Result<std::string>> answer(std::uint64_t now_ns, std::uint64_t wait_ns = 0);
  int status() const { return status_; }  // of the last answer

  // What is said of the answer: it was of use, or of none.
  void taken(std::uint64_t now_ns);
  bool is_wanted_again() const { return again_ns_ != kNever; }
  void failed(std::uint64_t now_ns) { rest(now_ns, options_.retry_ns); }
  void rest(std::uint64_t now_ns, std::uint64_t length_ns) { ask_ns_ = now_ns + length_ns; }

  // A newer answer has been wanted for so long that the last one is no longer true.
  bool is_stale(std::uint64_t now_ns) const {
    return now_ns >= wanted_ns_ && now_ns - wanted_ns_ >= options_.patience_ns;
  }

 private:
  const Options options_;
  std::optional<Asked> asked_;
  int status_ = 0;
  std::uint64_t wanted_ns_ = kNever;  // since when an answer is
  std::uint64_t again_ns_ = kNever;   // since when another than the one under way is
  std::uint64_t ask_ns_ = kNever, asked_ns_ = 0;
};

}  // namespace hostmeter::source::runtime
