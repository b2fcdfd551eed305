#include "source/script/pipe_size.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::script {
namespace {

constexpr std::uint64_t kWanted = 1U << 20, kOfUser = 4;

}  // namespace

std::size_t pipe_bytes(std::string_view max_size, std::string_view user_pages,
                       std::size_t page_bytes, unsigned runs) {
  const auto most = Text::to_number(Text::trim(max_size));
  const auto pages = Text::to_number(Text::trim(user_pages));
  if (!most || !pages) return kUsualPipe;
  const std::uint64_t shares = kOfUser * std::max(runs, 1U);
  std::uint64_t bytes = std::min(kWanted, *most);
  // Of a number of pages that may be any no more than is wanted, which no product exceeds then.
  if (*pages > 0) bytes = std::min(bytes, std::min(*pages, kWanted * shares) * page_bytes / shares);
  return std::max(kUsualPipe, std::size_t(std::bit_floor(bytes)));
}

}  // namespace hostmeter::source::script
