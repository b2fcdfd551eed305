// How fast the output of a script is read: the parser alone, and families put together of it.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "parse/families.hpp"
#include "parse/influx.hpp"
#include "parse/measured_families.hpp"

using namespace hostmeter;
using namespace hostmeter::parse;

namespace {

constexpr unsigned kRounds = 15;
constexpr double kLeastMBPerSecond = 200;

// As check_cert.sh prints for many targets.
std::string output() {
  std::string text;
  for (const char* name : {"cert_expiry_seconds", "cert_valid", "cert_chain_length"}) {
    text +=
        std::string("# HELP ") + name + " What openssl said of it.\n# TYPE " + name + " gauge\n";
    for (unsigned i = 0; i < 3'000; ++i)
      text += std::string(name) + "{target=\"host" + std::to_string(i) +
              ".example.com:443\",issuer=\"CN=Example CA, O=Example\",protocol=\"TLSv1.3\"} " +
              std::to_string(7'776'000 + i) + "\n";
  }
  return text;
}

// As scripts for Telegraf print: a few tags and fields a line.
std::string influx_output() {
  std::string text;
  for (unsigned i = 0; i < 3'000; ++i)
    text += "cert,target=host" + std::to_string(i) +
            ".example.com:443,issuer=CN\\=Example\\ CA,protocol=TLSv1.3 expiry_seconds=" +
            std::to_string(7'776'000 + i) + "i,valid=true,chain_length=3i 1465839830100400200\n";
  return text;
}

struct NoMeasurements final : MeasurementSink {
  void on_measurement(std::size_t, const Measurement& one) override { fields += one.fields.size(); }
  void on_bad_line(std::size_t, std::string_view) override { ++bad; }
  std::size_t fields = 0, bad = 0;
};

struct Nobody final : ExpositionSink {
  void on_help(std::size_t, std::string_view, std::string_view) override {}
  void on_type(std::size_t, std::string_view, MetricType) override {}
  void on_unit(std::size_t, std::string_view, std::string_view) override {}
  void on_sample(std::size_t, const Sample& sample) override { sum += sample.value; }
  void on_bad_line(std::size_t, std::string_view) override { ++bad; }
  double sum = 0;
  std::size_t bad = 0;
};

// MB per second of CPU time, the median of the rounds.
template <class Work>
double speed(std::size_t bytes, Work&& work) {
  std::vector<double> speeds;
  for (unsigned i = 0; i < kRounds; ++i) {
    timespec from{}, to{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    work();
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    speeds.push_back(double(bytes) / 1e6 /
                     (double(to.tv_sec - from.tv_sec) + double(to.tv_nsec - from.tv_nsec) / 1e9));
  }
  std::sort(speeds.begin(), speeds.end());
  return speeds[kRounds / 2];
}

}  // namespace

int main() {
  const std::string text = output();
  ExpositionParser parser(Dialect::prometheus);
  Nobody nobody;
  const double parsed = speed(text.size(), [&] { parser.parse(text, nobody); });
  const double built = speed(text.size(), [&] {
    FamilyBuilder builder(Dialect::prometheus, 100'000);
    parser.parse(text, builder);
  });
  if (nobody.bad != 0) return 1;
  const std::string influx = influx_output();
  InfluxParser influx_parser;
  NoMeasurements no_measurements;
  const Naming naming;
  const double influx_parsed =
      speed(influx.size(), [&] { influx_parser.parse(influx, no_measurements); });
  const double influx_built = speed(influx.size(), [&] {
    MeasuredFamilies families(naming, {.series = 100'000});
    influx_parser.parse(influx, families);
  });
  if (no_measurements.bad != 0 || no_measurements.fields != 3 * 3'000 * kRounds) return 1;
  const bool met = parsed >= kLeastMBPerSecond;
  std::printf("parse: %.1f MB of Prometheus text, 9,000 series, CPU time\n",
              double(text.size()) / 1e6);
  std::printf("  parser alone %.0f MB/s, with families put together %.0f MB/s\n", parsed, built);
  std::printf("  influx: %.1f MB, 9,000 fields: parser alone %.0f MB/s, with families %.0f MB/s\n",
              double(influx.size()) / 1e6, influx_parsed, influx_built);
  std::printf("  target for the parser at least %.0f MB/s: %s\n", kLeastMBPerSecond,
              met ? "met" : "MISSED");
  return met ? 0 : 1;
}
