// How many processes are in which state: a look at /proc/PID/stat of each.
#include "source/proc/processes.hpp"

#include <array>
#include <cstdio>

#include "base/capabilities.hpp"
#include "hostmeter/base/text.hpp"
#include "source/proc/listing.hpp"
#include "source/proc/numbers.hpp"
#include "source/proc/reader_spec.hpp"
#include "source/proc/survey.hpp"

namespace hostmeter::source::proc {

Result<ProcessStat> parse_process_stat(std::string_view text) {
  constexpr std::size_t kBetween = 16;            // fields from the state to the number of threads
  const std::size_t name_ends = text.rfind(')');  // names may have blanks and parentheses
  if (name_ends == std::string_view::npos) return Error{EBADMSG, "process: name"};
  Text words = Text(text.substr(name_ends + 1)).line();
  const std::string_view state = words.word();
  if (state.size() != 1) return Error{EBADMSG, "process: state"};
  for (std::size_t i = 0; i < kBetween; ++i) words.word();
  const auto threads = words.number();
  if (!threads) return Error{EBADMSG, "process: threads"};
  return ProcessStat{state.front(), *threads};
}

Processes field_of_state(char letter) {
  constexpr struct {
    char letter;
    Processes field;
  } kStates[] = {
      {'S', Processes::sleeping}, {'I', Processes::idle},    {'R', Processes::running},
      {'D', Processes::blocked},  {'Z', Processes::zombies}, {'T', Processes::stopped},
      {'t', Processes::traced},   {'X', Processes::dead},    {'W', Processes::paging},
      {'P', Processes::parked},
  };
  for (const auto& state : kStates)
    if (state.letter == letter) return state.field;
  return Processes::unknown;
}

namespace {

class ProcessSurvey final : public Survey<Processes> {
 public:
  static constexpr std::uint64_t kFew = 2'000;  // some 20 ms

  explicit ProcessSurvey(const Host& host) : proc_(share(host.proc)), is_live_(host.live) {}

  // "0.10 0.20 0.30 2/345 678": of 345 tasks, of which each process has one.
  bool is_brief(Host& host) const override {
    const auto text = base::read_once(host.proc.fd(), "loadavg", host.buffer);
    if (!text) return false;
    Text words(*text);
    for (int i = 0; i < 3; ++i) words.word();
    Text tasks(words.word());
    tasks.until('/');
    const auto all = tasks.number();
    return all && *all <= kFew;
  }

 private:
  struct Count {
    std::array<std::uint64_t, std::size_t(Processes::count)> of{};
    bool has_first = false;  // process 1, which every /proc has that hides none
    Error error{};
    std::uint64_t& operator[](Processes field) { return of[std::size_t(field)]; }
  };

  Result<Facts<Processes>> look(base::Buffer& buffer) override {
    // A /proc that is mounted with hidepid= shows all only to who may trace all.
    const base::Raised rights({CAP_SYS_PTRACE});
    Count count;
    const auto listed = list_names(proc_->fd(), ".", [&](std::string_view name) {
      if (name.front() >= '0' && name.front() <= '9') look_at(name, buffer, count);
    });
    if (!listed) return listed.error();
    if (count.error.code != 0) return count.error;
    if (!count.has_first)
      return Error{is_live_ && count[Processes::total] > 0 ? EACCES : ENOENT, "processes: hidden"};
    Facts<Processes> facts;
    for (std::size_t i = 0; i <= std::size_t(Processes::threads); ++i)
      facts.set(Processes(i), count.of[i]);
    facts.set(Processes::max_processes, limit("sys/kernel/pid_max", buffer));
    facts.set(Processes::max_threads, limit("sys/kernel/threads-max", buffer));
    return facts;
  }

  // One that has ended meanwhile is none.
  void look_at(std::string_view pid, base::Buffer& buffer, Count& count) const {
    std::array<char, 40> path{};
    std::snprintf(path.data(), path.size(), "%.*s/stat", int(pid.size()), pid.data());
    const auto text = base::read_once(proc_->fd(), path.data(), buffer);
    if (!text && (is_gone(text.error()) || text.error().code == ESRCH)) return;
    const auto stat = text ? parse_process_stat(*text) : text.error();
    if (!stat) {
      count.error = stat.error();
      return;
    }
    ++count[field_of_state(stat->state)];
    ++count[Processes::total];
    count[Processes::threads] += stat->threads;
    count.has_first |= pid == "1";
  }

  std::optional<std::uint64_t> limit(const char* file, base::Buffer& buffer) const {
    const auto text = base::read_once(proc_->fd(), file, buffer);
    const auto number = text ? parse_single_number(*text) : text.error();
    return number ? std::optional(*number) : std::nullopt;
  }

  const std::shared_ptr<const base::Dir> proc_;
  const bool is_live_;
};

}  // namespace

extern const ReaderSpec processes{
    "processes",
    [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
      return std::make_unique<SurveyReader<Processes>>(host, options.moments("processes"),
                                                       options.surveys,
                                                       std::make_shared<ProcessSurvey>(host));
    },
    When::asked};

}  // namespace hostmeter::source::proc
