// What a function prints.
#pragma once
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

namespace hostmeter::test {

// Runs what() with stdout going to a file and returns what came.
template <class What>
std::string captured_stdout(What&& what) {
  std::string path = "/tmp/hostmeter-stdout-XXXXXX";
  const int file = ::mkstemp(path.data());
  std::fflush(stdout);
  const int before = ::dup(STDOUT_FILENO);
  ::dup2(file, STDOUT_FILENO);
  what();
  std::fflush(stdout);
  ::dup2(before, STDOUT_FILENO);
  ::close(before);
  ::close(file);
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  ::unlink(path.c_str());
  return text.str();
}

}  // namespace hostmeter::test
