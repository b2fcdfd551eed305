#include "source/bpf/libbpf_log.hpp"

#include <cstdarg>
#include <cstdio>
#include <string>
#include <utility>

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::bpf {
namespace {

// libbpf hands its print function no context.
thread_local const Log* current = nullptr;

int print(libbpf_print_level level, const char* format, va_list arguments) {
  if (!current || !*current || level == LIBBPF_DEBUG) return 0;
  va_list again;
  va_copy(again, arguments);
  const int length = std::vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (length <= 0) return 0;
  std::string text(std::size_t(length) + 1, '\0');
  std::vsnprintf(text.data(), text.size(), format, arguments);
  text.pop_back();
  for (Text lines(text); !lines.empty();) {
    const std::string_view line = lines.until('\n');
    if (!line.empty()) (*current)(line);
  }
  return length;
}

}  // namespace

LibbpfLog::LibbpfLog(Log log) : log_(std::move(log)), before_(libbpf_set_print(print)) {
  current = &log_;
}

LibbpfLog::~LibbpfLog() {
  current = nullptr;
  libbpf_set_print(before_);
}

}  // namespace hostmeter::source::bpf
