// The commonest reader: one file of the host, parsed into one group's facts.
#pragma once
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "source/proc/reader_spec.hpp"

namespace hostmeter::source::proc {

// parse: string_view -> Result<Facts<Field>>. What could not be read or parsed is sent as absent.
template <auto parse>
class FileReader final : public Reader {
 public:
  FileReader(Host& host, const base::Dir& dir, std::string path)
      : host_(host), dir_(dir), file_(std::move(path)) {}

  void read(const Tick&, Output& out) override {
    const auto text = file_.read(dir_.fd(), host_.buffer);
    auto parsed = text ? parse(*text) : text.error();
    if (!parsed) {
      failed(parsed.error());
      parsed = std::remove_reference_t<decltype(*parsed)>{};
    }
    out.send(kHost, *parsed);
  }

 private:
  Host& host_;
  const base::Dir& dir_;
  base::KeptFile file_;
};

// A file below /proc.
template <auto parse>
std::unique_ptr<Reader> proc_file_reader(Host& host, std::string path) {
  return std::make_unique<FileReader<parse>>(host, host.proc, std::move(path));
}

}  // namespace hostmeter::source::proc
