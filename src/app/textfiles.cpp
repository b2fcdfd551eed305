#include "app/textfiles.hpp"

#include "base/open_file.hpp"
#include "source/script/textfile_follower.hpp"

namespace hostmeter::app {

std::optional<NamedSource> textfiles(const config::Settings& settings, const source::Host& host,
                                     InstanceIds numbers) {
  using source::script::TextfileDirectories;
  using source::script::TextfileFollower;
  const config::Textfile& wanted = settings.textfile;
  if (wanted.directories.empty()) return {};
  return NamedSource{"textfiles",
                     std::make_unique<TextfileFollower>(
                         host.root, *host.clock, std::move(numbers),
                         TextfileDirectories::Options{.directories = wanted.directories,
                                                      .most_age_ns = wanted.max_age_ns},
                         wanted.interval_ns),
                     base::right_to_read()};
}

}  // namespace hostmeter::app
