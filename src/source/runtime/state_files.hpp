// Who containers are, from the files that runtimes and the kubelet keep: no requests to anybody.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hostmeter/base/clock.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/followed_files.hpp"
#include "source/interrupt.hpp"
#include "source/runtime/runtime_source.hpp"
#include "source/runtime/spoken.hpp"
#include "source/runtime/state_form.hpp"

namespace hostmeter::source::runtime {

class StateFiles final : public RuntimeSource {
 public:
  // A file that is not whole may be about to become so: it is read again, each time later.
  static constexpr unsigned kMostTries = 6;
  static constexpr std::uint64_t kFirstRetryNs = 25'000'000;
  static constexpr std::uint64_t kShortOfWatchesNs = 10'000'000'000;

  struct Options {
    std::vector<StateForm> forms{};
    FollowedFiles::Limits limits{};
    std::uint64_t longest_wait_ns = 1'000'000'000;
  };

  // root: outlives it.
  StateFiles(const base::Dir& root, const Clock& clock, InstanceIds instances, Options options);

  Runtime runtime() const override { return Runtime::none; }  // of several
  // The first call tells all there is and waits for nothing.
  void follow(Output&, bool resend) override;
  std::vector<Remark> take_remarks() override;
  void interrupt() override { interrupt_.raise(); }

  std::uint64_t files_read() const { return files_read_; }
  std::uint64_t parse_errors() const { return parse_errors_; }
  std::uint64_t read_errors() const { return read_errors_; }

 private:
  using File = std::pair<std::size_t, std::string>;  // pattern, path
  struct Retry {
    unsigned tries = 0;
    std::uint64_t due_ns = 0;
  };

  bool take(const std::vector<FollowedFiles::Event>&, Output&);
  bool take_sockets(const std::vector<FollowedFiles::Event>&, Output&);
  bool retry(Output&);
  bool read(const File&, Output&);
  void failed(const File&, const Error&);
  bool tell_of_runtimes(Output&);
  void tell_of_ourselves(Output&, bool resend);
  void look_at_limits();
  std::uint64_t due_ns(std::uint64_t until) const;

  const base::Dir& root_;
  const Clock& clock_;
  const Options options_;
  const std::vector<std::string> sockets_;
  FollowedFiles files_;  // a pattern for each form, and one for each socket behind those
  Interrupt interrupt_;
  Spoken spoken_;
  std::set<std::string> listening_;  // of the sockets
  std::map<File, Retry> retries_;
  std::map<Runtime, bool> up_;
  std::set<File> refused_;  // so that each is named once
  std::vector<Remark> remarks_;
  std::uint64_t next_look_ns_ = 0;
  std::uint64_t files_read_ = 0, parse_errors_ = 0, read_errors_ = 0, sent_errors_ = 0;
  bool was_short_ = false, left_out_ = false, began_ = false;
  InstanceIds instances_;
  Instance self_ = 0;
};

}  // namespace hostmeter::source::runtime
