// What a reader of whole files says of a made-up host: values by "file part name".
#pragma once
#include <bit>
#include <map>
#include <string>
#include <string_view>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

namespace hostmeter::test {

inline std::map<std::string, double> kernel_values(const source::proc::ReaderSpec& spec,
                                                   std::string_view tree) {
  MadeUpHost made_up{std::string(tree)};
  const auto reader = spec.make(made_up.host, {});
  Captured out;
  reader->read({.realtime_ns = 1}, out);
  std::map<std::string, double> all;
  for (const Record& record : out.records)
    for (const NewsItem& item : out.news) {
      const auto* named = std::get_if<NamedInstance>(&item);
      if (named && named->instance == record.instance)
        all[named->values.at(0) + ' ' + named->values.at(2) + ' ' + named->values.at(1)] =
            std::bit_cast<double>(record.value[0]);
    }
  return all;
}

}  // namespace hostmeter::test
