// Taking out of a recording what would tell whose host it was.
#pragma once
#include <map>
#include <string>
#include <string_view>

namespace hostmeter::tool {

// What the host is known by; empty where not known.
struct HostNames {
  std::string host, domain, machine_id;
};

// Host and domain name, machine id, serial numbers, UUIDs of hardware, hardware addresses and
// servers of mounts become made-up ones: the same value the same one everywhere in a recording.
// Container ids and pod uids stay, as paths and figures hang on them. No I/O.
class Scrubber {
 public:
  explicit Scrubber(HostNames names) : names_(std::move(names)) {}

  // path: of the file the content is from, relative to the root ("sys/class/dmi/id/sys_vendor").
  std::string content(std::string_view path, std::string_view text);

  // A path, or a link's target.
  std::string path(std::string_view text);

 private:
  std::string made_up(std::string_view kind, std::string_view value);
  std::string made_up_address(std::string_view digits, char separator);
  std::string made_up_uuid(std::string_view value);
  std::string whole(std::string_view kind, std::string_view text);
  std::string host_names(std::string_view text);
  std::string hardware_addresses(std::string_view text);
  std::string named_after_address(std::string text);
  std::string mount_line(std::string_view line);
  std::string mount_source(std::string_view source);
  std::string mount_options(std::string_view options);
  std::string serial_line(std::string_view line);

  HostNames names_;
  std::map<std::string, std::string> made_up_;  // "kind value"
  std::map<std::string, int> made_;             // how many of a kind
};

}  // namespace hostmeter::tool
