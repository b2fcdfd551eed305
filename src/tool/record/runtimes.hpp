// The part of a recording that names containers: what of the files of runtimes our readers use.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "source/runtime/state_form.hpp"
#include "tool/record/writer.hpp"

namespace hostmeter::tool {

// The same file with ids, names and images only. Environments, arguments, mounts, and the labels
// and annotations that users write, which may hold a secret, are not in it. EBADMSG, EFBIG: it is
// damaged, and then nothing of it is known to be harmless.
Result<std::string> reduced(source::runtime::StateKind, std::string_view content);

void record_runtimes(const Sources&, std::span<const source::runtime::StateForm>, Writer&);

}  // namespace hostmeter::tool
