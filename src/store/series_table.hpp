// All series of this host: who they are, and their values of the tick under way.
#pragma once
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "hostmeter/metric/sink.hpp"
#include "store/snapshot.hpp"

namespace hostmeter::store {

// Lives on the pump thread. Text is made when a series is bound; a tick copies the values that
// changed since its snapshot was last filled. What snapshots still point to is kept until no reader
// holds one that old.
class SeriesTable final : public SeriesSink {
 public:
  struct Options {
    std::size_t max_series = 500'000;
    std::vector<std::pair<std::string, std::string>> labels;  // added to every series
  };

  SeriesTable(std::vector<Family> families, Options options);
  ~SeriesTable() override;

  // The labels that a container's series begin with, `{id="…"`, and whether these are shown. Those
  // it has by now take on what is new by refresh(), each of them before the next copy_to().
  void set_owner(std::uint32_t slot, std::string_view labels, bool shown = true);
  void refresh(SeriesId);
  // Once it has no series.
  void drop_owner(std::uint32_t slot);

  SeriesId bind(const MetricDesc&, std::uint32_t owner,
                std::span<const std::string_view> values) override;
  void unbind(SeriesId) override;
  // For a metric whose labels differ from series to series: they are given as they are written.
  SeriesId bind_text(const MetricDesc&, std::uint32_t owner, std::string_view labels);

  // Makes a snapshot of what the series are now, from whichever of this table's it was before.
  void copy_to(Snapshot& snapshot);

  // Frees what only snapshots older than this sequence can refer to.
  void reclaim(std::uint64_t oldest_in_use);

  const std::vector<Family>& families() const { return families_; }
  // Whether so many more may be bound. Some are kept for what those that are shown get later.
  bool has_room(std::size_t more) const {
    return bound_ + more + options_.max_series / kKeptShare <= options_.max_series;
  }
  std::size_t size() const { return bound_; }         // a histogram counts as its lines
  std::uint64_t refused() const { return refused_; }  // binds beyond max_series

 private:
  using Lines = std::vector<Line>;
  static constexpr std::size_t kKeptShare = 20;
  static constexpr std::uint32_t kHidden = ~0U;
  struct Series {
    std::uint32_t family = 0;
    std::uint32_t position = kHidden;  // in the family's lines
    std::uint32_t owner = kNoOwner;
    LabelText::Owned rest;  // none: the shared one
  };
  struct Owner {
    LabelText::Owned text;  // `{id="…"`
    std::uint32_t series = 0;
    bool shown = true;
  };
  struct FamilyLines {
    Lines working;
    std::unique_ptr<const Lines> published;
    std::uint64_t since = 0;  // sequence of the first snapshot with what is published
    bool changed = true;
  };
  struct Retired {
    std::uint64_t last_use;  // sequence of the last snapshot that may point to it
    LabelText::Owned text;
    std::unique_ptr<const Lines> lines;
  };

  std::uint32_t family_of(const MetricDesc&) const;
  std::string own_labels(const MetricDesc&, std::span<const std::string_view> values) const;
  void set_rest(Series&, std::string_view own);
  void show(SeriesId);
  void hide(SeriesId);
  SeriesId take_ids(std::size_t count);
  void copy_values(Snapshot& snapshot) const;

  const std::vector<Family> families_;
  const Options options_;
  std::string global_labels_;
  std::vector<std::pair<const MetricDesc*, std::uint32_t>> family_by_metric_;  // sorted
  std::vector<FamilyLines> lines_;
  std::vector<Series> series_;               // by the first id of each
  std::vector<std::vector<SeriesId>> free_;  // first ids, by how many follow each other
  std::vector<Owner> owners_;                // by slot
  LabelText::Owned brace_, nothing_, rest_, only_global_;  // shared: `{`, ``, `} `, …
  std::deque<Retired> retired_;
  std::size_t bound_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t sequence_ = 0;  // of the last snapshot made
};

}  // namespace hostmeter::store
