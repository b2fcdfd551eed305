#include "hostmeter/flow/facts/filesystem.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "source/proc/reader_spec.hpp"
#include "source/proc/statfs_workers.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::proc::StatfsAnswer;
using source::proc::StatfsWorkers;

namespace hostmeter::source::proc {
extern const ReaderSpec filesystem;
}

namespace {

constexpr std::string_view kMounts =
    "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
    "2 1 0:5 / /proc rw - proc proc rw\n"
    "3 1 0:9 / /data rw - autofs auto rw\n"
    "4 3 0:50 / /data ro - nfs4 server:/d rw\n"
    "5 1 0:51 / /media/my\\040disk rw - tmpfs tmpfs rw\n"
    "6 1 0:52 / /var/lib/docker/volumes/v rw - ext4 /dev/sdb rw\n"
    "7 1 0:53 / /other rw - tmpfs tmpfs rw\n";

// The instance of a mount point as it stands at the end.
const NamedInstance* mount(const test::Captured& out, std::string_view place,
                           std::size_t labels = 4) {
  const NamedInstance* last = nullptr;
  for (const NewsItem& item : out.news) {
    const auto* named = std::get_if<NamedInstance>(&item);
    const auto* gone = std::get_if<GoneInstance>(&item);
    if (named && named->values.size() == labels && named->values[3] == place &&
        (named->values[2] == "ext4" || named->values[2] == "nfs4" || named->values[2] == "tmpfs"))
      last = named;
    if (gone && last && gone->instance == last->instance) last = nullptr;
  }
  return last;
}

}  // namespace

TEST_CASE("a recorded host shows its mounts without sizes") {
  test::MadeUpHost made_up("-- proc/1/mountinfo --\n" + std::string(kMounts));
  const auto reader = source::proc::filesystem.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  const NamedInstance* data = mount(out, "/data");
  REQUIRE(data);
  CHECK(data->values == std::vector<std::string>{"server:/d", "", "nfs4", "/data"});
  CHECK(out.value(Filesystem::read_only, kHost, data->instance) == 1);
  CHECK_FALSE(out.value(Filesystem::size_bytes, kHost, data->instance));
  CHECK_FALSE(out.value(Filesystem::device_error, kHost, data->instance));
  CHECK(mount(out, "/media/my disk"));
  CHECK_FALSE(mount(out, "/proc"));
  CHECK_FALSE(mount(out, "/var/lib/docker/volumes/v"));
  std::size_t infos = 0;
  for (const NewsItem& item : out.news)
    if (const auto* named = std::get_if<NamedInstance>(&item))
      infos += named->values == std::vector<std::string>{"/dev/sda1", "8", "1", "/"} ? 1 : 0;
  CHECK(infos == 1);

  out.clear();
  reader->read({.number = 2}, out);
  CHECK(out.records.empty());
}

TEST_CASE("our own mounts stand in for those of process 1, a damaged line costs itself") {
  test::MadeUpHost made_up("-- proc/self/mountinfo --\ngarbage\n" + std::string(kMounts));
  const auto reader = source::proc::filesystem.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(mount(out, "/"));
  CHECK(reader->parse_errors() == 1);
}

TEST_CASE("a mount that hangs loses its sizes and says so, and gets them back") {
  test::MadeUpHost made_up("-- proc/1/mountinfo --\n" + std::string(kMounts));
  made_up.host.live = true;
  std::mutex dead;
  const auto workers = std::make_shared<StatfsWorkers>(
      StatfsWorkers::Options{}, [&](const char* path) -> Result<StatfsAnswer> {
        if (std::string_view(path) == "/data") const std::lock_guard wait(dead);
        if (std::string_view(path) == "/other")
          return StatfsAnswer{100, 50, 40, 10, 5, {{.device = 1, .mount_id = 0}}};
        if (std::string_view(path) == "/media/my disk") return Error{EACCES, "statfs"};
        return StatfsAnswer{100, 50, 40, 10, 5};
      });
  source::proc::Options options;
  options.statfs = workers;
  const auto reader = source::proc::filesystem.make(made_up.host, options);
  test::Captured out;
  std::vector<std::thread> threads;
  std::uint64_t now = 1'000'000'000'000;
  const auto tick = [&](std::uint64_t seconds) {
    now += seconds * 1'000'000'000;
    reader->read({.monotonic_ns = now}, out);
    if (workers->start_one()) threads.emplace_back([&] { workers->run(); });
  };
  const auto until = [&](const auto& condition) {
    for (int i = 0; i < 5000 && !condition(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      tick(0);
    }
    return condition();
  };
  const auto is = [&](std::string_view place, std::string_view error) {
    const NamedInstance* found = mount(out, place);
    return found && found->values[1] == error &&
           out.value(Filesystem::device_error, kHost, found->instance) == (error.empty() ? 0 : 1);
  };

  tick(0);
  CHECK(until([&] { return is("/other", "not mounted here"); }));
  CHECK_FALSE(out.value(Filesystem::size_bytes, kHost, mount(out, "/other")->instance));
  CHECK(until([&] { return is("/data", "") && is("/", ""); }));
  CHECK(until([&] { return is("/media/my disk", "Permission denied"); }));
  CHECK(out.value(Filesystem::avail_bytes, kHost, mount(out, "/data")->instance) == 40);

  dead.lock();
  for (int i = 0; i < 60 && !is("/data", "hung"); ++i) {
    tick(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(is("/data", "hung"));
  CHECK_FALSE(out.value(Filesystem::size_bytes, kHost, mount(out, "/data")->instance));
  CHECK(is("/", ""));
  CHECK(out.value(Filesystem::size_bytes, kHost, mount(out, "/")->instance) == 100);

  dead.unlock();
  CHECK(until([&] { return is("/data", ""); }));
  workers->stop();
  for (std::thread& thread : threads) thread.join();
}
