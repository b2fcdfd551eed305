#include "tool/doctor/doctor.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hostmeter::tool {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kVerdictWidth = 5;

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

template <class Rows>
std::size_t widest(const Rows& rows) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.name.size());
  return width;
}

// Below a row, under its last column.
std::string below(std::size_t column, const std::string& text) {
  return text.empty() ? "" : std::string(column, ' ') + text + '\n';
}

std::string mend_line(const std::string& mend) {
  return mend.empty() ? "" : "-> " + mend;
}

std::string answers(const std::string& title, const std::vector<Diagnosis::Answer>& rows) {
  std::string out = '\n' + title + '\n';
  const std::size_t width = widest(rows) + 2;
  for (const Diagnosis::Answer& row : rows) {
    const std::size_t column = 2 + width + kVerdictWidth;
    out += "  " + padded(row.name, width) + padded(row.yes ? "yes" : "NO", kVerdictWidth) +
           row.serves + '\n';
    if (!row.yes) out += below(column, row.why) + below(column, mend_line(row.mend));
  }
  return out;
}

std::string readers(const std::vector<Diagnosis::Reader>& rows) {
  std::string out = "\nHow each group of figures is read\n";
  const std::size_t width = widest(rows) + 2;
  for (const Diagnosis::Reader& row : rows) {
    const std::size_t column = 2 + width;
    std::string remark = row.why;
    if (row.errors != 0)
      remark += (remark.empty() ? "" : "; ") + std::to_string(row.errors) +
                (row.errors == 1 ? " value" : " values") + " could not be read";
    out += "  " + padded(row.name, width) +
           (remark.empty() ? row.mode : padded(row.mode, kVerdictWidth) + remark) + '\n';
    out += below(column + kVerdictWidth, mend_line(row.mend));
  }
  return out;
}

std::string walks(const std::vector<Diagnosis::Walk>& rows) {
  std::string out = rows.empty() ? "" : "\nHow cgroups are walked\n";
  for (const Diagnosis::Walk& row : rows)
    out += "  " + padded(row.name, widest(rows) + 2) + row.rung +
           (row.flush.empty() ? "" : ", counters summed up by " + row.flush) + '\n';
  return out;
}

Json without_empty(std::initializer_list<std::pair<const char*, const std::string*>> members,
                   Json into) {
  for (const auto& [key, text] : members)
    if (!text->empty()) into[key] = *text;
  return into;
}

Json answers_json(const std::vector<Diagnosis::Answer>& rows) {
  Json out = Json::array();
  for (const Diagnosis::Answer& row : rows)
    out.push_back(without_empty({{"why", &row.why}, {"mend", &row.mend}},
                                {{"name", row.name}, {"serves", row.serves}, {"yes", row.yes}}));
  return out;
}

}  // namespace

std::string table(const Diagnosis& diagnosis) {
  std::string out = "hostmeter " + diagnosis.version + " on " + diagnosis.kernel + '\n' +
                    diagnosis.cgroups + '\n';
  out += answers("Rights", diagnosis.rights);
  out += answers("Features of the kernel", diagnosis.features);
  if (!diagnosis.sandbox.empty()) out += answers("Sandbox of scripts", diagnosis.sandbox);
  out += readers(diagnosis.readers) + walks(diagnosis.walks);
  if (!diagnosis.notes.empty()) out += "\nNotes\n";
  for (const Diagnosis::Note& note : diagnosis.notes)
    out += "  " + note.what + '\n' + below(2, mend_line(note.mend));
  return out;
}

std::string json(const Diagnosis& diagnosis) {
  Json readers = Json::array(), walks = Json::array(), notes = Json::array();
  for (const Diagnosis::Reader& row : diagnosis.readers)
    readers.push_back(
        without_empty({{"why", &row.why}, {"mend", &row.mend}},
                      {{"name", row.name}, {"mode", row.mode}, {"errors", row.errors}}));
  for (const Diagnosis::Walk& row : diagnosis.walks)
    walks.push_back(
        without_empty({{"flush", &row.flush}}, {{"name", row.name}, {"rung", row.rung}}));
  for (const Diagnosis::Note& note : diagnosis.notes)
    notes.push_back({{"what", note.what}, {"mend", note.mend}});
  const Json all{{"version", diagnosis.version},
                 {"kernel", diagnosis.kernel},
                 {"cgroups", diagnosis.cgroups},
                 {"rights", answers_json(diagnosis.rights)},
                 {"features", answers_json(diagnosis.features)},
                 {"sandbox", answers_json(diagnosis.sandbox)},
                 {"readers", readers},
                 {"walks", walks},
                 {"notes", notes}};
  // A host name is whatever somebody set: what is not UTF-8 is replaced.
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace hostmeter::tool
