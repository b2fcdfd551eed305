// Which scripts there are: executables that fit the plans, as they come, change and go.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"
#include "source/followed_files.hpp"
#include "source/follower.hpp"
#include "source/script/plan.hpp"

namespace hostmeter::source::script {

// Nothing is read while nothing changes in the directories, but for the targets of links, which are
// looked at when their scripts run.
class ScriptFiles {
 public:
  static constexpr std::size_t kMostScripts = 1'000;

  struct Version {
    // ctime: who writes in place can set the other time back, but not this one.
    std::uint64_t device = 0, inode = 0, size = 0, mtime_ns = 0, ctime_ns = 0;
    friend bool operator==(const Version&, const Version&) = default;
  };
  struct File {
    std::string path;      // absolute
    std::size_t plan = 0;  // index
    Version version{};
    std::optional<Error> refusal{};  // why it must not be run
  };
  struct Change {
    enum class Kind : std::uint8_t { here, edited, gone } kind;
    std::string name;
    friend bool operator==(const Change&, const Change&) = default;
  };

  // plans outlive this. A file is a script of each plan that gives it a name, or else of the first
  // that it fits. root: of the file system in which scripts run.
  ScriptFiles(const base::Dir& root, const std::vector<Plan>& plans);
  ScriptFiles(const ScriptFiles&) = delete;

  // Becomes readable when changes() may have something to say; -1: never.
  int fd() const { return files_.fd(); }

  // What happened since the last call; the first time all that is there. Never waits.
  std::vector<Change> changes();
  // The same, whatever was not told of is looked for as well.
  std::vector<Change> look_again();
  bool is_short_of_watches() const { return files_.is_short_of_watches(); }

  // By name.
  const std::map<std::string, File, std::less<>>& all() const { return all_; }

  // Looks at a file before it is run. What became of it since; nothing: it is as it was. The
  // sandbox looks at its directories.
  std::optional<Change> look_at(const std::string& name);

  std::size_t left_out() const { return left_out_ + files_.left_out(); }
  std::size_t ambiguous() const { return ambiguous_.size(); }

  // Once for each change.
  std::vector<Remark> take_remarks() { return std::exchange(remarks_, {}); }

 private:
  using All = std::map<std::string, File, std::less<>>;
  struct Pattern {
    std::size_t plan;
    bool is_literal;  // it names one file
    std::string path;
  };

  static std::vector<Pattern> patterns_of(const std::vector<Plan>& plans);
  void take(const std::vector<FollowedFiles::Event>& events);
  All look_at_all();
  // Those that a file is a script of, of the patterns that it fits.
  std::set<std::size_t> plans_for(const std::string& path,
                                  const std::set<std::size_t>& patterns) const;
  std::vector<Change> exchange(All now);
  void remark_refusal(const std::string& name, const File& now, const File* before);
  void remark_missing(const All& now);
  void remark_ambiguous(std::map<std::string, std::string> now);

  const std::vector<Plan>& plans_;
  const std::vector<Pattern> patterns_;
  FollowedFiles files_;
  std::map<std::string, std::set<std::size_t>> known_;  // path: the patterns that it fits
  All all_;
  std::set<std::string> missing_;                 // files named by a plan
  std::map<std::string, std::string> ambiguous_;  // path: why it is not run
  std::size_t left_out_ = 0;
  bool began_ = false;
  std::vector<Remark> remarks_;
};

// Whether a file in a directory of scripts is called as one, and not as what editors and package
// managers leave beside it.
bool is_script_name(std::string_view file);

}  // namespace hostmeter::source::script
