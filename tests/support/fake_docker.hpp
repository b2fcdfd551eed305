// An engine that has containers, answers for them and tells of changes.
#pragma once
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "support/fake_engine.hpp"

namespace hostmeter::test {

class FakeDocker {
 public:
  FakeDocker() = default;

  static std::string id(char digit) { return std::string(64, digit); }

  void put(char digit, const std::string& name, const std::string& status = "running") {
    const std::lock_guard lock(mutex_);
    containers_[id(digit)] = R"({"Id":")" + id(digit) + R"(","Name":"/)" + name +
                             R"(","Image":"sha256:1","State":{"Status":")" + status +
                             R"("},"Config":{"Image":"busybox"}})";
  }
  void put_answer(char digit, std::string answer) {
    const std::lock_guard lock(mutex_);
    containers_[id(digit)] = std::move(answer);
  }
  void drop(char digit) {
    const std::lock_guard lock(mutex_);
    containers_.erase(id(digit));
  }
  // Else there is the writable layer of a container "a", and layers of 500 bytes.
  void set_disk(std::string answer) {
    const std::lock_guard lock(mutex_);
    disk_ = std::move(answer);
  }
  // Empty: it manages no swarm, and says so.
  void set_services(std::string services, std::string tasks) {
    const std::lock_guard lock(mutex_);
    services_ = std::move(services);
    tasks_ = std::move(tasks);
  }
  // To everybody who follows, now or later.
  void tell(const std::string& action, char digit, const std::string& type = "container") {
    say(R"({"Type":")" + type + R"(","Action":")" + action + R"(","Actor":{"ID":")" + id(digit) +
        R"("}})" + "\n");
  }
  void say(const std::string& line) {
    const std::lock_guard lock(mutex_);
    told_.push_back(line);
  }
  // What begins with this is not answered any more.
  void hang_at(const std::string& target) {
    const std::lock_guard lock(mutex_);
    hanging_.insert(target);
  }
  // This is answered with that status.
  void refuse_at(const std::string& target, int status) {
    const std::lock_guard lock(mutex_);
    refused_[target] = status;
  }
  void recover() {
    const std::lock_guard lock(mutex_);
    hanging_.clear();
    refused_.clear();
  }

  FakeEngine::Serve serve() {
    return [this](FakeEngine::Connection& peer, const std::string& target) { on(peer, target); };
  }
  // Targets without their version, of everything asked so far that begins with this.
  static std::size_t count(const FakeEngine& engine, const std::string& target) {
    std::size_t found = 0;
    for (const std::string& asked : engine.targets()) found += plain(asked).starts_with(target);
    return found;
  }

  std::atomic<int> disk_answer{200};

 private:
  static std::string plain(const std::string& target) {
    return target.starts_with("/v1.41/") ? target.substr(6) : target;
  }
  bool hangs(const std::string& target) {
    const std::lock_guard lock(mutex_);
    for (const std::string& one : hanging_)
      if (target.starts_with(one)) return true;
    return false;
  }
  int refusal_of(const std::string& target) {
    const std::lock_guard lock(mutex_);
    const auto found = refused_.find(target);
    return found == refused_.end() ? 0 : found->second;
  }
  void on(FakeEngine::Connection& peer, const std::string& asked) {
    const std::string target = plain(asked);
    if (hangs(target)) return peer.hang();
    if (const int status = refusal_of(target)) return peer.answer("{}", status);
    if (target == "/version")
      return peer.answer(R"({"Version":"20.10","ApiVersion":"1.41","MinAPIVersion":"1.12"})");
    if (target == "/info")
      return peer.answer(R"({"Images":3,"MemTotal":1024,"NCPU":2,"NFd":59,"NGoroutines":63,
                                  "NEventsListener":2,"CgroupDriver":"cgroupfs"})");
    for (const auto& [path, list] :
         {std::pair{"/services", &FakeDocker::services_}, {"/tasks", &FakeDocker::tasks_}})
      if (target == path) {
        const std::string answer = copy_of(this->*list);
        return peer.answer(answer, answer.empty() ? 503 : 200);
      }
    if (target == "/system/df") return peer.answer(copy_of(disk_), disk_answer);
    if (target.starts_with("/events")) return stream(peer);
    if (target == "/containers/json?all=1") return peer.answer(list());
    const std::string one = target.substr(12, 64);  // behind "/containers/"
    std::string found;
    {
      const std::lock_guard lock(mutex_);
      if (const auto at = containers_.find(one); at != containers_.end()) found = at->second;
    }
    peer.answer(found.empty() ? "{\"message\":\"none\"}" : found, found.empty() ? 404 : 200);
  }
  std::string copy_of(const std::string& text) {
    const std::lock_guard lock(mutex_);
    return text;
  }
  std::string list() {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (const auto& [id, inspect] : containers_) {
      const bool runs = inspect.find(R"("Status":"running")") != std::string::npos;
      text += (text.empty() ? "" : ",") + ("{\"Id\":\"" + id + "\",\"State\":\"") +
              (runs ? "running" : "exited") + "\"}";
    }
    return "[" + text + "]";
  }
  void stream(FakeEngine::Connection& peer) {
    std::size_t sent = 0;
    {
      const std::lock_guard lock(mutex_);
      sent = told_.size();
    }
    peer.begin_chunks();
    while (peer.is_open_after(5)) {
      std::vector<std::string> lines;
      {
        const std::lock_guard lock(mutex_);
        lines.assign(told_.begin() + std::ptrdiff_t(sent), told_.end());
      }
      sent += lines.size();
      for (const std::string& line : lines) peer.chunk(line);
    }
  }

  std::mutex mutex_;
  std::string services_, tasks_;
  std::string disk_ = R"({"LayersSize":500,"Containers":[{"Id":")" + id('a') + "\"}]}";
  std::map<std::string, std::string> containers_;
  std::vector<std::string> told_;
  std::set<std::string> hanging_;
  std::map<std::string, int> refused_;
};

}  // namespace hostmeter::test
