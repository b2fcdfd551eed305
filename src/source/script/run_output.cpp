#include "source/script/run_output.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "hostmeter/base/utf8.hpp"

namespace hostmeter::source::script {
namespace {

constexpr std::size_t kOneRead = 64U << 10;
constexpr std::size_t kMostLogged = 300;  // bytes
constexpr std::size_t kMostLines = 3;

}  // namespace

std::optional<RunOutput> RunOutput::of(Supervisor::Told& told, std::size_t most_bytes) {
  if (told.output[0] && told.output[1]) return RunOutput(std::move(told.output), most_bytes);
  auto* const ended = std::get_if<Ended>(&told.answer);
  if (!ended || !ended->printout) return {};
  return RunOutput(std::exchange(ended->printout, {})->bytes, most_bytes);
}

std::size_t RunOutput::read(std::size_t which, std::string& buffer) {
  return take(which, buffer);
}

// Who writes is dead by now, but for what a sandbox without PID namespace let escape: no waiting.
void RunOutput::finish(std::string& buffer) {
  for (const std::size_t which : {0U, 1U}) {
    while (take(which, buffer) > 0) {
    }
    output_[which].reset();
  }
}

// 0: nothing is there now, or ever again.
std::size_t RunOutput::take(std::size_t which, std::string& buffer) {
  base::UniqueFd& fd = output_[which];
  if (!fd) return 0;
  buffer.resize(kOneRead);
  ssize_t got = 0;
  do {
    got = ::read(fd.get(), buffer.data(), buffer.size());
  } while (got < 0 && errno == EINTR);
  if (got == 0 || (got < 0 && errno != EAGAIN)) fd.reset();
  if (got <= 0) return 0;
  add(which, std::string_view(buffer).substr(0, std::size_t(got)));
  if (is_cut_) fd.reset();
  return std::size_t(got);
}

void RunOutput::add(std::size_t which, std::string_view bytes) {
  std::string& into = which == 0 ? text_ : remarks_;
  const std::size_t room = (which == 0 ? most_bytes_ : kMostRemarks) - into.size();
  into += bytes.substr(0, room);
  seen_[which] += bytes.size();
  if (seen_[which] <= most_bytes_) return;
  is_cut_ = true;
  if (which == 0) text_.resize(text_.rfind('\n') + 1);  // npos + 1 is 0
}

std::string fit_for_log(std::string_view text) {
  std::string fit;
  for (std::size_t lines = 0; !text.empty() && fit.size() < kMostLogged;) {
    const std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
    const auto first = static_cast<unsigned char>(text.front());
    // Control characters are below U+0020, and from U+007F on up to U+009F.
    const bool is_control = first < 0x20 || first == 0x7F ||
                            (first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0);
    const bool is_fit = utf8_length(text) > 0 && !is_control;
    if (first == '\n' && !fit.empty() && ++lines >= kMostLines) break;
    if (is_fit)
      fit += text.substr(0, length);
    else if (!fit.empty() && fit.back() != ' ')
      fit += ' ';
    text.remove_prefix(length);
  }
  while (fit.ends_with(' ')) fit.pop_back();
  return fit;
}

}  // namespace hostmeter::source::script
