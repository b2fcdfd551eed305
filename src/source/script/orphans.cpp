#include "source/script/orphans.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/dir.hpp"
#include "base/kernel_file.hpp"
#include "hostmeter/base/text.hpp"
#include "source/script/host_paths.hpp"

namespace hostmeter::source::script {
namespace {

constexpr int kRounds = 64;

void add_descendants(pid_t parent, std::vector<pid_t>& all) {
  for (const pid_t child : children_of(parent)) {
    if (std::find(all.begin(), all.end(), child) != all.end()) continue;
    all.push_back(child);
    add_descendants(child, all);
  }
}

std::vector<pid_t> orphans(std::span<const pid_t> but) {
  std::vector<pid_t> all;
  for (const pid_t child : children_of(::getpid())) {
    if (std::find(but.begin(), but.end(), child) != but.end()) continue;
    all.push_back(child);
    add_descendants(child, all);
  }
  return all;
}

}  // namespace

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> all;
  const std::string tasks = std::string(paths::kProc) + '/' + std::to_string(parent) + "/task";
  const auto dir = base::Dir::open(tasks.c_str());
  const auto threads = dir ? dir->subdirectories() : dir.error();
  if (!threads) return all;
  base::Buffer buffer(4096);
  for (const std::string& thread : *threads) {
    const auto text = base::read_once(dir->fd(), (thread + "/children").c_str(), buffer);
    for (Text rest(text ? *text : std::string_view()); !rest.empty();) {
      const auto pid = rest.number();
      if (pid && *pid > 0) all.push_back(pid_t(*pid));
    }
  }
  return all;
}

void kill_orphans(std::span<const pid_t> but) {
  std::size_t stopped = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto all = orphans(but);
    for (const pid_t pid : all) ::kill(pid, SIGSTOP);
    if (all.size() == stopped) break;
    stopped = all.size();
  }
  for (int round = 0; round < kRounds; ++round) {
    const auto all = orphans(but);
    if (all.empty()) return;
    for (const pid_t pid : all) ::kill(pid, SIGKILL);
    for (const pid_t pid : all) ::waitpid(pid, nullptr, WNOHANG);
    ::usleep(1000);
  }
}

}  // namespace hostmeter::source::script
