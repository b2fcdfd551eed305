// Who may scrape: names and passwords, asked for by HTTP's Basic authentication.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_stamp.hpp"
#include "hostmeter/base/clock.hpp"

namespace hostmeter::expose {

// A password hash takes its time, 50 ms and more by its own making: it is taken once for each user
// and not for each scrape, and for guesses only so often. A file that changed is read again at the
// next scrape; what cannot be read then is said, and what was in it before stays in force.
// Any thread may use it.
class Users {
 public:
  struct Options {
    // NAME:HASH a line, as `htpasswd -B` writes it. Empty: there is none.
    std::string file{};
    // One more, whose password is known; no name: there is none.
    std::string name{}, password{};
  };
  using Complain = std::function<void(const std::string&)>;

  // The clock outlives this.
  Users(Options options, const Clock& clock, Complain complain);

  // Reads the file. What is wrong with it, with its line and the mend; nothing when it is in force.
  std::optional<std::string> load();

  enum class Verdict : std::uint8_t { welcome, unknown, too_many_guesses };
  // header: the value of Authorization, empty without one.
  Verdict check(std::string_view header);

 private:
  using Digest = std::array<std::uint8_t, 32>;
  using Hashes = std::vector<std::pair<std::string, std::string>>;  // by name

  Digest digest(std::string_view name, std::string_view password) const;
  bool is_known(const Digest& given) const;
  bool may_guess();
  std::optional<std::string> load_locked();

  const Options options_;
  const Clock& clock_;
  const Complain complain_;
  std::array<std::uint8_t, 32> salt_{};  // of the digests, ours alone
  std::mutex mutex_;
  std::mutex hashing_;  // one at a time: it takes memory and a whole CPU
  base::FileStamp seen_{};
  Hashes hashes_;
  std::vector<Digest> known_;     // of users and passwords that were found right
  std::uint64_t full_at_ns_ = 0;  // when as many guesses as ever may follow each other
};

}  // namespace hostmeter::expose
