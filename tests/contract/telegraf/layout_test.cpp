#include "contract/telegraf/layout.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

struct Fixture {
  std::shared_ptr<Names> names = std::make_shared<Names>();
  std::vector<std::shared_ptr<Item>> items;
  std::shared_ptr<const store::ViewLayout> layout;
  std::set<std::string, std::less<>> taken;
  std::size_t size = 0, left_out = 0;
  std::string left_out_of;

  // One point of one thing: fields of these families.
  Item& add(const char* labels, std::vector<std::string> families, bool is_printed = false,
            MetricType type = MetricType::gauge) {
    auto item = std::make_shared<Item>();
    item->is_printed = is_printed;
    for (const std::string& family : families) {
      const std::uint32_t name =
          names->of(family, type, type == MetricType::gauge ? "Help." : "Other.");
      item->fields.push_back({name, name, {}});
    }
    item->points.push_back({store::LabelText::make(labels), 0, std::uint32_t(families.size())});
    items.push_back(item);
    return *item;
  }
  // name labels value-index
  std::vector<std::string> lines() {
    Assembled made = assembled(items, names, taken);
    layout = made.layout;
    size = made.values;
    left_out = made.left_out;
    left_out_of = made.left_out_of;
    std::vector<std::string> all;
    for (const store::ViewFamily& family : layout->families)
      for (const store::ViewLine& line : family.lines)
        all.push_back(std::string(line.name->view()) + std::string(line.labels->view()) +
                      std::to_string(line.value));
    return all;
  }
};
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("families are sorted, and their lines by labels, each with a value of its own") {
  Fixture f;
  f.add("{a=\"2\"} ", {"z", "b"});
  f.add("{a=\"1\"} ", {"b"});
  CHECK(f.lines() == Texts{"b{a=\"1\"} 2", "b{a=\"2\"} 1", "z{a=\"2\"} 0"});
  CHECK(f.size == 3);
  CHECK(f.items[1]->first_value == 2);
  CHECK(f.layout->families[0].help == "Help.");
}

TEST_CASE("of two lines that are the same the later stands, and one that is gone does not") {
  Fixture f;
  f.add(" ", {"m"});
  f.add(" ", {"m"});
  CHECK(f.lines() == Texts{"m 1"});
  f.items[1]->is_gone = true;
  CHECK(f.lines() == Texts{"m 0"});
  f.items[0]->is_gone = true;
  CHECK(f.lines().size() == 1);
}

TEST_CASE("what is printed keeps its order, and of the same the first stands") {
  Fixture f;
  f.add("{le=\"2\"} ", {"t"}, true);
  f.add("{le=\"10\"} ", {"t"}, true);
  f.add("{le=\"2\"} ", {"t"}, true);
  CHECK(f.lines() == Texts{"t{le=\"2\"} 0", "t{le=\"10\"} 1"});
  f.items[0]->is_gone = true;
  CHECK(f.lines() == Texts{"t{le=\"10\"} 1", "t{le=\"2\"} 2"});
}

TEST_CASE("what another input has stands before what is printed") {
  Fixture f;
  f.add(" ", {"mem_total"}, true);
  f.add("{a=\"1\"} ", {"mem_total"}, true);
  f.add(" ", {"mem_free", "mem_total"});
  CHECK(f.lines() == Texts{"mem_free 2", "mem_total 3", "mem_total{a=\"1\"} 1"});
}

TEST_CASE("a sample is there once, of whatever family it is") {
  Fixture f;
  f.add(" ", {"t"}, true);
  const std::uint32_t sample = f.names->of("t_count", MetricType::histogram, {});
  f.items[0]->fields[0].sample = sample;
  f.add(" ", {"t_count"}, true);
  CHECK(f.lines() == Texts{"t_count 0"});
}

TEST_CASE("families of names that are taken are left out, and told") {
  Fixture f;
  f.taken = {"up", "t_count"};
  f.add(" ", {"m", "up"}, true);
  f.add("{a=\"1\"} ", {"up"}, true);
  CHECK(f.lines() == Texts{"m 0"});
  CHECK(f.left_out == 2);
  CHECK(f.left_out_of == "up");
  f.items[1]->fields[0] = {f.names->of("t", MetricType::summary, {}),
                           f.names->of("t_count", MetricType::summary, {}),
                           {}};
  f.taken.erase("up");
  CHECK(f.lines() == Texts{"m 0", "up 1"});
  CHECK(f.left_out_of == "t");
}

TEST_CASE("a family is of the type that what is there has") {
  Fixture f;
  f.add("{a=\"1\"} ", {"m"}, true).is_gone = true;
  f.add("{a=\"2\"} ", {"m"}, true, MetricType::counter);
  CHECK(f.lines() == Texts{"m{a=\"2\"} 1", "m{a=\"1\"} 0"});
  REQUIRE(f.layout->families.size() == 1);
  CHECK(f.layout->families[0].type == MetricType::counter);
  CHECK(f.layout->families[0].help == "Other.");
  f.items[0]->is_gone = false;
  f.lines();
  CHECK(f.layout->families[0].type == MetricType::gauge);
}

TEST_CASE("a layout keeps the texts that its lines show") {
  Fixture f;
  f.add("{a=\"1\"} ", {"m"});
  f.lines();
  f.items.clear();
  f.names.reset();
  CHECK(f.layout->families[0].lines[0].labels->view() == "{a=\"1\"} ");
  CHECK(f.layout->families[0].lines[0].name->view() == "m");
}
