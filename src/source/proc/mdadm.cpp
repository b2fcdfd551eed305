// /proc/mdstat and /sys/block/md0/md: software RAID.
#include "source/proc/mdadm.hpp"

#include <array>
#include <cstdio>
#include <string>

#include "source/proc/attribute.hpp"
#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {
namespace {

std::uint64_t count_of(std::string_view text, std::string_view part) {
  std::uint64_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

bool is_indented(std::string_view line) {
  return line.starts_with(' ') || line.starts_with('\t');
}

// "[3/2] [UU_]" in the line of blocks: how many places there are and which are taken.
Result<bool> parse_places(std::string_view line, Facts<Md>& facts) {
  const auto places = line.rfind('[');
  const auto numbers = places == std::string_view::npos ? places : line.rfind('[', places - 1);
  if (places == std::string_view::npos || places == 0 || numbers == std::string_view::npos)
    return Error{EBADMSG, "mdstat: disks"};
  Text pair(line.substr(numbers + 1));
  const auto required = Text::to_number(pair.until('/'));
  const auto active = Text::to_number(pair.until(']'));
  if (!required || !active) return Error{EBADMSG, "mdstat: disks"};
  facts.set(Md::disks_required, *required);
  facts.set(Md::disks_active, *active);
  facts.set(Md::disks_down, count_of(line.substr(places), "_"));
  return true;
}

struct Work {
  std::string_view word;
  Md state;
};
constexpr Work kWork[] = {{"recovery", Md::state_recovering},
                          {"resync", Md::state_resync},
                          {"check", Md::state_check},
                          {"reshape", Md::state_active}};

// "[>...]  recovery =  8.5% (166/1953) …", "resync=DELAYED": what is being done, if anything.
Result<bool> parse_work(std::string_view line, Md& state, std::uint64_t& synced) {
  for (const Work& work : kWork) {
    auto at = line.find(work.word);
    if (at == std::string_view::npos) continue;
    std::string_view rest = line.substr(at + work.word.size());
    rest = rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
    if (!rest.starts_with('=')) continue;
    state = work.state;
    synced = 0;
    const auto open = rest.find('(');
    if (open == std::string_view::npos) return true;  // waits for its turn
    const auto done = Text::to_number(Text(rest.substr(open + 1)).until('/'));
    if (!done) return Error{EBADMSG, "mdstat: progress"};
    synced = *done;
    return true;
  }
  return false;
}

constexpr Md kStates[] = {Md::state_active, Md::state_inactive, Md::state_recovering,
                          Md::state_resync, Md::state_check};

}  // namespace

std::string_view next_md_array(Text& mdstat) {
  while (!mdstat.empty()) {
    const std::string_view start = mdstat.rest();
    const std::string_view line = mdstat.line().rest();
    if (line.empty() || is_indented(line) || line.starts_with("Personalities") ||
        line.starts_with("unused devices"))
      continue;
    while (is_indented(mdstat.rest())) mdstat.line();
    return start.substr(0, start.size() - mdstat.rest().size());
  }
  return {};
}

Result<MdArray> parse_md_array(std::string_view text) {
  Text lines(text);
  const std::string_view header = lines.line().rest();
  Text words(header);
  MdArray array;
  array.name = words.word();
  const bool colon = words.word() == ":";
  const std::string_view activity = words.word();
  const bool active = activity == "active";
  if (array.name.empty() || !colon || (!active && activity != "inactive"))
    return Error{EBADMSG, "mdstat: array"};
  const std::string_view status = lines.line().rest();
  const auto blocks = Text(status).number();
  if (!blocks) return Error{EBADMSG, "mdstat: blocks"};
  array.facts.set(Md::blocks, *blocks);
  array.facts.set(Md::disks_failed, count_of(header, "(F)"));
  array.facts.set(Md::disks_spare, count_of(header, "(S)"));

  if (!active || header.find(" raid0 ") != std::string_view::npos ||
      header.find(" linear ") != std::string_view::npos) {
    // No redundancy, so no places are shown: all its disks are there, or it does not run.
    const std::uint64_t disks = active ? count_of(header, "[") : 0;
    array.facts.set(Md::disks_required, disks);
    array.facts.set(Md::disks_active, disks);
    array.facts.set(Md::disks_down, 0);
  } else if (const auto places = parse_places(status, array.facts); !places) {
    return places.error();
  }

  Md state = active ? Md::state_active : Md::state_inactive;
  std::uint64_t synced = *blocks;
  while (!lines.empty()) {
    const auto work = parse_work(lines.line().rest(), state, synced);
    if (!work) return work.error();
    if (*work) break;
  }
  array.facts.set(Md::blocks_synced, synced);
  for (const Md each : kStates) array.facts.set(each, each == state ? 1 : 0);
  return array;
}

namespace {

class MdadmReader final : public Reader {
 public:
  explicit MdadmReader(Host& host) : host_(host), arrays_(host.instances, kHost) {}

  void read(const Tick&, Output& out) override {
    arrays_.begin();
    const auto text = file_.read(host_.proc.fd(), host_.buffer);
    if (!text) failed(text.error());
    Text rest(text ? *text : std::string_view());
    while (true) {
      const std::string_view one = next_md_array(rest);
      if (one.empty()) break;
      auto array = parse_md_array(one);
      if (!array) {
        failed(array.error());
        continue;
      }
      read_attributes(*array);
      out.send(kHost, array->facts, arrays_.get(out, array->name));
    }
    arrays_.end(out);
  }

 private:
  void read_attributes(MdArray& array) {
    std::array<char, 300> path{};
    std::snprintf(path.data(), path.size(), "block/%.*s/md", int(array.name.size()),
                  array.name.data());
    const AttributeDir dir(host_.sys.fd(), path.data(), attributes_);
    if (!dir) return;
    for (const auto& [field, file] :
         {Attribute{Md::raid_disks, "raid_disks"}, Attribute{Md::degraded, "degraded"}}) {
      const auto text = dir.text(file);
      // "4 (3)" while the array is reshaped: what it will be, and what it was.
      const auto value = text ? parse_attribute(Text(*text).word()) : text.error();
      if (value)
        array.facts.set(field, *value);
      else
        failed(value.error());
    }
  }

  struct Attribute {
    Md field;
    const char* file;
  };
  Host& host_;
  base::KeptFile file_{"mdstat"};
  InstanceSet arrays_;
  base::Buffer attributes_{4096};  // not the host's: mdstat is in that
};

}  // namespace

extern const ReaderSpec mdadm{"mdadm", [](Host& host, const Options&) -> std::unique_ptr<Reader> {
                                return std::make_unique<MdadmReader>(host);
                              }};

}  // namespace hostmeter::source::proc
