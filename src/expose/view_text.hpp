// Lines that a contract made, on their way out.
#pragma once
#include <cstddef>
#include <string>

#include "store/view.hpp"

namespace hostmeter::expose {

class ViewText {
 public:
  // null: nothing. What is pointed to outlives this.
  explicit ViewText(const store::View* view);

  // Writes whole lines as far as they fit before end, from where the last call stopped, and returns
  // the end of what it wrote. most: what there will ever be room for; longer lines are left out.
  // Families without a value are left out, HELP and TYPE too.
  char* fill(char* out, char* end, std::size_t most);

  bool is_written() const { return !layout_ || family_ == layout_->families.size(); }

 private:
  bool has_value(const store::ViewFamily&) const;
  char* fill_lines(const store::ViewFamily&, char* out, char* end, std::size_t most);

  const store::View* view_;
  const store::ViewLayout* layout_;
  std::size_t family_ = 0, line_ = 0;
  std::string header_;      // of that family, not yet written
  bool has_begun_ = false;  // with that family
};

}  // namespace hostmeter::expose
