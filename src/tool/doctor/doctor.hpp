// What this kernel and these rights allow, how each group of figures is read, and what to do about
// each "no": for a person, or as JSON.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace hostmeter::tool {

struct Diagnosis {
  // A right or a feature of the kernel.
  struct Answer {
    std::string name, serves;
    bool yes = true;
    std::string why{}, mend{};  // of a no
  };
  struct Reader {
    std::string name, mode;
    std::string why{}, mend{};  // where another way would be better
    std::uint64_t errors = 0;   // values that could not be read, or made no sense
  };
  struct Walk {
    std::string name;           // where the hierarchy is mounted
    std::string rung, flush{};  // flush: empty where nothing is to be summed up before
  };
  struct Note {
    std::string what, mend;
  };
  std::string version, kernel, cgroups;
  std::vector<Answer> rights, features;
  std::vector<Answer> sandbox{};  // of scripts; empty: none is run
  std::vector<Reader> readers;
  std::vector<Walk> walks{};
  std::vector<Note> notes;
};

std::string table(const Diagnosis&);
std::string json(const Diagnosis&);

}  // namespace hostmeter::tool
