// The recording as it is written: scrubbed, bounded, and honest about what it lacks.
#pragma once
#include <string>
#include <string_view>

#include "base/dir.hpp"
#include "base/kernel_file.hpp"
#include "tool/record/record.hpp"
#include "tool/record/scrub.hpp"

namespace hostmeter::tool {

class Writer {
 public:
  Writer(const base::Dir& into, Scrubber scrubber, const Bounds& bounds)
      : into_(into), scrubber_(std::move(scrubber)), bounds_(bounds) {}

  // name below from becomes path of the recording. What is not there is no one's fault.
  void copy(const base::Dir& from, std::string_view name, std::string_view path);
  // What copy() would take. EFBIG: larger than a file of a recording may be.
  Result<std::string_view> content_of(const base::Dir& from, std::string_view name);
  void file(std::string_view path, std::string_view content);
  void copy_link(const base::Dir& from, std::string_view name, std::string_view path);
  void link(std::string_view target, std::string_view path);
  void directory(std::string_view path);
  void unreadable(std::string_view path, const Error& error);

  const Summary& summary() const { return summary_; }
  int failure() const { return failure_; }  // errno of the first write that failed; 0: none

 private:
  bool has_room(std::size_t bytes);
  bool make_parents(const std::string& path);
  void write(const std::string& path, std::string_view content);
  void failed(int code) { failure_ = failure_ == 0 ? code : failure_; }

  const base::Dir& into_;
  Scrubber scrubber_;
  Bounds bounds_;
  base::Buffer buffer_;
  Summary summary_;
  int failure_ = 0;
};

}  // namespace hostmeter::tool
