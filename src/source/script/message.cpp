#include "source/script/message.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <type_traits>

namespace hostmeter::source::script {
namespace {

template <class T>
concept Number = std::is_arithmetic_v<T> || std::is_enum_v<T>;

class Writer {
 public:
  template <Number T>
  void operator()(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void operator()(const std::string& text) {
    (*this)(std::uint32_t(text.size()));
    bytes_ += text;
  }
  template <class T>
  void operator()(const std::vector<T>& list) {
    (*this)(std::uint32_t(list.size()));
    for (const T& one : list) (*this)(one);
  }
  void operator()(const std::optional<std::uint64_t>& value) {
    (*this)(std::uint8_t(value.has_value()));
    (*this)(value.value_or(0));
  }
  void operator()(const std::optional<Printout>& printout) {
    (*this)(std::uint8_t(printout.has_value()));
    if (!printout) return;
    for (const std::string& one : printout->bytes) (*this)(one);
  }
  std::string take() { return bytes_.size() > kLongestMessage ? std::string() : std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <Number T>
  void operator()(T& value) {
    if (rest_.size() < sizeof value) return fail();
    if constexpr (std::is_same_v<T, bool>) {
      if (static_cast<unsigned char>(rest_.front()) > 1) return fail();
      value = rest_.front() != 0;
    } else {
      std::memcpy(&value, rest_.data(), sizeof value);
    }
    rest_.remove_prefix(sizeof value);
  }
  void operator()(std::string& text) {
    take(text, kLongestText);
    if (text.find('\0') != std::string::npos) fail();
  }
  template <class T>
  void operator()(std::vector<T>& list) {
    const std::uint32_t size = length(kMostTexts);
    for (std::uint32_t i = 0; i < size && whole_; ++i) (*this)(list.emplace_back());
  }
  void operator()(std::optional<std::uint64_t>& value) {
    bool is_there = false;
    std::uint64_t number = 0;
    (*this)(is_there);
    (*this)(number);
    if (is_there)
      value = number;
    else if (number != 0)
      fail();
  }
  void operator()(std::optional<Printout>& printout) {
    bool is_there = false;
    (*this)(is_there);
    if (!is_there) return;
    std::size_t room = Printout::kMost;
    for (std::string& one : printout.emplace().bytes) {
      take(one, room);
      room -= one.size();
    }
  }
  bool is_whole() const { return whole_ && rest_.empty(); }

 private:
  void take(std::string& bytes, std::size_t most) {
    const std::uint32_t size = length(most);
    if (size > rest_.size()) return fail();
    bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  std::uint32_t length(std::size_t most) {
    std::uint32_t size = 0;
    (*this)(size);
    if (size > most) fail();
    return whole_ ? size : 0;
  }
  void fail() {
    whole_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool whole_ = true;
};

// One list of fields for both ways.
template <class Archive, class T>
void fields(Archive& archive, T& it) {
  using Plain = std::remove_const_t<T>;
  const auto all = [&](auto&... field) { (archive(field), ...); };
  if constexpr (std::is_same_v<Plain, Limits>) {
    all(it.wall_ns, it.grace_ns, it.memory_bytes, it.tmp_bytes, it.file_bytes, it.tmp_files,
        it.processes, it.open_files, it.cpu_permille);
  } else if constexpr (std::is_same_v<Plain, Allowances>) {
    all(it.network, it.read, it.write, it.sockets, it.devices, it.secrets, it.capabilities,
        it.groups);
  } else if constexpr (std::is_same_v<Plain, Run>) {
    all(it.id, it.path, it.argv, it.environment);
    fields(archive, it.limits);
    fields(archive, it.allow);
  } else if constexpr (std::is_same_v<Plain, Stop> || std::is_same_v<Plain, Started>) {
    all(it.id);
  } else if constexpr (std::is_same_v<Plain, Standing>) {
    for (auto& state : it.features.states) all(state.error, state.what);
  } else if constexpr (std::is_same_v<Plain, Refused>) {
    all(it.id, it.why, it.error, it.what);
  } else {
    static_assert(std::is_same_v<Plain, Ended>);
    all(it.id, it.exit_status, it.signal, it.timed_out, it.stopped, it.wall_ns, it.cpu_user_ns,
        it.cpu_system_ns, it.peak_memory_bytes, it.oom_kills, it.refused_forks, it.printout);
  }
}

template <class Variant>
std::string encode_any(const Variant& message) {
  Writer writer;
  writer(std::uint8_t(message.index()));
  std::visit([&](const auto& one) { fields(writer, one); }, message);
  return writer.take();
}

template <class Variant, std::size_t... kIndex>
Variant made(std::size_t index, std::index_sequence<kIndex...>) {
  Variant message;
  ((index == kIndex ? void(message.template emplace<kIndex>()) : void()), ...);
  return message;
}

template <class Variant>
std::optional<Variant> decode_any(std::string_view bytes) {
  if (bytes.size() > kLongestMessage) return {};
  Reader reader(bytes);
  std::uint8_t index = 0;
  reader(index);
  if (index >= std::variant_size_v<Variant>) return {};
  Variant message = made<Variant>(index, std::make_index_sequence<std::variant_size_v<Variant>>());
  std::visit([&](auto& one) { fields(reader, one); }, message);
  if (!reader.is_whole()) return {};
  return message;
}

bool are_paths(const std::vector<std::string>& paths) {
  return std::all_of(paths.begin(), paths.end(),
                     [](const std::string& path) { return path.starts_with('/'); });
}

constexpr std::uint64_t kDay = 86'400'000'000'000;

bool is_sensible(const Run& run) {
  const Limits& limits = run.limits;
  const Allowances& allow = run.allow;
  return run.path.starts_with('/') && !run.argv.empty() && are_paths(allow.read) &&
         are_paths(allow.write) && are_paths(allow.sockets) && are_paths(allow.devices) &&
         are_paths(allow.secrets) && limits.wall_ns > 0 && limits.wall_ns <= kDay &&
         limits.grace_ns <= kDay && limits.memory_bytes > 0 && limits.tmp_bytes > 0 &&
         limits.tmp_files > 0 && limits.processes > 0 && limits.open_files > 0 &&
         limits.cpu_permille > 0 &&
         std::all_of(run.environment.begin(), run.environment.end(),
                     [](const std::string& one) { return one.find('=') + 1 > 1; });
}

}  // namespace

std::string encode(const Request& request) {
  return encode_any(request);
}

std::string encode(const Answer& answer) {
  return encode_any(answer);
}

Result<Request> decode_request(std::string_view bytes) {
  auto request = decode_any<Request>(bytes);
  if (!request) return Error{EBADMSG, "request"};
  const Run* const run = std::get_if<Run>(&*request);
  if (run && !is_sensible(*run)) return Error{EBADMSG, "request"};
  return std::move(*request);
}

Result<Answer> decode_answer(std::string_view bytes) {
  auto answer = decode_any<Answer>(bytes);
  if (!answer) return Error{EBADMSG, "answer"};
  const Refused* const refused = std::get_if<Refused>(&*answer);
  if (refused && refused->why >= Refusal::count) return Error{EBADMSG, "answer"};
  return std::move(*answer);
}

}  // namespace hostmeter::source::script
