#include "source/runtime/engine_files.hpp"

#include <cerrno>
#include <map>
#include <string>

#include "source/runtime/bounded.hpp"
#include "source/runtime/json_strings.hpp"
#include "source/runtime/kubernetes_names.hpp"

namespace hostmeter::source::runtime {
namespace {

using Strings = std::map<std::string, std::string, std::less<>>;

struct Stored {
  Description description;
  bool is_of_crio = false;
};

void take_metadata(std::string_view metadata, Stored& into) {
  (void)each_string(metadata, [&](auto keys, std::string_view value) {
    if (keys.size() != 1) return;
    if (keys[0] == "image-name" && !value.empty()) into.description.image = cut_name(value);
    if (keys[0] == "pod-id") into.is_of_crio = true;
  });  // damaged metadata costs the image's name, not the container's
}

}  // namespace

Result<Description> describe_docker_config(std::string_view text) {
  Description made;
  made.runtime = Runtime::docker;
  std::string image_id;
  Strings labels;
  const auto take_top = [&](std::string_view key, std::string_view value) {
    if (key == "ID") made.container_id = cut_name(value);
    if (key == "Name") made.name = cut_name(value.substr(value.starts_with('/')));
    if (key == "Image") image_id = cut_name(value);
  };
  const auto whole = each_string(text, [&](auto keys, std::string_view value) {
    if (keys.size() == 1) take_top(keys[0], value);
    if (keys.size() < 2 || keys[0] != "Config") return;
    if (keys.size() == 2 && keys[1] == "Image") made.image = cut_name(value);
    if (keys.size() == 3 && keys[1] == "Labels") labels[keys[2]] = value;
  });
  if (!whole) return whole.error();
  if (made.container_id.empty()) return Error{EBADMSG, "Docker's container file"};
  if (made.image.empty()) made.image = std::move(image_id);
  take_kubernetes_names(labels, made);
  set_labels(made, labels);
  return made;
}

Result<std::vector<Description>> describe_podman_containers(std::string_view text) {
  std::map<std::string, Stored, std::less<>> all;
  const auto whole = each_string(text, [&](auto keys, std::string_view value) {
    if (keys.size() < 2) return;
    Stored& one = all[keys[0]];
    one.description.runtime = Runtime::podman;
    if (keys.size() == 2 && keys[1] == "id") one.description.container_id = cut_name(value);
    if (keys.size() == 3 && keys[1] == "names" && keys[2] == "0")
      one.description.name = cut_name(value);
    if (keys.size() == 2 && keys[1] == "image" && one.description.image.empty())
      one.description.image = cut_name(value);
    if (keys.size() == 2 && keys[1] == "metadata") take_metadata(value, one);
  });
  if (!whole) return whole.error();
  std::vector<Description> podmans;
  for (auto& [index, one] : all)
    if (!one.description.container_id.empty() && !one.is_of_crio)
      podmans.push_back(std::move(one.description));
  return podmans;
}

}  // namespace hostmeter::source::runtime
