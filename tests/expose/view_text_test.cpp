#include "expose/view_text.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "expose/text_stream.hpp"

using namespace hostmeter;

namespace {

struct Fixture {
  store::LabelText::Owned up = store::LabelText::make("up"), bare = store::LabelText::make(" "),
                          bucket = store::LabelText::make("took_bucket"),
                          web = store::LabelText::make(R"({host="web1"} )"),
                          le = store::LabelText::make(R"({le="+Inf"} )");
  store::View view;

  Fixture() {
    auto layout = std::make_shared<store::ViewLayout>();
    layout->families = {
        {"took", "", MetricType::histogram, {{bucket.get(), le.get(), 0}}},
        {"up",
         "Of it.",
         MetricType::unknown,
         {{up.get(), bare.get(), 1}, {up.get(), web.get(), 2}}},
    };
    view.layout = layout;
    view.values = {3, 0.5, 4'294'967'296};
  }
  std::string text(std::size_t piece) const {
    store::Snapshot snapshot;
    expose::TextStream stream(snapshot, {.view = &view}, 0);
    std::vector<char> buffer(piece);
    std::string all;
    while (const std::size_t length = stream.fill(buffer)) all.append(buffer.data(), length);
    return all;
  }
};

}  // namespace

TEST_CASE("families of the run time, with their types and the names of their samples") {
  CHECK(Fixture().text(4096) ==
        "# TYPE took histogram\n"
        "took_bucket{le=\"+Inf\"} 3\n"
        "# HELP up Of it.\n"
        "# TYPE up untyped\n"
        "up 0.5\n"
        "up{host=\"web1\"} 4294967296\n");
}

TEST_CASE("pieces of any size add up to the same text") {
  const Fixture f;
  for (const std::size_t piece : {60U, 64U, 77U, 100U}) {
    CAPTURE(piece);
    CHECK(f.text(piece) == f.text(4096));
  }
}

TEST_CASE("an absent value has no line, and a family without any no header") {
  Fixture f;
  f.view.values[0] = f.view.values[1] = std::nan("");
  CHECK(f.text(4096) == "# HELP up Of it.\n# TYPE up untyped\nup{host=\"web1\"} 4294967296\n");
}

TEST_CASE("what is longer than there will ever be room for is left out") {
  const Fixture f;
  CHECK(f.text(45).find("up 0.5\n") != std::string::npos);
  CHECK(f.text(45).find("web1") == std::string::npos);
}

TEST_CASE("a contract that has made nothing yet shows nothing") {
  const store::View view;
  char out[8];
  expose::ViewText text(&view);
  CHECK(text.is_written());
  CHECK(text.fill(out, out + 8, 8) == out);
}
