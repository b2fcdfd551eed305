// /proc/interrupts and /proc/softirqs: a line for each kind, a column for each processor.
#include "source/proc/interrupts.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/proc/pace.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

constexpr std::size_t kMostProcessors = 8192;  // the largest CONFIG_NR_CPUS
constexpr std::size_t kMostCells = 65'536;     // lines times columns of a file
// What is new is told bit by bit: it takes more room on its way than its figures do.
constexpr std::size_t kMostNewInTick = 2'048;

}  // namespace

Result<std::vector<std::string_view>> parse_processors(std::string_view line) {
  std::vector<std::string_view> numbers;
  for (Text words(line);;) {
    std::string_view word = words.word();
    if (word.empty()) break;
    if (!word.starts_with("CPU") || numbers.size() == kMostProcessors)
      return Error{EBADMSG, "interrupts: processors"};
    word.remove_prefix(3);
    if (!Text::to_number(word)) return Error{EBADMSG, "interrupts: processors"};
    numbers.push_back(word);
  }
  if (numbers.empty()) return Error{EBADMSG, "interrupts: processors"};
  return numbers;
}

std::string_view InterruptLines::joined(std::string_view words) {
  const std::size_t begin = joined_.size();
  for (Text rest(words); !rest.empty();) {
    const std::string_view word = rest.word();
    if (word.empty()) break;
    if (joined_.size() > begin) joined_ += ' ';
    joined_ += word;
  }
  return std::string_view(joined_).substr(begin);
}

Result<InterruptLine> InterruptLines::parse(std::string_view text) {
  Text words(text);
  InterruptLine line;
  line.type = words.word();
  if (line.type.size() < 2 || !line.type.ends_with(':')) return Error{EBADMSG, "interrupts: name"};
  line.type.remove_suffix(1);
  counts_.clear();
  joined_.clear();
  while (counts_.size() < processors_) {
    const Text before = words;
    const std::string_view word = words.word();
    if (word.empty()) break;
    const auto count = Text::to_number(word);
    if (!count) {
      words = before;
      break;
    }
    counts_.push_back(*count);
  }
  line.is_sum = counts_.size() < processors_;
  // ERR and MIS of x86, Err of ARM: one number and nothing behind it.
  if (line.is_sum && (counts_.size() != 1 || !Text::trim(words.rest()).empty()))
    return Error{EBADMSG, "interrupts: counts"};
  if (Text::to_number(line.type)) line.info = words.word();
  const std::string_view rest = joined(words.rest());
  (Text::to_number(line.type) ? line.devices : line.info) = rest;
  return line;
}

namespace {

// The series of a file: a row for each line, a cell for each processor.
class Rows {
 public:
  struct Row {
    std::string type, info, devices;
    std::vector<Instance> cells;
    bool is_seen = false;
  };

  // Labels beyond these two are told of interrupts only.
  Rows(InstanceIds& ids, bool has_info) : ids_(ids), has_info_(has_info) {}

  void begin() {
    next_ = announced_ = 0;
    for (Row& row : rows_) row.is_seen = false;
  }
  // Other processors have other series.
  void set_processors(const std::vector<std::string_view>& processors, Output& out) {
    if (std::ranges::equal(processors, processors_)) return;
    end(out);
    processors_.assign(processors.begin(), processors.end());
  }
  // Null: it is new, and has to wait for the next tick.
  const Row* get(const InterruptLine& line, Output& out) {
    for (std::size_t tried = 0; tried < rows_.size(); ++tried) {
      Row& row = rows_[next_ < rows_.size() ? next_ : next_ = 0];
      ++next_;
      if (row.is_seen || row.type != line.type || row.info != line.info ||
          row.devices != line.devices)
        continue;
      row.is_seen = true;
      return &row;
    }
    if (announced_ >= kMostNewInTick) return nullptr;
    Row row{std::string(line.type), std::string(line.info), std::string(line.devices), {}, true};
    if (line.is_sum) announce(row, {}, out);
    for (std::size_t i = 0; !line.is_sum && i < processors_.size(); ++i)
      announce(row, processors_[i], out);
    return &*rows_.insert(rows_.begin() + std::ptrdiff_t(next_++), std::move(row));
  }
  // Rows that were not asked for are gone.
  void end(Output& out) {
    std::erase_if(rows_, [&](const Row& row) {
      for (std::size_t i = 0; !row.is_seen && i < row.cells.size(); ++i) {
        out.send(NewsItem(GoneInstance{kHost, row.cells[i]}));
        ids_.give_back(row.cells[i]);
      }
      return !row.is_seen;
    });
  }

 private:
  void announce(Row& row, const std::string& processor, Output& out) {
    std::vector<std::string> labels{processor, row.type};
    if (has_info_) labels.insert(labels.end(), {row.info, row.devices});
    row.cells.push_back(ids_.take());
    out.send(NewsItem(NamedInstance{kHost, row.cells.back(), std::move(labels)}));
    ++announced_;
  }

  InstanceIds& ids_;
  const bool has_info_;
  std::vector<std::string> processors_;
  std::vector<Row> rows_;
  std::size_t next_ = 0, announced_ = 0;
};

class InterruptsReader final : public Reader {
 public:
  InterruptsReader(Host& host, const Moments& moments)
      : host_(host),
        pace_(moments),
        interrupts_(host.instances, true),
        softirqs_(host.instances, false) {}

  void read(const Tick& tick, Output& out) override {
    const bool is_due = pace_.due(tick);
    if (!is_due && !has_more_ && !tick.resend) return;
    has_more_ = false;
    read_file<Interrupts>("interrupts", interrupts_, out);
    read_file<Softirq>("softirqs", softirqs_, out);
  }

 private:
  template <class Field>
  void read_file(const char* file, Rows& rows, Output& out) {
    rows.begin();
    const auto text = base::read_once(host_.proc.fd(), file, host_.buffer);
    if (text)
      read_lines<Field>(*text, rows, out);
    else
      failed(text.error());
    rows.end(out);
  }

  template <class Field>
  void read_lines(std::string_view text, Rows& rows, Output& out) {
    Text lines(text);
    const auto processors = parse_processors(lines.line().rest());
    if (!processors) return failed(processors.error());
    rows.set_processors(*processors, out);
    InterruptLines reader(processors->size());
    for (std::size_t cells = 0; !lines.empty();) {
      const std::string_view one = lines.line().rest();
      if (Text::trim(one).empty()) continue;
      const auto line = reader.parse(one);
      cells += reader.counts().size();
      if (cells > kMostCells) return failed({EFBIG, "interrupts: lines and processors"});
      if (line)
        send<Field>(*line, reader.counts(), rows, out);
      else
        failed(line.error());
    }
  }

  template <class Field>
  void send(const InterruptLine& line, const std::vector<std::uint64_t>& counts, Rows& rows,
            Output& out) {
    const Rows::Row* const row = rows.get(line, out);
    has_more_ |= !row;
    for (std::size_t i = 0; row && i < std::min(counts.size(), row->cells.size()); ++i) {
      Facts<Field> facts;
      facts.set(Field::handled, counts[i]);
      out.send(kHost, facts, row->cells[i]);
    }
  }

  Host& host_;
  Pace pace_;
  Rows interrupts_, softirqs_;
  bool has_more_ = false;
};

}  // namespace

extern const ReaderSpec interrupts{
    "interrupts",
    [](Host& host, const Options& options) -> std::unique_ptr<Reader> {
      return std::make_unique<InterruptsReader>(host, options.moments("interrupts"));
    },
    When::asked};

}  // namespace hostmeter::source::proc
