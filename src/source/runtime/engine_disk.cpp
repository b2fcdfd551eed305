#include "source/runtime/engine_disk.hpp"

#include <utility>

namespace hostmeter::source::runtime {

Result<bool> EngineDisk::follow(Output& out, EngineClient& client, std::uint64_t now_ns) {
  if (options_.interval_ns == 0) return false;
  if (question_.is_due(now_ns))
    if (const auto failure = question_.ask(client.ask_disk_usage(), now_ns)) return *failure;
  const auto body = question_.answer(now_ns);
  if (!body) return false;
  if (!*body) return body->error();
  auto usage = parse_disk_usage(**body);
  if (!usage) return usage.error();
  question_.taken(now_ns);
  usage_ = std::move(*usage);
  has_usage_ = true;
  show(out);
  return true;
}

bool EngineDisk::pass_time(Output& out, std::uint64_t now_ns) {
  if (!has_usage_ || !question_.is_stale(now_ns)) return false;
  has_usage_ = false;
  usage_ = {};
  show(out);
  return true;
}

// What is no more is absent.
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
