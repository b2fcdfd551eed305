// Reads what a script printed as the agent does, and complains like it: strict <OUTPUT.
#include <cstdio>
#include <string>

#include "parse/families.hpp"

int main() {
  using namespace hostmeter;
  using namespace hostmeter::parse;
  std::string text;
  char part[4096];
  while (const std::size_t size = std::fread(part, 1, sizeof part, stdin)) text.append(part, size);

  FamilyBuilder families(Dialect::prometheus, 100'000);
  ExpositionParser(Dialect::prometheus).parse(text, families);
  for (const Complaint& complaint : families.complaints())
    std::printf("line %zu: %.*s\n", complaint.line, int(complaint.why.size()),
                complaint.why.data());
  bool whole = families.bad_lines() == 0 && families.beyond_limit() == 0;
  for (const MetricFamily& family : families.take())
    if (family.help.empty() || family.type == MetricType::unknown) {
      std::printf("%s has no help or no type\n", family.name.c_str());
      whole = false;
    }
  return whole ? 0 : 1;
}
