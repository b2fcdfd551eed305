#include "tool/script/denials.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <csignal>

#include "hostmeter/base/text.hpp"
#include "tool/script/sight.hpp"

namespace hostmeter::tool {
namespace {

using source::script::Allowances;
using source::script::Ended;
using source::script::Limits;

constexpr std::size_t kMostPaths = 200;   // of a script's text
constexpr std::size_t kMostMentions = 8;  // that are told of
constexpr std::size_t kLongestQuote = 200;

// What programs say of a refusal, in lower case.
enum class Sense {
  no_file,
  denied,
  not_permitted,
  read_only,
  network,
  full,
  large,
  files,
  memory,
  processes
};
struct Phrase {
  std::string_view words;
  Sense sense;
};
constexpr Phrase kPhrases[] = {
    {"read-only file system", Sense::read_only},
    {"permission denied", Sense::denied},
    {"permissionerror", Sense::denied},
    {"operation not permitted", Sense::not_permitted},
    {"no such file or directory", Sense::no_file},
    {"no such device", Sense::no_file},
    {"network is unreachable", Sense::network},
    {"name or service not known", Sense::network},
    {"temporary failure in name resolution", Sense::network},
    {"could not resolve", Sense::network},
    {"bad address", Sense::network},
    {"failed to connect", Sense::network},
    {"couldn't connect", Sense::network},
    {"no space left on device", Sense::full},
    {"file too large", Sense::large},
    {"too many open files", Sense::files},
    {"cannot allocate memory", Sense::memory},
    {"out of memory", Sense::memory},
    {"memoryerror", Sense::memory},
    {"cannot fork", Sense::processes},
    {"can't fork", Sense::processes},
    {"resource temporarily unavailable", Sense::processes},
    {"can't start new thread", Sense::processes},
};

class Denials {
 public:
  Denials(const Evidence& evidence, const LookAtHost& look) : evidence_(evidence), look_(look) {}

  std::vector<Denial> all() {
    add_certain();
    for (Text lines(evidence_.remarks); !lines.empty();) add_line(lines.until('\n'));
    add_mentions();
    add_neighbours();
    return std::move(all_);
  }

 private:
  const Allowances& allow() const { return evidence_.run.allow; }
  const Limits& limits() const { return evidence_.run.limits; }

  // Each mend once.
  void add(std::string what, std::string mend) {
    const auto is_same = [&](const Denial& one) { return one.mend == mend; };
    if (std::none_of(all_.begin(), all_.end(), is_same))
      all_.push_back({std::move(what), std::move(mend)});
  }

  // What the kernel itself says.
  void add_certain() {
    const Ended& ended = evidence_.ended;
    if (ended.timed_out) add("it was not over in time", "raise timeout, or see what it waits for");
    if (ended.oom_kills.value_or(0) > 0)
      add("a process of it was killed at its limit of memory, " + mebibytes(limits().memory_bytes),
          "raise memory in [script.limits]");
    if (ended.refused_forks.value_or(0) > 0)
      add("it was refused a process at its limit, " + std::to_string(limits().processes),
          "raise processes in [script.limits]");
    if (ended.signal == SIGXFSZ)
      add("a file that it wrote came to its limit, " + mebibytes(limits().file_bytes),
          "raise file in [script.limits]");
    if (ended.signal == SIGXCPU)
      add("a process of it used more CPU time than timeout and grace allow", "raise timeout");
    if (ended.signal == SIGSYS)
      add("it called what is refused by killing: it is a program for another architecture",
          "build it for this machine's own");
    if (evidence_.is_cut) add("it printed more than it may", "raise output in [script.limits]");
  }

  void add_line(std::string_view line) {
    std::string low(line);
    std::transform(low.begin(), low.end(), low.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    for (const Phrase& phrase : kPhrases)
      if (low.find(phrase.words) != std::string::npos) return add_sense(phrase.sense, line, low);
  }

  void add_sense(Sense sense, std::string_view line, std::string_view low) {
    const std::string quoted = "it says: " + std::string(line.substr(0, kLongestQuote));
    switch (sense) {
      case Sense::no_file:
        return (void)add_paths(line, Want::read);
      case Sense::read_only:
        if (!add_paths(line, Want::write))
          add(quoted,
              "make what it is to write to for the script's user, and name it as write in "
              "[script.allow]");
        return;
      case Sense::denied:
      case Sense::not_permitted:
        return add_denied(sense, line, low, quoted);
      case Sense::network:
        if (!allow().network) add(quoted, "network = true in [script.allow]");
        return;
      case Sense::full:
        return add(quoted, "raise tmp in [script.limits]");
      case Sense::large:
        return add(quoted, "raise file in [script.limits]");
      case Sense::files:
        return add(quoted, "raise open_files in [script.limits]");
      case Sense::memory:
        return add(quoted, "raise memory in [script.limits]");
      case Sense::processes:
        return add(quoted, "raise processes in [script.limits]");
    }
  }

  void add_denied(Sense sense, std::string_view line, std::string_view low,
                  const std::string& quoted) {
    if (add_paths(line, Want::read) || add_paths(line, Want::write)) return;
    if (low.find("socket") != std::string_view::npos && allow().sockets.empty() && !allow().network)
      return add(quoted, "network = true, or sockets, in [script.allow]");
    if (sense == Sense::not_permitted)
      add(quoted,
          "if it is a right that it needs, name it in capabilities; mount, ptrace, bpf and some "
          "more are refused to every script");
  }

  // Whether one of the paths in a line explains it.
  bool add_paths(std::string_view line, Want want) {
    bool any = false;
    for (const std::string& path : paths_in(line, kMostPaths)) {
      if (path == evidence_.run.path) continue;  // who says so
      auto denial = why_not_used(path, want, evidence_, look_);
      if (!denial) continue;
      any = true;
      add(std::move(denial->what), std::move(denial->mend));
    }
    return any;
  }

  // What it is given or has in its text and cannot see, whether it said so or not.
  void add_mentions() {
    std::string text;
    for (const std::string& word : evidence_.run.argv) text += word + '\n';
    for (const std::string& variable : evidence_.run.environment) text += variable + '\n';
    for (Text lines(evidence_.text); !lines.empty();) {
      const std::string_view line = lines.until('\n');
      if (!Text::trim(line).starts_with('#')) (text += line) += '\n';
    }
    std::size_t mentions = 0;
    for (const std::string& path : paths_in(text, kMostPaths)) {
      if (mentions == kMostMentions) return;
      const auto file = look_(path);
      if (!file || S_ISDIR(file->mode) || S_ISCHR(file->mode)) continue;
      auto denial = why_not_used(path, Want::read, evidence_, look_);
      if (!denial) continue;
      ++mentions;
      add("it names what it cannot use: " + denial->what, std::move(denial->mend));
    }
  }

  // A script of a hidden directory is seen there alone.
  void add_neighbours() {
    const Ended& ended = evidence_.ended;
    const std::string& path = evidence_.run.path;
    const bool is_failure = ended.exit_status != 0 || ended.signal != 0;
    if (!is_failure || !is_hidden(path, evidence_)) return;
    const std::string directory = path.substr(0, path.rfind('/'));
    const auto& read = allow().read;
    if (std::find(read.begin(), read.end(), directory) != read.end()) return;
    add("of " + directory + " it sees nothing but itself",
        "name what it reads there as read in [script.allow]");
  }

  static std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

  const Evidence& evidence_;
  const LookAtHost& look_;
  std::vector<Denial> all_;
};

}  // namespace

std::vector<Denial> denials(const Evidence& evidence, const LookAtHost& look) {
  return Denials(evidence, look).all();
}

}  // namespace hostmeter::tool
