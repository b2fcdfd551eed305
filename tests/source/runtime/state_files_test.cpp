#include "source/runtime/state_files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/clock.hpp"
#include "hostmeter/flow/facts/tick.hpp"
#include "support/captured.hpp"
#include "support/fake_clock.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;
namespace fs = std::filesystem;

namespace {

const std::string kApp(64, 'a'), kPause(64, 'b');
constexpr const char* kState = "run/containerd/io.containerd.runtime.v2.task/";

std::string cri(std::string_view type, std::string_view container) {
  return R"({"annotations":{"io.kubernetes.cri.container-type":")" + std::string(type) +
         R"(","io.kubernetes.cri.container-name":")" + std::string(container) +
         R"(","io.kubernetes.cri.image-name":"bb:1","io.kubernetes.cri.sandbox-name":"web",)"
         R"("io.kubernetes.cri.sandbox-namespace":"shop","io.kubernetes.cri.sandbox-uid":"uid"}})";
}

std::vector<StateForm> usual_forms() {
  std::vector<StateForm> all;
  for (const auto& forms :
       {containerd_forms("run/containerd"), crio_forms("run/containers/storage"),
        kubelet_forms("var/log"), nspawn_forms("run/systemd/machines"), lxc_forms("var/lib/lxc"),
        docker_forms("var/lib/docker", "run/docker.sock"),
        podman_forms("var/lib/containers/storage", "run/podman/podman.sock")})
    all.insert(all.end(), forms.begin(), forms.end());
  return all;
}

struct Lab {
  explicit Lab(std::string_view text, source::FollowedFiles::Limits limits = {})
      : tree(text),
        root(std::move(*base::Dir::open(tree.root().c_str()))),
        files(root, clock, InstanceIds(3),
              {.forms = usual_forms(), .limits = limits, .longest_wait_ns = 0}) {}

  // What a call tells, as "+id name image namespace/pod/container", "-id", "up RUNTIME".
  std::vector<std::string> follow(bool resend = false) {
    out.clear();
    files.follow(out, resend);
    std::vector<std::string> lines;
    for (const NewsItem& item : out.news) {
      if (const auto* described = std::get_if<Described>(&item)) {
        const Description& who = described->description;
        lines.push_back('+' + who.container_id.substr(0, 8) + ' ' + who.name.substr(0, 8) + ' ' +
                        who.image + ' ' + who.pod_namespace + '/' + who.pod + '/' +
                        who.pod_container);
      }
      if (const auto* gone = std::get_if<Undescribed>(&item))
        lines.push_back('-' + gone->container_id.substr(0, 8));
      if (const auto* up = std::get_if<RuntimeUp>(&item))
        lines.push_back((up->up ? "up " : "down ") + std::string(to_string(up->runtime)));
    }
    return lines;
  }
  void make(const std::string& path, std::string_view text) const {
    fs::create_directories((tree.root() / path).parent_path());
    tree.write(path, text);
  }
  void bundle(const std::string& name, std::string_view text) const {
    make(kState + name + "/config.json", text);
  }

  test::Tree tree;
  base::Dir root;
  test::FakeClock clock;
  test::Captured out;
  StateFiles files;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("the first call tells all there is, of every runtime") {
  Lab lab(
      "-- run/systemd/machines/n1 --\nNAME=n1\nSCOPE=nsp1.service\nCLASS=container\n"
      "-- var/lib/lxc/c1/config --\nlxc.uts.name = c1\n"
      "-- var/log/pods/shop_web_uid/app/0.log --\n");
  lab.bundle("k8s.io/" + kApp, cri("container", "app"));
  lab.bundle("k8s.io/" + kPause, cri("sandbox", ""));
  lab.bundle("moby/" + kApp, "{}");
  lab.bundle("default/ctr", R"({"annotations":{"team":"infra"}})");
  CHECK(lab.follow() == Lines{"+ctr ctr  //", "+aaaaaaaa aaaaaaaa bb:1 shop/web/app",
                              "+bbbbbbbb bbbbbbbb  shop/web/", "+uid   shop/web/", "+nsp1 n1  //",
                              "+c1 c1  //", "up containerd", "up lxc", "up systemd-nspawn"});
  CHECK(lab.follow().empty());
}

TEST_CASE("a container that comes and goes is told twice") {
  Lab lab("-- run/containerd/io.containerd.runtime.v2.task/ --\n");
  CHECK(lab.follow() == Lines{"up containerd"});
  lab.bundle("k8s.io/" + kApp, cri("container", "app"));
  CHECK(lab.follow() == Lines{"+aaaaaaaa aaaaaaaa bb:1 shop/web/app"});
  fs::remove_all(lab.tree.root() / kState / "k8s.io" / kApp);
  CHECK(lab.follow() == Lines{"-aaaaaaaa"});
  fs::remove_all(lab.tree.root() / "run/containerd");
  CHECK(lab.follow() == Lines{"down containerd"});
}

TEST_CASE("a bundle is read once, and then nothing is read") {
  Lab lab("-- run/ --\n");
  lab.bundle("k8s.io/" + kApp, cri("container", "app"));
  lab.follow();
  CHECK(lab.files.files_read() == 1);
  for (int i = 0; i < 10; ++i) {
    lab.bundle("k8s.io/" + kApp + "/work", "noise");
    lab.clock.monotonic += 1'000'000'000;
    CHECK(lab.follow().empty());
  }
  CHECK(lab.files.files_read() == 1);
}

TEST_CASE("a config that is not whole yet is read again until it is") {
  Lab lab("-- run/ --\n");
  const std::string whole = cri("container", "app");
  lab.bundle("k8s.io/" + kApp, whole.substr(0, 40));
  CHECK(lab.follow() == Lines{"up containerd"});
  CHECK(lab.follow().empty());
  CHECK(lab.files.files_read() == 1);  // not before it is time
  {
    std::ofstream file(lab.tree.root() / kState / "k8s.io" / kApp / "config.json", std::ios::app);
    file << whole.substr(40) << std::flush;
    lab.clock.monotonic += 60'000'000;
    CHECK(lab.follow() == Lines{"+aaaaaaaa aaaaaaaa bb:1 shop/web/app"});
  }
  CHECK(lab.files.parse_errors() == 0);
  CHECK(lab.files.take_remarks().empty());
}

TEST_CASE("a damaged file is tried a few times, counted once and named") {
  Lab lab("-- run/ --\n");
  lab.bundle("k8s.io/" + kApp, "{");
  lab.bundle("k8s.io/" + kPause, cri("sandbox", ""));
  CHECK(lab.follow() == Lines{"+bbbbbbbb bbbbbbbb  shop/web/", "up containerd"});
  for (int i = 0; i < 20; ++i) {
    lab.clock.monotonic += 5'000'000'000;
    lab.follow();
  }
  CHECK(lab.files.files_read() == 2 + StateFiles::kMostTries);
  CHECK(lab.files.parse_errors() == 1);
  const auto remarks = lab.files.take_remarks();
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].is_trouble);
  CHECK(remarks[0].what == "/" + std::string(kState) + "k8s.io/" + kApp +
                               "/config.json does not tell who its container is: it is damaged");
  lab.bundle("k8s.io/" + kApp, cri("container", "app"));  // mended
  CHECK(lab.follow() == Lines{"+aaaaaaaa aaaaaaaa bb:1 shop/web/app"});
}

TEST_CASE("errors are counted in a record, and sent again when it was lost") {
  Lab lab("-- run/ --\n");
  lab.bundle("k8s.io/" + kApp, std::string(5U << 20, ' '));
  lab.follow();
  const Instance self = lab.out.instance("runtime_files");
  CHECK(self != 0);
  CHECK(lab.out.value(ReaderField::parse_errors, kHost, self) == 1);
  CHECK(lab.out.value(ReaderField::mode_file, kHost, self) == 1);
  lab.follow();
  CHECK(lab.out.records.empty());
  lab.follow(true);
  CHECK(lab.out.value(ReaderField::parse_errors, kHost, self) == 1);
}

TEST_CASE("a pipe, a directory or a loop in place of a file harms nobody") {
  Lab lab("-- run/ --\n");
  lab.bundle("k8s.io/" + kPause, cri("sandbox", ""));
  fs::create_directories(lab.tree.root() / kState / "k8s.io" / kApp);
  REQUIRE(::mkfifo((lab.tree.root() / kState / "k8s.io" / kApp / "config.json").c_str(), 0600) ==
          0);
  fs::create_directories(lab.tree.root() / kState / "default/dir/config.json");
  fs::create_directories(lab.tree.root() / kState / "default/loop");
  fs::create_symlink("config.json", lab.tree.root() / kState / "default/loop/config.json");
  CHECK(lab.follow() == Lines{"+bbbbbbbb bbbbbbbb  shop/web/", "up containerd"});
}

TEST_CASE("the kubelet's links name containers, too") {
  Lab lab("-- var/log/containers/ --\n-- var/log/pods/ --\n");
  lab.follow();
  fs::create_symlink("/var/log/pods/shop_web_uid/app/0.log",
                     lab.tree.root() / "var/log/containers" / ("web_shop_app-" + kApp + ".log"));
  CHECK(lab.follow() == Lines{"+aaaaaaaa aaaaaaaa  shop/web/app"});
  fs::remove(lab.tree.root() / "var/log/containers" / ("web_shop_app-" + kApp + ".log"));
  CHECK(lab.follow() == Lines{"-aaaaaaaa"});
}

TEST_CASE("without watches files are looked for every ten seconds, and that is said") {
  Lab lab("-- run/containerd/io.containerd.runtime.v2.task/k8s.io/ --\n",
          {.watches = 0, .entries = 1'000});
  lab.follow();
  const auto remarks = lab.files.take_remarks();
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].is_trouble);
  lab.bundle("k8s.io/" + kApp, cri("container", "app"));
  CHECK(lab.follow().empty());
  lab.clock.monotonic += StateFiles::kShortOfWatchesNs;
  CHECK(lab.follow() == Lines{"+aaaaaaaa aaaaaaaa bb:1 shop/web/app"});
  CHECK(lab.files.take_remarks().empty());
}

TEST_CASE("files of an engine speak while it has no socket") {
  constexpr const char* kFile = "var/lib/docker/containers/c0/config.v2.json";
  Lab lab(
      "-- run/docker.sock --\n-- var/lib/docker/containers/ --\n"
      "-- var/lib/containers/storage/overlay-containers/containers.json --\n"
      "[{\"id\":\"p0\",\"names\":[\"pod\"],\"image\":\"i\"}]\n");
  lab.make(kFile, R"({"ID":"c0","Name":"/web","Config":{"Image":"bb:1"}})");
  CHECK(lab.follow() == Lines{"+p0 pod i //"});
  fs::remove(lab.tree.root() / "run/docker.sock");
  CHECK(lab.follow() == Lines{"+c0 web bb:1 //"});
  lab.make("var/lib/docker/containers/c0/.tmp", R"({"ID":"c0","Name":"/renamed"})");
  fs::rename(lab.tree.root() / "var/lib/docker/containers/c0/.tmp", lab.tree.root() / kFile);
  CHECK(lab.follow() == Lines{"+c0 renamed  //"});
  const std::uint64_t before = lab.files.files_read();
  lab.make("run/docker.sock", "");
  CHECK(lab.follow().empty());  // not taken back: the engine says the same
  lab.make(kFile, R"({"ID":"c0","Name":"/again"})");
  CHECK(lab.follow().empty());
  CHECK(lab.files.files_read() == before);
  fs::remove(lab.tree.root() / "run/docker.sock");
  CHECK(lab.follow() == Lines{"+c0 again  //"});
}

TEST_CASE("a call waits for a change, and an interruption ends it") {
  const test::Tree tree("-- run/containerd/io.containerd.runtime.v2.task/k8s.io/ --\n");
  const auto root = base::Dir::open(tree.root().c_str());
  const base::SystemClock clock;
  StateFiles files(*root, clock, InstanceIds(3),
                   {.forms = usual_forms(), .longest_wait_ns = 60'000'000'000});
  test::Captured out;
  files.follow(out, false);
  out.clear();
  std::thread maker([&] {
    const fs::path path = tree.root() / kState / "k8s.io" / kApp;
    fs::create_directories(path);
    std::ofstream(path / "config.json") << cri("container", "app");
  });
  files.follow(out, false);
  maker.join();
  CHECK(out.news.size() == 1);
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    files.interrupt();
  });
  files.follow(out, false);
  other.join();
}
