// Files of which all is wanted, whatever this kernel calls it.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/host.hpp"
#include "source/proc/pace.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::proc {

// Told of what a file says, in its order. What is told lives as long as the call.
class KernelValueSink {
 public:
  virtual ~KernelValueSink() = default;
  virtual void value(std::string_view part, std::string_view name, double value) = 0;
  virtual void bad(const Error&) = 0;  // it costs its own value, or what follows it
};

// /proc/vmstat, /proc/net/snmp6: a name and a number on each line.
void parse_named_values(std::string_view text, KernelValueSink& sink);
// /proc/net/snmp, /proc/net/netstat: of each protocol, the part, a line of names and one of
// numbers.
void parse_protocol_values(std::string_view text, KernelValueSink& sink);
// /proc/net/stat/nf_conntrack: a line of names, then one of hexadecimal numbers for each CPU, whose
// number is the part. Before them, as the part "all", what all of them say together.
void parse_cpu_values(std::string_view text, KernelValueSink& sink);
// A file of /proc/pressure: avg10, avg60 and avg300 of each kind of stall, the part.
void parse_pressure_averages(std::string_view text, KernelValueSink& sink);
// Numbers in the order of these names; empty: of no interest. Those behind may be missing.
void parse_value_list(std::string_view text, std::span<const std::string_view> names,
                      KernelValueSink& sink);

// Reads its files when it is due. All that they say are instances.
class KernelValueReader : public Reader, private KernelValueSink {
 public:
  static constexpr std::size_t kMostValues = 4'096;

  KernelValueReader(Host& host, const Moments& moments)
      : host_(host), pace_(moments), instances_(host.instances, kHost) {}

  void read(const Tick&, Output&) final;

 protected:
  // Takes all files, by one of the calls below.
  virtual void read_files() = 0;

  // file: the label.
  template <auto parse>
  void take(const base::Dir& dir, const char* path, std::string_view file) {
    if (const auto text = text_of(dir, path, file)) parse(*text, *this);
  }
  void take_list(const base::Dir& dir, const char* path, std::string_view file,
                 std::span<const std::string_view> names) {
    if (const auto text = text_of(dir, path, file)) parse_value_list(*text, names, *this);
  }
  const Host& host() const { return host_; }

 private:
  std::optional<std::string_view> text_of(const base::Dir& dir, const char* path,
                                          std::string_view file);
  void value(std::string_view part, std::string_view name, double value) override;
  void bad(const Error& error) override { failed(error); }

  Host& host_;
  Pace pace_;
  InstanceSet instances_;
  Output* out_ = nullptr;  // while it reads
  std::string_view file_;  // likewise
  std::size_t values_ = 0;
};

}  // namespace hostmeter::source::proc
