// Files of metrics that others leave in a directory for us: NAME.prom, as node_exporter reads them.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/base/clock.hpp"
#include "hostmeter/flow/instances.hpp"
#include "hostmeter/flow/output.hpp"

namespace hostmeter::source::script {

// Prometheus text. A file is read when it has changed. A bad line costs that line, a bad file that
// file; of a name that is no longer there nothing stays.
class TextfileDirectories {
 public:
  struct Options {
    std::vector<std::string> directories;  // absolute, below the root
    std::uint64_t most_age_ns = 0;         // an older file is not shown; 0: none is too old
    std::size_t most_bytes = 4U << 20;     // of a file
    std::size_t most_series = 10'000;      // of a file
    std::size_t most_files = 1'000;        // of all directories
  };
  // numbers: of a producer of its own. Root and clock outlive this.
  TextfileDirectories(const base::Dir& root, const Clock& clock, InstanceIds numbers,
                      Options options);
  TextfileDirectories(const TextfileDirectories&) = delete;

  // Looks at all files: Printed for each that changed or went, and Records of every one. A
  // directory that is not there has no files.
  void read(Output&);

  // What is wrong since the last call that was not before, as sentences with file and line.
  std::vector<std::string> take_complaints();

 private:
  // Enough to see that a file is not what it was.
  struct Version {
    std::uint64_t device = 0, inode = 0, size = 0, mtime_ns = 0, ctime_ns = 0;
    friend bool operator==(const Version&, const Version&) = default;
  };
  struct File {
    Version version;
    bool seen = false;      // in this round
    bool is_shown = false;  // something of it was printed
    std::uint64_t series = 0, bad_lines = 0;
    std::string complaint;  // empty: nothing is wrong
  };

  void read_directory(const std::string& directory, Output&);
  void read_file(int dir_fd, const std::string& name, const std::string& path, Output&);
  void parse(std::string_view text, const std::string& path, File&, Output&);
  void hide(const std::string& path, File&, Output&);
  void complain(const std::string& path, File&, std::string why);
  void send_facts(Output&);

  const base::Dir& root_;
  const Clock& clock_;
  const Options options_;
  InstanceIds numbers_;
  InstanceSet instances_;
  std::map<std::string, File> files_;               // by path
  std::map<std::string, std::string> directories_;  // what is wrong with those that cannot be read
  std::size_t beyond_ = 0;  // files that there was no room for, in this round
  bool said_beyond_ = false;
  std::string text_;
  std::vector<std::string> complaints_;
};

}  // namespace hostmeter::source::script
