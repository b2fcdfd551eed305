// The Prometheus text format, written piece by piece.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "contract/contract.hpp"
#include "expose/histogram.hpp"
#include "expose/printed_text.hpp"
#include "expose/view_text.hpp"
#include "store/snapshot.hpp"

namespace hostmeter::expose {

// Renders the chosen families of a snapshot, a buffer at a time: a scrape of 1,000 containers needs
// no more memory than a small one. Families without a value are left out, HELP and TYPE too.
class TextStream {
 public:
  static constexpr const char* kContentType = "text/plain; version=0.0.4; charset=utf-8";

  // The snapshot must outlive the stream. now_ns: on the monotonic clock.
  TextStream(const store::Snapshot& snapshot, contract::Shown shown, std::uint64_t now_ns);

  // Fills buffer as far as whole lines (of a histogram: all lines of one) fit and returns the bytes
  // written; 0: all is written. What is longer than the buffer is left out: give it 64 KiB.
  std::size_t fill(std::span<char> buffer);

 private:
  std::size_t fill_own(std::span<char> buffer);
  bool has_value(std::size_t family) const;
  bool next_family();
  std::size_t size(const MetricDesc&, const store::Line&) const;  // at most
  char* write(char* out, const MetricDesc&, const store::Line&) const;

  const store::Snapshot& snapshot_;
  std::vector<std::size_t> families_;
  std::uint64_t now_ns_;
  std::size_t family_ = 0;  // in families_
  std::size_t line_ = 0;    // in that family
  std::string header_;      // of that family; empty once written
  Histogram histogram_;     // of that family, where it is one
  bool started_ = false;
  ViewText view_;        // comes behind them
  PrintedText printed_;  // comes last
};

// "# HELP …\n# TYPE …\n"
std::string header(const MetricDesc& metric);

}  // namespace hostmeter::expose
