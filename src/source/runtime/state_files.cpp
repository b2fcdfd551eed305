#include "source/runtime/state_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/open_file.hpp"
#include "hostmeter/flow/facts/tick.hpp"
#include "source/runtime/json_strings.hpp"

namespace hostmeter::source::runtime {
namespace {

constexpr std::size_t kMostRefused = 1'000;

std::vector<std::string> sockets_of(const std::vector<StateForm>& forms) {
  std::set<std::string> sockets;
  for (const StateForm& form : forms)
    if (!form.unless.empty()) sockets.insert(form.unless);
  return {sockets.begin(), sockets.end()};
}

std::vector<std::string> patterns_of(const std::vector<StateForm>& forms,
                                     const std::vector<std::string>& sockets) {
  std::vector<std::string> patterns;
  patterns.reserve(forms.size() + sockets.size());
  for (const StateForm& form : forms) patterns.push_back(form.pattern);
  patterns.insert(patterns.end(), sockets.begin(), sockets.end());
  return patterns;
}

// A file of at most kLongestJson bytes. What is no file is never opened for long: a pipe would not
// end.
Result<std::string> content_of(const base::Dir& root, const std::string& path) {
  const base::UniqueFd file =
      base::open_in_root(root.fd(), path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!file) return Error{errno, "open"};
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return Error{errno, "look at"};
  if (!S_ISREG(status.st_mode)) return Error{EBADMSG, "no file"};
  if (std::size_t(status.st_size) > kLongestJson) return Error{EFBIG, "read"};
  std::string text(std::size_t(status.st_size), '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const ssize_t got =
        ::pread(file.get(), text.data() + length, text.size() - length, off_t(length));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{errno, "read"};
    if (got == 0) break;  // it became shorter: not whole
    length += std::size_t(got);
  }
  text.resize(length);
  return text;
}

Result<std::string> target_of(const base::Dir& root, const std::string& path) {
  const auto slash = path.rfind('/');
  const auto dir = base::Dir::open_in_root(root.fd(), path.substr(0, slash).c_str());
  if (!dir) return dir.error();
  auto target = dir->link(path.substr(slash + 1).c_str());
  if (!target && target.error().code == EINVAL) return std::string();  // a file in its place
  return target;
}

}  // namespace

StateFiles::StateFiles(const base::Dir& root, const Clock& clock, InstanceIds instances,
                       Options options)
    : root_(root),
      clock_(clock),
      options_(std::move(options)),
      sockets_(sockets_of(options_.forms)),
      files_(root, patterns_of(options_.forms, sockets_), options_.limits),
      instances_(std::move(instances)),
      self_(instances_.take()) {}

void StateFiles::follow(Output& out, bool resend) {
  if (!began_) {
    out.send(NewsItem(NamedInstance{kHost, self_, {"runtime_files"}}));
    for (std::size_t i = 0; i < options_.forms.size(); ++i)
      if (!options_.forms[i].unless.empty()) files_.pause(i);
    const auto events = files_.changes();
    take_sockets(events, out);
    take(events, out);
    tell_of_runtimes(out);
    tell_of_ourselves(out, true);
    look_at_limits();
    began_ = true;
    return;
  }
  tell_of_ourselves(out, resend);
  const std::uint64_t until = clock_.monotonic_ns() + options_.longest_wait_ns;
  bool told = resend;
  while (!told && !interrupt_.is_raised()) {
    std::array<pollfd, 2> waits{{{files_.fd(), POLLIN, 0}, interrupt_.waiting()}};
    const std::uint64_t due = due_ns(until);
    const bool is_last = due <= clock_.monotonic_ns();
    poll_until(waits, due, clock_);
    const bool is_due = was_short_ && clock_.monotonic_ns() >= next_look_ns_;
    const auto events = is_due ? files_.look_again() : files_.changes();
    told = take_sockets(events, out);
    told = take(events, out) || told;
    told = retry(out) || told;
    told = tell_of_runtimes(out) || told;
    look_at_limits();
    if (is_last || clock_.monotonic_ns() >= until) break;
  }
  tell_of_ourselves(out, false);
}

std::uint64_t StateFiles::due_ns(std::uint64_t until) const {
  for (const auto& [file, retry] : retries_) until = std::min(until, retry.due_ns);
  return until;
}

// What the files said stays said: whoever is asked now knows of the same containers, and takes back
// what is no longer true.
bool StateFiles::take_sockets(const std::vector<FollowedFiles::Event>& events, Output& out) {
  for (const FollowedFiles::Event& event : events) {
    if (event.pattern < options_.forms.size()) continue;
    if (event.change == FollowedFiles::Change::here)
      listening_.insert(event.path);
    else
      listening_.erase(event.path);
  }
  bool told = false;
  for (std::size_t i = 0; i < options_.forms.size(); ++i) {
    if (options_.forms[i].unless.empty()) continue;
    if (!listening_.contains(options_.forms[i].unless)) {
      told = take(files_.resume(i), out) || told;
    } else {
      files_.pause(i);
      spoken_.forget(i);
    }
  }
  return told;
}

bool StateFiles::take(const std::vector<FollowedFiles::Event>& events, Output& out) {
  bool told = false;
  for (const FollowedFiles::Event& event : events) {
    if (event.pattern >= options_.forms.size()) continue;
    const StateForm& form = options_.forms[event.pattern];
    const File file{event.pattern, event.path};
    retries_.erase(file);
    refused_.erase(file);
    if (event.change == FollowedFiles::Change::gone)
      told = spoken_.says(file, {}, out) || told;
    else if (is_of_interest(form.kind, event.path))
      told = read(file, out) || told;
    else if (is_written_once(form.kind))
      files_.settle(event.pattern, event.path);
  }
  return told;
}

bool StateFiles::retry(Output& out) {
  const std::uint64_t now = clock_.monotonic_ns();
  std::vector<File> due;
  for (const auto& [file, retry] : retries_)
    if (retry.due_ns <= now) due.push_back(file);
  bool told = false;
  for (const File& file : due) told = read(file, out) || told;
  return told;
}

bool StateFiles::read(const File& file, Output& out) {
  const StateKind kind = options_.forms[file.first].kind;
  Result<std::string> content = std::string();
  if (has_content(kind))
    content = content_of(root_, file.second);
  else if (is_link(kind))
    content = target_of(root_, file.second);
  ++files_read_;
  Result<std::vector<Description>> whose =
      content ? describe(kind, file.second, *content) : content.error();
  if (!whose) {
    failed(file, whose.error());
    return false;
  }
  retries_.erase(file);
  if (is_written_once(kind)) files_.settle(file.first, file.second);
  return spoken_.says(file, std::move(*whose), out);
}

// What it said when it was whole, it may say again: that stays.
void StateFiles::failed(const File& file, const Error& error) {
  if (is_gone(error)) {
    retries_.erase(file);
    return;
  }
  if (error.code == EBADMSG) {
    Retry& retry = retries_[file];
    if (retry.tries++ < kMostTries) {
      retry.due_ns = clock_.monotonic_ns() + (kFirstRetryNs << retry.tries);
      return;
    }
  }
  retries_.erase(file);
  const bool is_damaged = error.code == EBADMSG || error.code == EFBIG;
  ++(is_damaged ? parse_errors_ : read_errors_);
  if (refused_.size() >= kMostRefused || !refused_.insert(file).second) return;
  const std::string why = is_damaged ? (error.code == EFBIG ? "it is too large" : "it is damaged")
                                     : std::generic_category().message(error.code);
  remarks_.push_back({true, "/" + file.second + " does not tell who its container is: " + why});
}

bool StateFiles::tell_of_runtimes(Output& out) {
  bool told = false;
  std::map<Runtime, bool> now;
  for (std::size_t i = 0; i < options_.forms.size(); ++i) {
    const Runtime runtime = options_.forms[i].runtime;
    // Whether an engine can be asked is told by who asks it.
    if (runtime != Runtime::none && options_.forms[i].unless.empty())
      now[runtime] = now[runtime] || files_.has_base(i);
  }
  for (const auto& [runtime, up] : now) {
    const auto before = up_.find(runtime);
    // One that never was on this host is not down.
    if (before == up_.end() ? !up : before->second == up) continue;
    up_[runtime] = up;
    out.send(NewsItem(RuntimeUp{runtime, up}));
    told = true;
  }
  return told;
}

void StateFiles::tell_of_ourselves(Output& out, bool resend) {
  const std::uint64_t errors = parse_errors_ + read_errors_;
  if (!resend && errors == sent_errors_) return;
  sent_errors_ = errors;
  Facts<ReaderField> facts;
  facts.set(ReaderField::parse_errors, parse_errors_);
  facts.set(ReaderField::read_errors, read_errors_);
  facts.set(ReaderField::mode_walk, std::uint64_t{0});
  facts.set(ReaderField::mode_bpf, std::uint64_t{0});
  facts.set(ReaderField::mode_file, std::uint64_t{1});
  facts.set(ReaderField::mode_off, std::uint64_t{0});
  out.send(kHost, facts, self_);
}

void StateFiles::look_at_limits() {
  const std::uint64_t now = clock_.monotonic_ns();
  if (now >= next_look_ns_) next_look_ns_ = now + kShortOfWatchesNs;
  if (std::exchange(was_short_, files_.is_short_of_watches()) != files_.is_short_of_watches())
    remarks_.push_back(
        {was_short_, was_short_
                         ? "not all directories of container runtimes can be watched: they are "
                           "looked at every 10 s; raise fs.inotify.max_user_watches"
                         : "all directories of container runtimes are watched again"});
  if (std::exchange(left_out_, files_.left_out() > 0) != (files_.left_out() > 0) && left_out_)
    remarks_.push_back({true,
                        "container runtimes keep more files than are followed: some "
                        "containers are without names"});
}

std::vector<Remark> StateFiles::take_remarks() {
  return std::exchange(remarks_, {});
}

}  // namespace hostmeter::source::runtime
