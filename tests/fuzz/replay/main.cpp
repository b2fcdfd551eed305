// Runs a fuzz target over its corpus and over simple damage to it, the same at every run.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

// Of each kind; fewer of a long file, so that each takes about as long.
constexpr std::size_t kMostDamages = 256, kLeastDamages = 32, kDamagedBytes = 200'000;

// In an allocation of exactly its size, so that a sanitizer sees a read past the end.
void run(const Bytes& input) {
  const Bytes exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void run_damaged(const Bytes& input) {
  const std::size_t damages =
      std::clamp(kDamagedBytes / (input.size() + 1), kLeastDamages, kMostDamages);
  const std::size_t step = std::max<std::size_t>(1, input.size() / damages);
  for (std::size_t at = 0; at < input.size(); at += step) {
    run(Bytes(input.begin(), input.begin() + std::ptrdiff_t(at)));
    for (const char byte : {'\0', '\t', '\n', ' ', '-', '9', '\x80', '\xff'}) {
      Bytes flipped = input;
      flipped[at] = static_cast<std::uint8_t>(byte);
      run(flipped);
    }
    Bytes doubled = input;
    doubled.insert(doubled.begin() + std::ptrdiff_t(at), input.begin() + std::ptrdiff_t(at),
                   input.begin() + std::ptrdiff_t(std::min(at + step + 20, input.size())));
    run(doubled);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: replay CORPUS_FOLDER\n");
    return 2;
  }
  run({});
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    const Bytes input{std::istreambuf_iterator<char>(file), {}};
    run(input);
    run_damaged(input);
    ++files;
  }
  std::printf("%zu files of %s\n", files, argv[1]);
  if (files == 0) std::fprintf(stderr, "an empty corpus proves nothing\n");
  return files == 0 ? 1 : 0;
}
