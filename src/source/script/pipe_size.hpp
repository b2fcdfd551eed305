// How much a pipe holds into which a run prints.
#pragma once
#include <cstddef>
#include <string_view>

namespace hostmeter::source::script {

inline constexpr std::size_t kUsualPipe = 64U << 10;  // bytes

// In bytes, a power of two: a whole output of the usual bound, so that nobody need read it before
// the run is over. Never more than one pipe may have, and with that many runs at once no more than
// a quarter of what all pipes of one user may: root's in containers are of the same user, and get
// hardly any beyond that. Of the texts of pipe-max-size and pipe-user-pages-soft (0: no bound).
std::size_t pipe_bytes(std::string_view max_size, std::string_view user_pages,
                       std::size_t page_bytes, unsigned runs);

}  // namespace hostmeter::source::script
