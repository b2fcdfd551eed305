// Cgroups of our own in every hierarchy of this machine, and a reader of their lives.
#pragma once
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "counting_lab.hpp"
#include "hostmeter/base/text.hpp"
#include "source/bpf/hierarchy_numbers.hpp"
#include "source/bpf/life_reader.hpp"
#include "source/cgroup/tree.hpp"

namespace hostmeter::test {

// A directory of the test's own below each hierarchy's root, and what is made in it.
class RealDirectories {
 public:
  explicit RealDirectories(std::string_view what)
      : host(live_host()),
        hierarchies(source::cgroup::Hierarchies::discover(host)),
        top_("/hostmeter-" + std::string(what) + "-" + std::to_string(::getpid())) {
    for (const auto& hierarchy : hierarchies.all())
      roots_.emplace_back(hierarchy.mount.mount_point);
    make("");
  }
  ~RealDirectories() {
    for (const auto& root : roots_) remove_tree(root.string() + top_);
  }
  RealDirectories(const RealDirectories&) = delete;

  // Answers with the path below the hierarchies' roots.
  std::string make(const std::string& below) const {
    const std::string path = below.empty() ? top_ : top_ + "/" + below;
    for (std::size_t h = 0; h < roots_.size(); ++h) {
      const std::filesystem::path directory = roots_[h].string() + path;
      if (hierarchies.is_v2(h))
        std::ofstream(directory.parent_path() / "cgroup.subtree_control")
            << enabled_controllers(directory.parent_path());
      std::filesystem::create_directory(directory);
    }
    return path;
  }
  // Its last process may still be on its way out.
  void remove(const std::string& path) const {
    for (const auto& root : roots_)
      for (int tries = 0; tries < 200 && ::rmdir((root.string() + path).c_str()) != 0; ++tries) {
        if (errno == ENOENT) break;
        ::usleep(5'000);
      }
  }
  std::filesystem::path file(source::cgroup::Controller controller, const std::string& path,
                             std::string_view v1, std::string_view v2) const {
    const auto at = *hierarchies.of(controller);
    return roots_[at].string() + path + "/" + std::string(hierarchies.is_v2(at) ? v2 : v1);
  }
  const std::vector<std::filesystem::path>& roots() const { return roots_; }

  source::Host host;
  source::cgroup::Hierarchies hierarchies;

 private:
  // Those that are to be had and that v2 lets us enable here.
  static std::string enabled_controllers(const std::filesystem::path& directory) {
    std::string wanted, controller;
    std::ifstream all(directory / "cgroup.controllers");
    while (all >> controller)
      if (controller == "cpu" || controller == "memory" || controller == "io" ||
          controller == "pids")
        wanted += "+" + controller + " ";
    return wanted;
  }
  static void remove_tree(const std::filesystem::path& top) {
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(top, failure))
      if (entry.is_directory()) remove_tree(entry.path());
    ::rmdir(top.c_str());
  }

  std::vector<std::filesystem::path> roots_;
  std::string top_;
};

class LifeLab : public RealDirectories {
 public:
  explicit LifeLab(source::bpf::LifeOptions options = {}) : RealDirectories("life") {
    const auto numbers = source::bpf::hierarchy_numbers(host, hierarchies);
    counted_ = *hierarchies.of(source::cgroup::Controller::cpuacct);
    std::string said;  // by the verifier
    options.log = [&](std::string_view line) { said.append(line).append("\n"); };
    auto object = source::bpf::LifeObject::load(host, *numbers, counted_, options);
    if (!object) FAIL(said << object.error().what);
    table_ = object->get();
    std::vector<source::bpf::LifeEvents::Hierarchy> known;
    for (const std::uint32_t number : *numbers) known.push_back({number, {}});
    reader = std::make_unique<source::bpf::LifeReader>(
        host, tree, std::move(known),
        source::bpf::LifeReader::Where{counted_,
                                       hierarchies.of(source::cgroup::Controller::memory)},
        std::move(*object));
  }

  void tick() {
    out.clear();
    const base::SystemClock clock;
    ++now.number;
    now.realtime_ns = clock.realtime_ns();
    now.monotonic_ns = clock.monotonic_ns();
    tree.read(now, out);
    reader->read(now, out);
  }

  // Work in a process of its own inside the cgroup. True when it says so.
  template <class Work>
  bool run(const std::string& path, Work work) const {
    const pid_t child = ::fork();
    if (child == 0) {
      for (const auto& root : roots())
        std::ofstream(root.string() + path + "/cgroup.procs") << ::getpid() << std::flush;
      ::_exit(work() ? 0 : 1);
    }
    int status = 1;
    ::waitpid(child, &status, 0);
    return status == 0;
  }

  bool limit_memory(const std::string& path, std::uint64_t bytes) const {
    const auto file =
        this->file(source::cgroup::Controller::memory, path, "memory.limit_in_bytes", "memory.max");
    std::ofstream(this->file(source::cgroup::Controller::memory, path,
                             "memory.memsw.limit_in_bytes", "memory.swap.max"))
        << 0 << std::flush;
    return bool(std::ofstream(file) << bytes << std::flush);
  }

  std::uint64_t cpu_unit() const { return hierarchies.is_v2(counted_) ? 1000 : 1; }
  std::uint64_t cpu_ns(const std::string& path) const {
    using source::cgroup::Controller;
    std::ifstream in(file(Controller::cpuacct, path, "cpuacct.usage", "cpu.stat"));
    std::string name;
    if (hierarchies.is_v2(counted_)) in >> name;  // "usage_usec"
    std::uint64_t value = 0;
    in >> value;
    return value * cpu_unit();
  }
  // 0: this kernel has no such file.
  std::uint64_t memory_peak(const std::string& path) const {
    std::uint64_t value = 0;
    std::ifstream(file(source::cgroup::Controller::memory, path, "memory.max_usage_in_bytes",
                       "memory.peak")) >>
        value;
    return value;
  }
  std::filesystem::path counted_directory(const std::string& path) const {
    return roots()[counted_].string() + path;
  }
  std::uint64_t id(const std::string& path) const {
    struct stat status {};
    return ::stat(counted_directory(path).c_str(), &status) == 0 ? status.st_ino : 0;
  }
  static std::string own_name() {
    std::string name;
    std::getline(std::ifstream("/proc/self/comm"), name);
    return name;
  }

  Subject born(std::string_view path) const {
    Subject subject = kHost;
    for (const NewsItem& item : out.news)
      if (const auto* born = std::get_if<Born>(&item))
        if (born->path == path) subject = born->subject;
    return subject;
  }
  bool was_gone(Subject subject) const {
    return std::ranges::any_of(out.news, [&](const NewsItem& item) {
      const auto* gone = std::get_if<Gone>(&item);
      return gone && gone->subject == subject;
    });
  }
  template <class Field>
  std::uint64_t value(Field field, Subject subject) const {
    return out.value(field, subject).value_or(~std::uint64_t{0});
  }
  // Of a cgroup; 0: of all that are not there any more.
  std::size_t rows_of(std::uint64_t cgroup_id) const {
    const auto rows = table_->processes();
    REQUIRE(rows);
    std::size_t count = 0;
    for (const auto& row : *rows)
      count += cgroup_id != 0 ? row.cgroup_id == cgroup_id
                              : tree.by_kernfs_id(counted_, row.cgroup_id) == nullptr;
    return count;
  }
  source::bpf::LifeObject& table() const { return *table_; }

  source::cgroup::Tree tree{host, hierarchies, {.linger_ns = 90'000'000'000}};
  Captured out;
  source::Tick now{.number = 0};
  std::unique_ptr<source::bpf::LifeReader> reader;

 private:
  std::size_t counted_ = 0;
  source::bpf::LifeObject* table_ = nullptr;
};

}  // namespace hostmeter::test
