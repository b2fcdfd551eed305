#include "source/runtime/engine_disk.hpp"

#include <cerrno>
#include <utility>

namespace hostmeter::source::runtime {
namespace {

constexpr std::uint64_t kLongestNs = 300'000'000'000;

}  // namespace

Result<bool> EngineDisk::follow(Output& out, EngineClient& client, std::uint64_t now_ns) {
  if (options_.interval_ns == 0) return false;
  if (!asked_) {
    if (now_ns < due_ns_) return false;
    auto asked = client.ask_disk_usage();
    due_ns_ = now_ns + options_.interval_ns;
    asked_ns_ = now_ns;
    if (!asked) return asked.error();
    asked_ = std::move(*asked);
  }
  const auto whole = asked_->wait(kLongestDiskUsage, now_ns);
  if (!whole && whole.error().code == ETIMEDOUT && now_ns - asked_ns_ < kLongestNs) return false;
  due_ns_ = now_ns + options_.interval_ns;
  usage_ = {};
  const auto taken = take(whole);
  show(out);
  return taken;
}

Result<bool> EngineDisk::take(const Result<bool>& whole) {
  Asked asked = std::move(*asked_);
  asked_.reset();
  if (!whole) return whole.error();
  const Answer answer = asked.take();
  if (answer.status != 200) return Error{ENOTSUP, "ask for disk usage"};
  auto usage = parse_disk_usage(answer.body);
  if (!usage) return usage.error();
  usage_ = std::move(*usage);
  return true;
}

// What is no more is absent, and all of it when there was no answer.
void EngineDisk::show(Output& out) {
  if (options_.images) show_images(out);
  if (options_.volumes) show_volumes(out);
  left_out_ += usage_.left_out;
  usage_.by_image = {};
  usage_.by_volume = {};
  resend(out);
}

void EngineDisk::show_images(Output& out) {
  shown_images_.clear();
  images_.begin();
  for (const DiskUsage::Image& image : usage_.by_image) {
    Facts<ImageDisk> facts;
    facts.set(ImageDisk::bytes, image.bytes);
    facts.set(ImageDisk::shared_bytes, image.shared_bytes);
    shown_images_.push_back({images_.get(out, to_string(runtime_), image.id, image.name), facts});
  }
  images_.end(out);
}

void EngineDisk::show_volumes(Output& out) {
  shown_volumes_.clear();
  volumes_.begin();
  for (const DiskUsage::Volume& volume : usage_.by_volume) {
    Facts<VolumeDisk> facts;
    facts.set(VolumeDisk::bytes, volume.bytes);
    shown_volumes_.push_back({volumes_.get(out, to_string(runtime_), volume.name), facts});
  }
  volumes_.end(out);
}

void EngineDisk::resend(Output& out) const {
  for (const auto& shown : shown_images_) out.send(kHost, shown.facts, shown.instance);
  for (const auto& shown : shown_volumes_) out.send(kHost, shown.facts, shown.instance);
}

}  // namespace hostmeter::source::runtime
