#include "source/runtime/rfc3339.hpp"

#include <chrono>

namespace hostmeter::source::runtime {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

// A cursor that takes digits and marks, and remembers when one was not there.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (i >= rest_.size() || rest_[i] < '0' || rest_[i] > '9') return refuse();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  void mark(char wanted) {
    if (!take(wanted)) refuse();
  }
  bool take(char wanted) {
    if (rest_.empty() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Of a second; what is below a ns is left out.
  std::int64_t fraction_ns() {
    std::int64_t value = 0, unit = kNsPerSecond / 10;
    if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return refuse();
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1)) {
      value += unit * (rest_.front() - '0');
      unit /= 10;
    }
    return value;
  }
  int offset_minutes() {
    if (take('Z') || take('z')) return 0;
    const int sign = take('-') ? -1 : 1;
    if (sign == 1) mark('+');
    const int hours = digits(2);
    mark(':');
    return sign * (hours * 60 + digits(2));
  }
  bool is_fine() const { return fine_ && rest_.empty(); }

 private:
  int refuse() {
    fine_ = false;
    rest_ = {};
    return 0;
  }
  std::string_view rest_;
  bool fine_ = true;
};

}  // namespace

std::optional<std::uint64_t> parse_rfc3339(std::string_view text) {
  Cursor cursor(text);
  const int year = cursor.digits(4);
  cursor.mark('-');
  const int month = cursor.digits(2);
  cursor.mark('-');
  const int day = cursor.digits(2);
  if (!cursor.take('t')) cursor.mark('T');
  const int hour = cursor.digits(2);
  cursor.mark(':');
  const int minute = cursor.digits(2);
  cursor.mark(':');
  const int second = cursor.digits(2);
  const std::int64_t fraction = cursor.take('.') ? cursor.fraction_ns() : 0;
  const int offset = cursor.offset_minutes();
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(unsigned(month)),
                                         std::chrono::day(unsigned(day))};
  if (!cursor.is_fine() || !date.ok() || year < 1970 || year > 2200) return {};
  if (hour > 23 || minute > 59 || second > 60) return {};
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
  if (seconds < 0) return {};
  return std::uint64_t(seconds * kNsPerSecond + fraction);
}

}  // namespace hostmeter::source::runtime
