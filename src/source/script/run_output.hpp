// What one run prints, read without waiting and within bounds.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/unique_fd.hpp"
#include "source/script/supervisor.hpp"

namespace hostmeter::source::script {

class RunOutput {
 public:
  static constexpr std::size_t kMostRemarks = 4096;  // bytes of standard error that are kept

  // output: the reading ends of standard output and standard error, which do not block.
  RunOutput(std::array<base::UniqueFd, 2> output, std::size_t most_bytes)
      : output_(std::move(output)), most_bytes_(most_bytes) {}

  // What came with an answer, which then has it no more; nothing: nothing did.
  static std::optional<RunOutput> of(Supervisor::Told& told, std::size_t most_bytes);
  // Of a run that is over: all that it printed.
  RunOutput(const std::array<std::string, 2>& printed, std::size_t most_bytes)
      : most_bytes_(most_bytes) {
    for (const std::size_t which : {0U, 1U}) add(which, printed[which]);
  }

  // To be polled; -1: it has ended.
  int fd(std::size_t which) const { return output_[which].get(); }

  // Takes what is there of one of them, at most some of it, and returns how many bytes. buffer: for
  // as long as it takes.
  std::size_t read(std::size_t which, std::string& buffer);
  // The run is over: what is still there is taken, and both are closed.
  void finish(std::string& buffer);

  // More was printed than may be, as figures or as remarks: what is beyond is lost, and so is the
  // line that was not whole. Nothing more is read.
  bool is_cut() const { return is_cut_; }
  // Of standard output, whole lines only if it was cut.
  std::string_view text() const { return text_; }
  // The text, which is then no more here.
  std::string take_text() { return std::move(text_); }
  std::string_view remarks() const { return remarks_; }

 private:
  std::size_t take(std::size_t which, std::string& buffer);
  void add(std::size_t which, std::string_view bytes);

  std::array<base::UniqueFd, 2> output_;
  std::size_t most_bytes_;
  std::string text_, remarks_;
  std::array<std::size_t, 2> seen_{};  // bytes
  bool is_cut_ = false;
};

// The first lines of what a script says to a person, as one line that is fit for a log: without
// control characters, and not long. Empty: there is nothing.
std::string fit_for_log(std::string_view text);

}  // namespace hostmeter::source::script
