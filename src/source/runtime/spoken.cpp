#include "source/runtime/spoken.hpp"

#include <algorithm>

namespace hostmeter::source::runtime {
namespace {

void keep_agreed(std::string& text, const std::string& other) {
  if (text != other) text.clear();
}

Description agreed(const std::map<std::pair<std::size_t, std::string>, Description>& said) {
  Description made = said.begin()->second;
  for (const auto& [file, other] : said) {
    if (other == made) continue;
    for (std::string Description::*text :
         {&Description::name, &Description::image, &Description::pod_namespace, &Description::pod,
          &Description::pod_uid, &Description::pod_container})
      keep_agreed(made.*text, other.*text);
    if (made.labels != other.labels) made.labels.clear();
    made.is_sandbox = made.is_sandbox && other.is_sandbox;
  }
  return made;
}

}  // namespace

bool Spoken::says(const File& file, std::vector<Description> now, Output& out) {
  std::vector<Key> keys;
  bool told = false;
  for (Description& description : now) {
    Key key{description.runtime, description.container_id};
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    const auto [at, is_new] = containers_.try_emplace(key);
    at->second.said.insert_or_assign(file, std::move(description));
    told = tell(at, is_new, out) || told;
    keys.push_back(std::move(key));
  }
  const auto before = files_.find(file);
  if (before != files_.end()) {
    for (const Key& key : before->second) {
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      const auto at = containers_.find(key);
      at->second.said.erase(file);
      told = tell(at, false, out) || told;
    }
  }
  if (!keys.empty())
    files_.insert_or_assign(file, std::move(keys));
  else if (before != files_.end())
    files_.erase(before);
  return told;
}

void Spoken::forget(std::size_t pattern) {
  std::erase_if(files_, [&](const auto& file) { return file.first.first == pattern; });
  for (auto at = containers_.begin(); at != containers_.end();) {
    std::erase_if(at->second.said, [&](const auto& said) { return said.first.first == pattern; });
    at = at->second.said.empty() ? containers_.erase(at) : std::next(at);
  }
}

bool Spoken::tell(std::map<Key, Container>::iterator at, bool is_new, Output& out) {
  if (at->second.said.empty()) {
    out.send(NewsItem(Undescribed{at->first.first, at->first.second}));
    containers_.erase(at);
    return true;
  }
  Description description = agreed(at->second.said);
  if (!is_new && description == at->second.told) return false;
  at->second.told = description;
  out.send(NewsItem(Described{std::move(description)}));
  return true;
}

}  // namespace hostmeter::source::runtime
