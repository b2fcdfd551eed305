// The programs that attack: copies of attack.cpp's in a directory of root's.
#pragma once
#include <cstdlib>
#include <map>

#include "source/script/lab.hpp"

namespace hostmeter::test {

class Attacker {
 public:
  Attacker() {
    std::string name = "/tmp/hostmeter-attack-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    directory_ = name;
    REQUIRE(::chmod(name.c_str(), 0755) == 0);
    std::filesystem::copy_file(std::getenv("ATTACK"), program());
    REQUIRE(::chmod(program().c_str(), 0755) == 0);
  }
  ~Attacker() { std::filesystem::remove_all(directory_); }
  Attacker(const Attacker&) = delete;
  Attacker& operator=(const Attacker&) = delete;

  const std::filesystem::path& directory() const { return directory_; }
  std::string program() const { return directory_ / "attack"; }

  Run run(ScriptLab& lab, std::vector<std::string> words) const {
    Run run = lab.shell("");
    run.path = program();
    run.argv = std::move(words);
    run.argv.insert(run.argv.begin(), "attack");
    return run;
  }

  // What was tried, and the errno of each; 0: it succeeded.
  static std::map<std::string, int> answers(const Outcome& outcome) {
    REQUIRE(outcome.ended);
    std::map<std::string, int> all;
    std::istringstream in(outcome.out);
    std::string name;
    for (int error = 0; in >> name >> error;) all[name] = error;
    REQUIRE_FALSE(all.empty());
    return all;
  }

 private:
  std::filesystem::path directory_;
};

}  // namespace hostmeter::test
