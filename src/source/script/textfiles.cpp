#include "source/script/textfiles.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "hostmeter/flow/facts/textfile.hpp"
#include "parse/families.hpp"
#include "source/script/open_textfile.hpp"

namespace hostmeter::source::script {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

std::uint64_t ns_of(const timespec& time) {
  return time.tv_sec < 0 ? 0
                         : std::uint64_t(time.tv_sec) * kNsPerSecond + std::uint64_t(time.tv_nsec);
}

// False: errno says why. EFBIG: it has more than `most` bytes.
bool read_all(int file, std::size_t most, std::string& text) {
  text.clear();
  for (;;) {
    const std::size_t had = text.size();
    if (had > most) return errno = EFBIG, false;
    text.resize(had + (64U << 10));
    const ssize_t got = ::read(file, text.data() + had, text.size() - had);
    text.resize(had + std::size_t(got < 0 ? 0 : got));
    if (got <= 0) return got == 0;
  }
}

std::string reason(const Error& error) {
  const bool is_ours = error.code == EXDEV || error.code == EINVAL || error.code == EPERM;
  return is_ours ? std::string(error.what) : std::strerror(error.code);
}

std::string at_line(const parse::Complaint& complaint, std::size_t others) {
  std::string text = "line " + std::to_string(complaint.line) + ": " + std::string(complaint.why);
  if (others > 0) text += ", and " + std::to_string(others) + " more bad lines";
  return text;
}

}  // namespace

TextfileDirectories::TextfileDirectories(const base::Dir& root, const Clock& clock,
                                         InstanceIds numbers, Options options)
    : root_(root),
      clock_(clock),
      options_(std::move(options)),
      numbers_(std::move(numbers)),
      instances_(numbers_, kHost) {}

void TextfileDirectories::read(Output& out) {
  beyond_ = 0;
  for (const std::string& directory : options_.directories) read_directory(directory, out);
  for (auto file = files_.begin(); file != files_.end();) {
    if (std::exchange(file->second.seen, false)) {
      ++file;
      continue;
    }
    hide(file->first, file->second, out);
    file = files_.erase(file);
  }
  if (beyond_ > 0 && !said_beyond_)
    complaints_.push_back("of the text files " + std::to_string(beyond_) +
                          " are left out: there are more than " +
                          std::to_string(options_.most_files));
  said_beyond_ = beyond_ > 0;
  text_ = {};
  send_facts(out);
}

std::vector<std::string> TextfileDirectories::take_complaints() {
  return std::exchange(complaints_, {});
}

void TextfileDirectories::read_directory(const std::string& directory, Output& out) {
  const auto dir = base::Dir::open_in_root(root_.fd(), directory.c_str());
  const auto names = dir ? dir->entries() : Result<std::vector<std::string>>(dir.error());
  if (!names) {
    const std::string why = is_gone(names.error()) ? "" : std::strerror(names.error().code);
    std::string& known = directories_[directory];
    if (known != why && !why.empty())
      complaints_.push_back("the directory of text files " + directory + " cannot be read: " + why);
    known = why;
    return;
  }
  directories_.erase(directory);
  for (const std::string& name : *names)
    if (name.ends_with(".prom") && !name.starts_with("."))
      read_file(dir->fd(), name, directory + "/" + name, out);
}

void TextfileDirectories::read_file(int dir_fd, const std::string& name, const std::string& path,
                                    Output& out) {
  if (!files_.contains(path) && files_.size() >= options_.most_files) {
    ++beyond_;
    return;
  }
  const auto opened = open_textfile(dir_fd, name.c_str());
  if (!opened && opened.error().code == ENOENT) return;  // it went just now
  File& file = files_[path];
  file.seen = true;
  struct stat is {};
  if (!opened || ::fstat(opened->get(), &is) != 0) {
    file.version = {};
    hide(path, file, out);
    return complain(path, file, opened ? std::strerror(errno) : reason(opened.error()));
  }
  const Version version{is.st_dev, is.st_ino, std::uint64_t(is.st_size), ns_of(is.st_mtim),
                        ns_of(is.st_ctim)};
  const std::uint64_t now = clock_.realtime_ns();
  if (options_.most_age_ns != 0 && now > version.mtime_ns &&
      now - version.mtime_ns > options_.most_age_ns) {
    file.version = {};
    hide(path, file, out);
    return complain(path, file, "it is older than it may be");
  }
  if (std::exchange(file.version, version) == version) return;
  if (!read_all(opened->get(), options_.most_bytes, text_)) {
    const std::string why = errno == EFBIG ? "it is too large" : std::strerror(errno);
    hide(path, file, out);
    return complain(path, file, why);
  }
  parse(text_, path, file, out);
}

void TextfileDirectories::parse(std::string_view text, const std::string& path, File& file,
                                Output& out) {
  parse::FamilyBuilder builder(parse::Dialect::prometheus, options_.most_series);
  parse::ExpositionParser(parse::Dialect::prometheus).parse(text, builder);
  file.series = builder.series();
  file.bad_lines = builder.bad_lines();
  std::vector<MetricFamily> families = parse::in_text_format(builder.take());
  file.is_shown = true;
  out.send(NewsItem(Printed{"textfile:" + path, std::move(families)}));
  complain(path, file,
           builder.complaints().empty()
               ? std::string()
               : at_line(builder.complaints().front(), builder.bad_lines() - 1));
}

void TextfileDirectories::hide(const std::string& path, File& file, Output& out) {
  if (std::exchange(file.is_shown, false)) out.send(NewsItem(Printed{"textfile:" + path, {}}));
  file.series = file.bad_lines = 0;
}

void TextfileDirectories::complain(const std::string& path, File& file, std::string why) {
  if (!why.empty() && why != file.complaint)
    complaints_.push_back("the text file " + path + ": " + why);
  file.complaint = std::move(why);
}

void TextfileDirectories::send_facts(Output& out) {
  bool any_error = beyond_ > 0;
  for (const auto& [directory, why] : directories_) any_error |= !why.empty();
  instances_.begin();
  for (const auto& [path, file] : files_) {
    const Instance instance = instances_.get(out, path);
    Facts<Textfile> facts;
    if (file.is_shown) facts.set(Textfile::mtime_ns, file.version.mtime_ns);
    facts.set(Textfile::error, std::uint64_t{!file.complaint.empty()});
    facts.set(Textfile::series, file.series);
    facts.set(Textfile::bad_lines, file.bad_lines);
    out.send(kHost, facts, instance);
    any_error |= !file.complaint.empty();
  }
  instances_.end(out);
  numbers_.settle();
  Facts<Textfiles> all;
  all.set(Textfiles::error, std::uint64_t{any_error});
  out.send(kHost, all);
}

}  // namespace hostmeter::source::script
