// Files of containerd, CRI-O, Docker and podman: whatever they hold, a description keeps its
// bounds.
#include "source/runtime/oci_config.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "source/runtime/engine_files.hpp"

namespace {

using hostmeter::Description;

void check(const Description& made) {
  for (const std::string* text : {&made.container_id, &made.name, &made.image, &made.pod,
                                  &made.pod_namespace, &made.pod_uid, &made.pod_container})
    if (text->size() > Description::kLongestName) std::abort();
  if (made.container_id.empty()) std::abort();
  if (made.is_sandbox && !made.pod_container.empty()) std::abort();
  if (made.labels.size() > Description::kMostLabels) std::abort();
  for (std::size_t i = 0; i < made.labels.size(); ++i) {
    if (made.labels[i].second.size() > Description::kLongestLabel) std::abort();
    if (i > 0 && made.labels[i - 1].first >= made.labels[i].first) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter::source::runtime;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto made = describe_containerd(text, "id")) check(*made);
  if (const auto made = describe_crio(text, "id"); made && *made) check(**made);
  if (const auto made = describe_docker_config(text)) check(*made);
  if (const auto made = describe_podman_containers(text))
    for (const Description& each : *made) check(each);
  return 0;
}
