#include "expose/users.hpp"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>

#include "hostmeter/base/text.hpp"

namespace hostmeter::expose {
namespace {

constexpr std::size_t kLongestHeader = 1'024, kMostUsers = 1'000, kLongestFile = 1U << 20;
constexpr std::uint64_t kGuessNs = 500'000'000;  // a guess more each
constexpr std::uint64_t kMostGuesses = 8;        // in a row

// What makes guessing slow. Others, of MD5 or SHA-1, are guessed by the million in a second.
bool is_slow_hash(std::string_view hash) {
  constexpr std::string_view kSlow[] = {"$2a$", "$2b$", "$2y$", "$y$", "$gy$", "$7$", "$5$", "$6$"};
  return std::ranges::any_of(kSlow, [&](std::string_view each) { return hash.starts_with(each); });
}

// NAME:PASSWORD of "Basic BASE64".
std::optional<std::string> decode(std::string_view header) {
  constexpr std::string_view kScheme = "basic ";
  if (header.size() > kLongestHeader || header.size() < kScheme.size()) return {};
  const auto same = [](char one, char other) { return (one | 0x20) == (other | 0x20); };
  if (!std::equal(kScheme.begin(), kScheme.end(), header.begin(), same)) return {};
  const std::string_view code = Text::trim(header.substr(kScheme.size()));
  if (code.empty() || code.size() % 4 != 0) return {};
  std::string plain(code.size() / 4 * 3, '\0');
  const int size =
      ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(plain.data()),
                        reinterpret_cast<const unsigned char*>(code.data()), int(code.size()));
  if (size < 0) return {};
  plain.resize(std::size_t(size) - std::size_t(code.ends_with("==") ? 2 : code.ends_with('=')));
  return plain;
}

bool is_right(const std::string& password, const std::string& hash) {
  const auto memory = std::make_unique<crypt_data>();
  // Not crypt_r(), which sanitizers take the place of, and then libcrypt is not linked.
  const char* const made =
      ::crypt_rn(password.c_str(), hash.c_str(), memory.get(), int(sizeof *memory));
  const std::string_view wanted = hash;
  const bool right = made && std::string_view(made).size() == wanted.size() &&
                     ::CRYPTO_memcmp(made, wanted.data(), wanted.size()) == 0;
  ::OPENSSL_cleanse(memory.get(), sizeof *memory);
  return right;
}

}  // namespace

Users::Users(Options options, const Clock& clock, Complain complain)
    : options_(std::move(options)), clock_(clock), complain_(std::move(complain)) {
  // Without it a digest would only be faster to guess than the hash, were our memory read.
  [[maybe_unused]] const ssize_t got = ::getrandom(salt_.data(), salt_.size(), 0);
}

std::optional<std::string> Users::load() {
  const std::scoped_lock lock(mutex_);
  return load_locked();
}

std::optional<std::string> Users::load_locked() {
  if (options_.file.empty()) return {};
  seen_ = base::stamp_of(options_.file);
  std::ifstream in(options_.file, std::ios::binary);
  if (!in)
    return options_.file + ": cannot be read; give a readable file as `htpasswd -B` writes it";
  std::string text(kLongestFile + 1, '\0');
  in.read(text.data(), std::streamsize(text.size()));
  text.resize(std::size_t(in.gcount()));
  Hashes hashes;
  std::size_t number = 0;
  for (Text lines(text); !lines.empty();) {
    const std::string_view line = Text::trim(lines.line().rest());
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = line.find(':');
    const std::string where = options_.file + ':' + std::to_string(number) + ": ";
    if (colon == 0 || colon == std::string_view::npos)
      return where + "no user; write NAME:HASH, as `htpasswd -B` does";
    if (!is_slow_hash(line.substr(colon + 1)))
      return where + "the hash is of a kind that is guessed too fast; make one with `htpasswd -B`";
    hashes.emplace_back(line.substr(0, colon), line.substr(colon + 1));
  }
  if (hashes.empty()) return options_.file + ": no user in it; add one with `htpasswd -B`";
  if (hashes.size() > kMostUsers || text.size() > kLongestFile)
    return options_.file + ": more than 1000 users or 1 MiB; remove some";
  hashes_ = std::move(hashes);
  known_.clear();
  return {};
}

// Names are not told apart by the time an answer takes: a hash is made for those that are unknown
// as well.
Users::Verdict Users::check(std::string_view header) {
  const auto plain = decode(header);
  if (!plain) return Verdict::unknown;
  const std::size_t colon = plain->find(':');
  if (colon == std::string::npos) return Verdict::unknown;
  const std::string name = plain->substr(0, colon), password = plain->substr(colon + 1);
  const Digest given = digest(name, password);
  std::string hash;
  bool is_user = false;
  {
    const std::scoped_lock lock(mutex_);
    if (!options_.file.empty() && base::stamp_of(options_.file) != seen_)
      if (const auto wrong = load_locked()) complain_(*wrong + "; what was in it stays in force");
    if (is_known(given)) return Verdict::welcome;
    if (hashes_.empty()) return Verdict::unknown;
    if (!may_guess()) return Verdict::too_many_guesses;
    const auto user = std::ranges::find(hashes_, name, &Hashes::value_type::first);
    is_user = user != hashes_.end();
    hash = is_user ? user->second : hashes_.front().second;
  }
  const std::scoped_lock hashing(hashing_);
  if (!is_right(password, hash) || !is_user) return Verdict::unknown;
  const std::scoped_lock lock(mutex_);
  // Unless the file has changed meanwhile.
  if (std::ranges::find(hashes_, std::pair(name, hash)) != hashes_.end() && !is_known(given))
    known_.push_back(given);
  return Verdict::welcome;
}

Users::Digest Users::digest(std::string_view name, std::string_view password) const {
  const std::string both =
      std::to_string(name.size()) + ':' + std::string(name) + std::string(password);
  Digest made{};
  unsigned size = unsigned(made.size());
  ::HMAC(::EVP_sha256(), salt_.data(), int(salt_.size()),
         reinterpret_cast<const unsigned char*>(both.data()), both.size(), made.data(), &size);
  return made;
}

bool Users::is_known(const Digest& given) const {
  const auto same = [&](const Digest& other) {
    return ::CRYPTO_memcmp(other.data(), given.data(), given.size()) == 0;
  };
  if (!options_.name.empty() && same(digest(options_.name, options_.password))) return true;
  return std::ranges::any_of(known_, same);
}

bool Users::may_guess() {
  const std::uint64_t now_ns = clock_.monotonic_ns();
  const std::uint64_t full_at_ns = std::max(full_at_ns_, now_ns) + kGuessNs;
  if (full_at_ns > now_ns + kMostGuesses * kGuessNs) return false;
  full_at_ns_ = full_at_ns;
  return true;
}

}  // namespace hostmeter::expose
