// Mounted filesystems: what is mounted comes from mountinfo, what they say of themselves from the
// threads that ask them.
#include "hostmeter/flow/facts/filesystem.hpp"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include <string>
#include <vector>

#include "base/open_file.hpp"
#include "hostmeter/base/text.hpp"
#include "source/proc/cadence.hpp"
#include "source/proc/mountinfo.hpp"
#include "source/proc/reader_spec.hpp"
#include "source/proc/statfs_workers.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::uint64_t kRereadTicks = 60;
constexpr std::size_t kMostMounts = 4096;

class FilesystemReader final : public Reader {
 public:
  FilesystemReader(Host& host, const Options& options)
      : host_(host),
        fstypes_(options.fstypes),
        mount_points_(options.mount_points),
        workers_(host.live ? options.statfs : nullptr),
        filesystems_(host.instances, kHost),
        infos_(host.instances, kHost) {}

  void read(const Tick& tick, Output& out) override {
    reread_.begin(tick);
    const bool reread = reread_.due() || mounts_changed();
    if (reread) list_mounts(out);
    const bool answered = workers_ && workers_->tick(tick.monotonic_ns);
    if (reread || answered) send_all(out);
  }

 private:
  struct Mount {
    std::string device, fstype, mount_point, major, minor;
    bool read_only = false;
  };

  // The kernel marks mountinfo when a mount comes or goes; a recorded file is never marked.
  bool mounts_changed() {
    if (!watch_) return false;
    pollfd watched{watch_.get(), POLLPRI, 0};
    return ::poll(&watched, 1, 0) == 1 && (watched.revents & (POLLERR | POLLPRI)) != 0;
  }

  // Process 1 has the host's mounts; our own are the same or fewer.
  Result<std::string_view> read_mountinfo() {
    for (const char* path : {"1/mountinfo", "self/mountinfo"}) {
      if (!watch_) watch_ = base::open_file(host_.proc.fd(), path, O_RDONLY);
      auto text = base::read_once(host_.proc.fd(), path, host_.buffer);
      if (text) return text;
      watch_.reset();
    }
    return Error{ENOENT, "mountinfo"};
  }

  void list_mounts(Output& out) {
    mounts_.clear();
    lines_.clear();
    const auto text = read_mountinfo();
    if (!text) failed(text.error());
    for (Text rest(text ? *text : std::string_view()); !rest.empty();) {
      const std::string_view line = rest.line().rest();
      if (line.empty()) continue;
      const auto mount = parse_mountinfo_line(line);
      if (mount)
        lines_.push_back(*mount);
      else
        failed(mount.error());
    }
    drop_hidden_mounts(lines_);
    for (const MountLine& line : lines_) take(line);
    lines_.clear();
    if (workers_) workers_->set_mounts(to_ask());
    send_infos(out);
  }

  void take(const MountLine& line) {
    if (!is_served_type(line.fstype)) return;
    std::string mount_point = decode_octal(line.mount_point);
    if (!mount_points_.passes(mount_point)) return;
    if (mounts_.size() == kMostMounts) return failed({EFBIG, "mountinfo: mounts"});
    mounts_.push_back({decode_octal(line.source), std::string(line.fstype), std::move(mount_point),
                       std::string(line.major), std::string(line.minor), line.read_only});
  }

  // Hosts have thousands of mounts of a few types: each type is asked of the filter once.
  bool is_served_type(std::string_view fstype) {
    for (const Verdict& verdict : verdicts_)
      if (verdict.fstype == fstype) return verdict.served;
    if (verdicts_.size() == kMostTypes) verdicts_.clear();
    verdicts_.push_back({std::string(fstype), fstypes_.passes(fstype)});
    return verdicts_.back().served;
  }

  std::vector<StatfsWorkers::Mount> to_ask() const {
    std::vector<StatfsWorkers::Mount> all;
    for (const Mount& mount : mounts_)
      all.push_back({mount.mount_point,
                     device_number(*Text::to_number(mount.major), *Text::to_number(mount.minor))});
    return all;
  }

  void send_infos(Output& out) {
    Facts<MountInfo> one;
    one.set(MountInfo::info, 1);
    infos_.begin();
    for (const Mount& mount : mounts_)
      out.send(kHost, one,
               infos_.get(out, mount.device, mount.major, mount.minor, mount.mount_point));
    infos_.end(out);
  }

  void send_all(Output& out) {
    if (workers_) workers_->look(seen_);
    filesystems_.begin();
    for (std::size_t i = 0; i < mounts_.size(); ++i) {
      const Mount& mount = mounts_[i];
      const StatfsWorkers::Seen seen = workers_ ? seen_[i] : StatfsWorkers::Seen{};
      Facts<Filesystem> facts;
      facts.set(Filesystem::read_only, mount.read_only ? 1 : 0);
      fill(facts, seen);
      out.send(kHost, facts,
               filesystems_.get(out, mount.device, why(seen), mount.fstype, mount.mount_point));
    }
    filesystems_.end(out);
  }

  static void fill(Facts<Filesystem>& facts, const StatfsWorkers::Seen& seen) {
    if (seen.state == StatfsWorkers::State::unknown) return;
    const bool answered = seen.state == StatfsWorkers::State::answered;
    facts.set(Filesystem::device_error, answered ? 0 : 1);
    if (!answered) return;
    facts.set(Filesystem::size_bytes, seen.answer.size);
    facts.set(Filesystem::free_bytes, seen.answer.free);
    facts.set(Filesystem::avail_bytes, seen.answer.avail);
    facts.set(Filesystem::files, seen.answer.files);
    facts.set(Filesystem::files_free, seen.answer.files_free);
  }

  // The label device_error; empty when all is well.
  static std::string_view why(const StatfsWorkers::Seen& seen) {
    switch (seen.state) {
      case StatfsWorkers::State::hung:
        return "hung";
      case StatfsWorkers::State::stale:
        return "stale";
      case StatfsWorkers::State::refused: {
        if (seen.error == StatfsWorkers::kElsewhere) return "not mounted here";
        const char* text = ::strerrordesc_np(seen.error);
        return text ? text : "unknown error";
      }
      default:
        return {};
    }
  }

  static constexpr std::size_t kMostTypes = 64;
  struct Verdict {
    std::string fstype;
    bool served = false;
  };

  Host& host_;
  base::GlobFilter fstypes_, mount_points_;
  std::shared_ptr<StatfsWorkers> workers_;
  Cadence reread_{kRereadTicks};
  base::UniqueFd watch_;
  InstanceSet filesystems_, infos_;
  std::vector<Mount> mounts_;
  std::vector<MountLine> lines_;  // only while mountinfo is read: views into the buffer
  std::vector<Verdict> verdicts_;
  std::vector<StatfsWorkers::Seen> seen_;
};

}  // namespace

extern const ReaderSpec filesystem{
    "filesystem", [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
      return std::make_unique<FilesystemReader>(host, options);
    }};

}  // namespace hostmeter::source::proc
