// hostmeter record: this host's files, scrubbed, for a bug report or a test.
#include "tool/record/record.hpp"

#include <stdlib.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>

#include "app/commands.hpp"
#include "app/settings.hpp"
#include "app/state_files.hpp"
#include "base/text_tree.hpp"

namespace hostmeter::app {
namespace {

int failed(const std::string& what, const Error& error) {
  std::fprintf(stderr, "%s: %s: %s\n", what.c_str(), std::string(error.what).c_str(),
               std::strerror(error.code));
  return kFailed;
}

void print(const tool::Summary& summary, const std::string& where) {
  std::fprintf(stderr, "%s: %zu files and %zu links, %zu bytes, scrubbed\n", where.c_str(),
               summary.files, summary.links, summary.bytes);
  for (const std::string& path : summary.unreadable)
    std::fprintf(stderr, "not readable: %s\n", path.c_str());
  if (summary.truncated)
    std::fprintf(stderr, "the recording is cut short: this host has more than fits\n");
}

// A directory that goes when we do.
struct Scratch {
  std::string path = std::filesystem::temp_directory_path() / "hostmeter-record-XXXXXX";
  Scratch() {
    if (!::mkdtemp(path.data()))
      throw std::runtime_error(path + ": no temporary directory can be made: set TMPDIR");
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
};

int write_text(const std::string& tree, const std::string& file) {
  const auto text = base::to_text_tree(tree);
  if (!text) return failed(file, text.error());
  std::ofstream out(file, std::ios::binary);
  out << text->text;
  if (!out.flush()) return failed(file, Error{EIO, "write"});
  return kOk;
}

}  // namespace

int record(const Arguments& arguments) {
  source::Host host;
  if (const std::string why = open_host(arguments.paths, host); !why.empty()) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return kFailed;
  }
  const auto scratch = arguments.as_text ? std::make_unique<Scratch>() : nullptr;
  const std::string directory = scratch ? scratch->path + "/host" : arguments.destination;
  const auto loaded = load_settings(arguments);
  const auto* settings = std::get_if<config::Settings>(&loaded);
  const auto runtimes = state_forms(settings ? *settings : config::Settings(), Sockets::ignored);
  const auto summary = tool::record(
      {.root = host.root, .proc = host.proc, .sys = host.sys, .runtimes = runtimes}, directory);
  if (!summary) return failed(directory, summary.error());
  print(*summary, arguments.destination);
  return arguments.as_text ? write_text(directory, arguments.destination) : kOk;
}

}  // namespace hostmeter::app
