#include "tool/record/scrub.hpp"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "hostmeter/base/text.hpp"

namespace hostmeter::tool {
namespace {

constexpr std::size_t kUuidLength = 36;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_uuid(std::string_view text) {
  if (text.size() != kUuidLength) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

// Each whole word that is equal to one, replaced.
std::string replace_word(std::string_view text, std::string_view word, std::string_view by) {
  std::string out;
  while (true) {
    const auto at = word.empty() ? std::string_view::npos : text.find(word);
    if (at == std::string_view::npos) return out += text;
    const auto after = at + word.size();
    const bool is_whole =
        (at == 0 || !is_word(text[at - 1])) && (after == text.size() || !is_word(text[after]));
    out += text.substr(0, at);
    out += is_whole ? by : word;
    text.remove_prefix(after);
  }
}

// LVM writes a dash in a name as two.
std::string dashes_doubled(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '-' ? std::string("--") : std::string(1, c);
  return out;
}

template <class Change>
std::string by_line(std::string_view text, Change change) {
  std::string out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    out += change(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
  return out;
}

std::vector<std::string> words_of(std::string_view line, char separator) {
  std::vector<std::string> words;
  while (true) {
    const auto end = line.find(separator);
    words.emplace_back(line.substr(0, end));
    if (end == std::string_view::npos) return words;
    line.remove_prefix(end + 1);
  }
}

std::string joined(const std::vector<std::string>& words, char separator) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i)
    (out += i == 0 ? "" : std::string(1, separator)) += words[i];
  return out;
}

// How long the run of "xx:xx:..." is that the text begins with, in bytes.
std::size_t address_length(std::string_view text) {
  std::size_t length = 0;
  while (length + 2 <= text.size() && is_hex(text[length]) && is_hex(text[length + 1])) {
    length += 2;
    if (length == text.size() || text[length] != ':') return length;
    ++length;
  }
  return 0;
}

// "of nobody" and "of everybody" are no one's address.
bool is_shared_address(std::string_view address) {
  return std::all_of(address.begin(), address.end(), [](char c) { return c == '0' || c == ':'; }) ||
         std::all_of(address.begin(), address.end(),
                     [](char c) { return lower(c) == 'f' || c == ':'; });
}

}  // namespace

std::string Scrubber::made_up(std::string_view kind, std::string_view value) {
  const auto [entry, is_new] = made_up_.try_emplace(std::string(kind) + ' ' + lowered(value));
  if (is_new) entry->second = std::string(kind) + '-' + std::to_string(++made_[std::string(kind)]);
  return entry->second;
}

// As many bytes as before, locally administered, counting up.
std::string Scrubber::made_up_address(std::string_view digits, char separator) {
  std::string bare;
  for (const char c : digits)
    if (c != ':') bare += lower(c);
  const std::string number = made_up("address", bare).substr(8);
  char hex[17];
  std::snprintf(hex, sizeof hex, "%010llx", std::stoull(number));
  std::string wanted = "02" + std::string(bare.size() > 12 ? bare.size() - 12 : 0, '0') + hex;
  if (separator == '\0') return wanted;
  std::string out;
  for (std::size_t i = 0; i < wanted.size(); i += 2)
    (out += i == 0 ? "" : std::string(1, separator)) += wanted.substr(i, 2);
  return out;
}

std::string Scrubber::made_up_uuid(std::string_view value) {
  const std::string number = made_up("uuid", value).substr(5);
  char uuid[kUuidLength + 1];
  std::snprintf(uuid, sizeof uuid, "00000000-0000-4000-8000-%012llu", std::stoull(number));
  return uuid;
}

// A file that holds nothing but one value.
std::string Scrubber::whole(std::string_view kind, std::string_view text) {
  const std::string_view value = Text::trim(text);
  if (value.empty() || value == "(none)") return std::string(text);
  return (is_uuid(value) ? made_up_uuid(value) : made_up(kind, value)) +
         (text.ends_with('\n') ? "\n" : "");
}

std::string Scrubber::host_names(std::string_view text) {
  std::string out(text);
  const std::string_view full = names_.host;
  const std::string_view first = full.substr(0, full.find('.'));
  const std::pair<std::string_view, std::string_view> rules[] = {
      {full, "host"}, {first, "host"}, {names_.domain, "domain"}};
  for (const auto& [name, kind] : rules) {
    if (name.empty() || name == "(none)" || name == "localhost") continue;
    const std::string by = made_up(kind, kind == "host" ? full : name);
    out = replace_word(out, name, by);
    if (name.find('-') != std::string_view::npos)
      out = replace_word(out, dashes_doubled(name), dashes_doubled(by));
  }
  return out;
}

std::string Scrubber::hardware_addresses(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const bool begins = out.empty() || (!is_word(out.back()) && out.back() != ':');
    const std::size_t length = begins && is_hex(text.front()) ? address_length(text) : 0;
    const bool ends = length == text.size() || (!is_word(text[length]) && text[length] != ':');
    if (length < 17 || !ends) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const std::string_view address = text.substr(0, length);
    out += is_shared_address(address) ? std::string(address) : made_up_address(address, ':');
    text.remove_prefix(length);
  }
  return out;
}

// Interfaces that are named after their address: enx, wlx and 12 digits.
std::string Scrubber::named_after_address(std::string text) {
  for (const std::string_view prefix : {std::string_view("enx"), std::string_view("wlx")}) {
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at + 3)) {
      const std::string digits = text.substr(at + 3, 12);
      const bool begins = at == 0 || !is_word(text[at - 1]);
      const bool ends = at + 15 >= text.size() || !is_word(text[at + 15]);
      if (begins && ends && digits.size() == 12 &&
          std::all_of(digits.begin(), digits.end(), is_hex))
        text.replace(at + 3, 12, made_up_address(digits, '\0'));
    }
  }
  return text;
}

std::string Scrubber::mount_source(std::string_view source) {
  std::string out;
  const auto export_at = source.find(":/");
  if (source.starts_with("//")) {
    const auto end = std::min(source.find('/', 2), source.size());
    out = "//" + made_up("server", source.substr(2, end - 2)) + std::string(source.substr(end));
  } else if (export_at != std::string_view::npos && export_at > 0 && source.front() != '/') {
    out = made_up("server", source.substr(0, export_at)) + std::string(source.substr(export_at));
  } else {
    out = source;
  }
  for (std::size_t at = 0; at + kUuidLength <= out.size(); ++at)
    if (is_uuid(std::string_view(out).substr(at, kUuidLength)))
      out.replace(at, kUuidLength, made_up_uuid(out.substr(at, kUuidLength)));
  return host_names(out);
}

std::string Scrubber::mount_options(std::string_view options) {
  std::vector<std::string> all = words_of(options, ',');
  for (std::string& option : all) {
    const auto is = option.find('=');
    if (is == std::string::npos) continue;
    const std::string key = option.substr(0, is);
    if (is_one_of(key, {"addr", "clientaddr", "mountaddr", "mon_addr", "ip", "srcaddr"}))
      option = key + '=' + made_up("server", option.substr(is + 1));
    else if (is_one_of(key, {"username", "user", "domain", "name", "password", "pass", "secret"}))
      option = key + '=' + made_up(key, option.substr(is + 1));
  }
  return joined(all, ',');
}

// mountinfo says source and options after " - TYPE", mounts says the source first.
std::string Scrubber::mount_line(std::string_view line) {
  std::vector<std::string> words = words_of(line, ' ');
  const auto dash = std::find(words.begin(), words.end(), "-");
  if (dash != words.end() && words.end() - dash >= 4) {
    dash[2] = mount_source(dash[2]);
    dash[3] = mount_options(dash[3]);
  } else if (words.size() >= 4) {
    words[0] = mount_source(words[0]);
    words[3] = mount_options(words[3]);
  }
  return joined(words, ' ');
}

// "Serial : 00000000abcdef01" in the cpuinfo of small boards.
std::string Scrubber::serial_line(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || Text::trim(line.substr(0, colon)) != "Serial")
    return std::string(line);
  return std::string(line.substr(0, colon)) + ": " +
         made_up("serial", Text::trim(line.substr(colon + 1)));
}

std::string Scrubber::content(std::string_view path, std::string_view text) {
  const std::string_view name = last_part(path);
  const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  if (name == "hostname") return whole("host", text);
  if (name == "domainname") return whole("domain", text);
  if (name == "machine-id" || name == "boot_id") return whole("id", text);
  if (path.find("/dmi/id/") != std::string_view::npos &&
      (has("serial") || has("uuid") || has("asset")))
    return whole("serial", text);
  if (is_one_of(name, {"serial", "wwid", "wwn", "uuid", "nguid", "eui", "phys_port_id",
                       "phys_switch_id"}))
    return whole("serial", text);
  if (name == "ifalias") return whole("alias", text);
  std::string out(text);
  if (name == "mountinfo" || name == "mounts")
    out = by_line(text, [this](std::string_view line) { return mount_line(line); });
  else if (name == "cpuinfo")
    out = by_line(text, [this](std::string_view line) { return serial_line(line); });
  else if (path.ends_with("/dm/name"))
    out = host_names(text);
  return this->path(hardware_addresses(out));
}

std::string Scrubber::path(std::string_view text) {
  std::string out(text);
  if (names_.machine_id.size() >= 32)
    out = replace_word(out, names_.machine_id, made_up("id", names_.machine_id));
  return named_after_address(std::move(out));
}

}  // namespace hostmeter::tool
