#include "source/script/report.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hostmeter::source::script {

Report to_report(Report::Kind kind, const Error& error, Feature feature) {
  Report report{kind, error.code, feature, {}};
  error.what.copy(report.what.data(), report.what.size() - 1);
  return report;
}

std::string_view what_of(const Report& report) {
  return {report.what.data(), std::size_t(std::find(report.what.begin(), report.what.end(), '\0') -
                                          report.what.begin())};
}

void send_report(int pipe, const Report& report) {
  while (::write(pipe, &report, sizeof report) < 0 && errno == EINTR) {
  }
}

std::optional<Report> receive_report(int pipe) {
  Report report;
  ssize_t size = 0;
  while ((size = ::read(pipe, &report, sizeof report)) < 0 && errno == EINTR) {
  }
  if (size != ssize_t(sizeof report)) return {};
  return report;
}

std::optional<Report> await_report(int pipe, int timeout_ms) {
  pollfd wait{pipe, POLLIN, 0};
  int ready = 0;
  while ((ready = ::poll(&wait, 1, timeout_ms)) < 0 && errno == EINTR) {
  }
  return ready == 1 ? receive_report(pipe) : std::nullopt;
}

}  // namespace hostmeter::source::script
