// What files of the kernel say under its own names: nstat, kernel_vmstat, linux_sysctl_fs, net's
// interface "all", and parts of conntrack and kernel.
#include <map>

#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {
namespace {

struct FileValue {
  std::string part, name;
  Term term;
};

std::vector<FileValue> values_of(Source& source, std::string_view file) {
  std::vector<FileValue> all;
  const Source::Family family = source.family("node_kernel_value");
  for (const store::Line& line : *family.lines) {
    const Tags labels = labels_of(line);
    const auto label = [&](std::string_view name) {
      const std::string* const found = find(labels, name);
      return found ? *found : std::string();
    };
    if (label("file") == file) all.push_back({label("part"), label("name"), family.term(line)});
  }
  return all;
}

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made)
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  return made;
}

Draft one_file(Source& source, std::string measurement, std::string_view file) {
  Draft draft{.key = {}};
  DraftPoint& point = draft.point(std::move(measurement), MetricType::unknown);
  for (FileValue& value : values_of(source, file))
    draft.copy(point, std::move(value.name), value.term);
  return draft;
}

}  // namespace

Drafts drafts(const Vmstat&, Source& source) {
  return only(one_file(source, "kernel_vmstat", "vmstat"));
}

Drafts drafts(const SysctlFs&, Source& source) {
  return only(one_file(source, "linux_sysctl_fs", "sys/fs"));
}

Drafts drafts(const Nstat& options, Source& source) {
  Draft draft{.key = {}};
  const How how = options.dump_zeros ? How::scaled : How::nonzero;
  for (const char* const name : {"netstat", "snmp", "snmp6"}) {
    DraftPoint& point = draft.point("nstat", MetricType::unknown, {{"name", name}});
    for (const FileValue& value : values_of(source, std::string("net/") + name))
      draft.add(point, value.part + value.name, {.how = how, .a = draft.figures.sum({value.term})});
  }
  return only(std::move(draft));
}

Draft protocol_draft(Source& source) {
  Draft draft{.key = "all"};
  DraftPoint& point = draft.point("net", MetricType::unknown, {{"interface", "all"}});
  for (const FileValue& value : values_of(source, "net/snmp"))
    draft.copy(point, lower(value.part) + '_' + lower(value.name), value.term);
  return draft;
}

Drafts drafts(const Conntrack& options, Source& source) {
  Draft draft{.key = {}};
  DraftPoint& table = draft.point("conntrack", MetricType::unknown);
  if (options.count)
    draft.copy(table, "ip_conntrack_count", source.only("node_nf_conntrack_entries"));
  if (options.max)
    draft.copy(table, "ip_conntrack_max", source.only("node_nf_conntrack_entries_limit"));
  if (!options.all && !options.percpu) return only(std::move(draft));
  std::map<std::string, DraftPoint*> by_part;
  for (const FileValue& value : values_of(source, "net/stat/nf_conntrack")) {
    const bool is_sum = value.part == "all";
    if (is_sum ? !options.all : !options.percpu) continue;
    DraftPoint*& point = by_part[value.part];
    if (!point)
      point = &draft.point("conntrack", MetricType::counter,
                           {{"cpu", is_sum ? value.part : "cpu" + value.part}});
    draft.copy(*point, value.name, value.term);
  }
  return only(std::move(draft));
}

void add_pressure_averages(Draft& draft, Source& source) {
  for (const std::string resource : {"cpu", "memory", "io"}) {
    std::map<std::string, DraftPoint*> by_type;
    for (const FileValue& value : values_of(source, "pressure/" + resource)) {
      // It is always 0 for the whole host.
      if (resource == "cpu" && value.part == "full") continue;
      DraftPoint*& point = by_type[value.part];
      if (!point)
        point = &draft.point("pressure", MetricType::gauge,
                             {{"resource", resource}, {"type", value.part}});
      draft.copy(*point, value.name, value.term);
    }
  }
}

void add_ksm(Draft& draft, DraftPoint& kernel, Source& source) {
  for (const FileValue& value : values_of(source, "mm/ksm"))
    draft.copy(kernel, "ksm_" + value.name, value.term);
}

}  // namespace hostmeter::contract::telegraf
